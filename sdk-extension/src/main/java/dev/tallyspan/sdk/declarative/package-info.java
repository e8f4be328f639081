/**
 * The extension in declarative (YAML) configuration. Nothing else refers to this package, whose
 * classes need an API that is not stable yet and is absent from most applications.
 */
@NullMarked
package dev.tallyspan.sdk.declarative;

import org.jspecify.annotations.NullMarked;
