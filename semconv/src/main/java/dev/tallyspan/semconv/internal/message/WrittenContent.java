package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.internal.json.JsonBytes;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Content that was written in the schema's shape without being read: most of it is never asked for.
 * A value that is asked for is what the reader makes of the source.
 */
public sealed class WrittenContent<T> implements Supplier<T> permits WrittenMessages {

  private final JsonBytes json;
  private final Supplier<? extends T> source;
  private volatile @Nullable T value;

  WrittenContent(JsonBytes json, Supplier<? extends T> source) {
    this.json = json;
    this.source = source;
  }

  /** The text that is written of what the reader makes of the source. */
  public final JsonBytes json() {
    return json;
  }

  @Override
  public final T get() {
    T read = value;
    if (read == null) {
      read = source.get();
      value = read;
    }
    return read;
  }
}
