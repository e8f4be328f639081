package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.api.common.Value;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Content that is known to be complete and to conform to the schema, and is read on first access.
 */
public final class UnreadContent<T> implements Supplier<T> {

  private final Coercion<? extends T> coercion;
  private final Value<?> text;
  private final SchemaScan.Found found;
  private volatile @Nullable T value;

  public UnreadContent(Coercion<? extends T> coercion, Json text, SchemaScan.Found found) {
    this.coercion = coercion;
    this.text = text.value();
    this.found = found;
  }

  @Override
  public @Nullable T get() {
    if (value == null) {
      value = coercion.apply(Json.of(text).unwrap());
    }
    return value;
  }

  /** The text as received. */
  public SchemaScan.Found found() {
    return found;
  }
}
