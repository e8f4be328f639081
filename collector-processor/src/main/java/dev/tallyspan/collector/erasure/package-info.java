/** Removing a person's telemetry: who is meant, and the port of the places that keep it. */
@NullMarked
package dev.tallyspan.collector.erasure;

import org.jspecify.annotations.NullMarked;
