package dev.tallyspan.collector.edit;

import org.jspecify.annotations.Nullable;

/**
 * Reads a value. It is a String, Long, Double or Boolean, another {@link
 * io.opentelemetry.api.common.Value}, or null for nil.
 */
@FunctionalInterface
interface Expression {

  /**
   * @throws IllegalArgumentException if a function cannot take what it is given
   * @throws IllegalStateException if a regular expression takes too long
   */
  @Nullable Object of(Subject subject);

  /** A value that is the same for all subjects. */
  record Constant(@Nullable Object value) implements Expression {
    @Override
    public @Nullable Object of(Subject subject) {
      return value;
    }
  }
}
