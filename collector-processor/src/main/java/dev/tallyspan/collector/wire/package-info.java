/**
 * Scans and edits OTLP requests as bytes: finds spans and log records, reads attributes on demand,
 * appends and removes attributes, and corrects the enclosing lengths. Never creates objects for
 * what it does not touch. Depends only on the JDK.
 */
@NullMarked
package dev.tallyspan.collector.wire;

import org.jspecify.annotations.NullMarked;
