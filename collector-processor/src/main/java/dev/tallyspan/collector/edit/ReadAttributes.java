package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.wire.WireAttributes;
import io.opentelemetry.api.common.Value;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Attributes that are not edited. */
record ReadAttributes(WireAttributes attributes) implements AttributeSource {

  @Override
  public @Nullable Value<?> get(String key) {
    return ItemFields.attribute(attributes, key);
  }

  @Override
  public Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    for (int i = 0; i < attributes.size(); i++) {
      keys.add(attributes.key(i));
    }
    return keys;
  }
}
