package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.spans.WireAttributeView;
import dev.tallyspan.collector.spans.WireEdits;
import dev.tallyspan.collector.wire.ItemEdits;
import dev.tallyspan.collector.wire.WireAttributes;
import io.opentelemetry.api.common.Value;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a span, span event, log record or resource while actions change them one after
 * another: each action sees what those before it did. Of a key that occurs more than once, the
 * first occurrence counts; an edit removes all. Not thread-safe.
 */
final class EditedAttributes implements AttributeSource {

  private static final Optional<Value<?>> UNCHANGED = Optional.of(Value.empty());

  private final WireAttributes before;
  private final WireAttributeView view;
  private final WireEdits edits;

  /** What actions did, by key; empty = removed. */
  private final Map<String, Optional<Value<?>>> changed = new HashMap<>();

  EditedAttributes(WireAttributes before, ItemEdits edits) {
    this.before = before;
    this.view = new WireAttributeView(before);
    this.edits = new WireEdits(edits);
  }

  @Override
  public @Nullable Value<?> get(String key) {
    Optional<Value<?>> value = changed.get(key);
    if (value != null) {
      return value.orElse(null);
    }
    int index = before.indexOf(key);
    if (index < 0) {
      return null;
    }
    Value<?> read = view.value(index);
    return read == null ? Value.empty() : read;
  }

  void set(String key, Value<?> value) {
    edits.set(key, value);
    changed.put(key, Optional.of(value));
  }

  void remove(String key) {
    if (get(key) != null) {
      edits.remove(key);
      changed.put(key, Optional.empty());
    }
  }

  @Override
  public Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    for (int i = 0; i < before.size(); i++) {
      keys.add(before.key(i));
    }
    keys.addAll(changed.keySet());
    keys.removeIf(key -> changed.getOrDefault(key, UNCHANGED).isEmpty());
    return keys;
  }
}
