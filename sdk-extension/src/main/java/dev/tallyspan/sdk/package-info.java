/** Enriches LLM spans inside the application, as they end. */
@NullMarked
package dev.tallyspan.sdk;

import org.jspecify.annotations.NullMarked;
