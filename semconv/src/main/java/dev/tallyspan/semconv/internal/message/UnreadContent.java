package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.internal.json.Json;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Content that is known to be complete and to conform to the schema, and is read on first access.
 */
public final class UnreadContent<T> implements Supplier<T> {

  private final Coercion<? extends T> coercion;
  private final Json text;
  private final SchemaScan.Found found;
  private volatile @Nullable T value;

  public UnreadContent(Coercion<? extends T> coercion, Json text, SchemaScan.Found found) {
    this.coercion = coercion;
    this.text = text;
    this.found = found;
  }

  @Override
  public @Nullable T get() {
    if (value == null) {
      // Through an object of its own, so that what was parsed is not kept as well.
      value = coercion.apply(Json.of(text.value()).unwrap());
    }
    return value;
  }

  /** The text as received. */
  public SchemaScan.Found found() {
    return found;
  }
}
