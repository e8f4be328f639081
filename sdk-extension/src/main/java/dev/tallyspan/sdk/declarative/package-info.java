/**
 * Support for declarative (YAML) configuration. No other package refers to this one: its classes
 * need an API that is not stable yet and is missing in most applications.
 */
@NullMarked
package dev.tallyspan.sdk.declarative;

import org.jspecify.annotations.NullMarked;
