/** Stores for large parts of content, besides files. */
@NullMarked
package dev.tallyspan.collector.offload;

import org.jspecify.annotations.NullMarked;
