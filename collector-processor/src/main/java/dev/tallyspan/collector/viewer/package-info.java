/** Serves the pages of the viewer, and the JSON that they show, over HTTP on a port of its own. */
@NullMarked
package dev.tallyspan.collector.viewer;

import org.jspecify.annotations.NullMarked;
