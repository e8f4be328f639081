/**
 * Scans and edits OTLP requests as bytes: finds spans, reads the attributes that somebody asks for,
 * appends and removes attributes, and puts the enclosing lengths right. Never builds objects for
 * what it does not touch. Depends on the JDK alone.
 */
package dev.tallyspan.collector.wire;
