/** The content policy at the border: what of the content leaves through an exporter. */
@NullMarked
package dev.tallyspan.collector.output.policy;

import org.jspecify.annotations.NullMarked;
