package dev.tallyspan.collector.spans;

import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.semconv.AttributeView;
import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/** Attributes within the bytes of a request. Valid as long as their item or resource. */
public record WireAttributeView(WireAttributes attributes) implements AttributeView {

  @Override
  public int size() {
    return attributes.size();
  }

  @Override
  public String key(int index) {
    return attributes.key(index);
  }

  @Override
  public @Nullable Value<?> value(int index) {
    return WireValueReader.read(attributes, index);
  }

  @Override
  public @Nullable Value<?> get(String key) {
    int index = attributes.indexOf(key);
    return index < 0 ? null : value(index);
  }
}
