/**
 * Decides from the headers of a request who sent it, and provides the headers that prove to a
 * backend who sends.
 */
@NullMarked
package dev.tallyspan.collector.auth;

import org.jspecify.annotations.NullMarked;
