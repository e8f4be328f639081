/**
 * Makes cases for evaluations out of recorded traces, and writes them in the formats of evaluation
 * tools. Reads facts as the viewer keeps them; knows no protobuf.
 */
@NullMarked
package dev.tallyspan.collector.output.dataset;

import org.jspecify.annotations.NullMarked;
