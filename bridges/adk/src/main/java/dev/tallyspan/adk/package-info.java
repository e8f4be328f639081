/**
 * Adds to the spans of Google's Agent Development Kit for Java what they lack. Start with {@link
 * dev.tallyspan.adk.TallyspanAdk}.
 */
@NullMarked
package dev.tallyspan.adk;

import org.jspecify.annotations.NullMarked;
