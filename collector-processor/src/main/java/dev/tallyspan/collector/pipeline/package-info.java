/** Takes requests from a receiver through processors to outputs. */
@NullMarked
package dev.tallyspan.collector.pipeline;

import org.jspecify.annotations.NullMarked;
