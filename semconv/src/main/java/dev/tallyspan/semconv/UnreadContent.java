package dev.tallyspan.semconv;

import java.util.function.Supplier;

/** Content that is known to be whole and in the schema's shape, and is read if it is asked for. */
final class UnreadContent<T> implements Supplier<T> {

  private final Coercion<? extends T> coercion;
  private final Json text;
  private final SchemaScan.Found found;
  private volatile T value;

  UnreadContent(Coercion<? extends T> coercion, Json text, SchemaScan.Found found) {
    this.coercion = coercion;
    this.text = text;
    this.found = found;
  }

  @Override
  public T get() {
    if (value == null) {
      value = coercion.apply(text.unwrap());
    }
    return value;
  }

  /** The text as it came. */
  SchemaScan.Found found() {
    return found;
  }
}
