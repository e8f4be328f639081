package dev.tallyspan.api;

import dev.tallyspan.semconv.AttributeEdits;
import io.opentelemetry.api.common.Value;
import java.util.List;

/** Writes nothing, for a cost that is only asked for. */
enum NoEdits implements AttributeEdits {
  INSTANCE;

  @Override
  public void set(String key, String value) {}

  @Override
  public void set(String key, long value) {}

  @Override
  public void set(String key, double value) {}

  @Override
  public void set(String key, boolean value) {}

  @Override
  public void set(String key, List<String> values) {}

  @Override
  public void set(String key, Value<?> value) {}

  @Override
  public void remove(String key) {}
}
