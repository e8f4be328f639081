package dev.tallyspan.collector.output.recent;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.content.ContentBudget;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.content.Edited;
import dev.tallyspan.semconv.content.PolicyReport;
import io.opentelemetry.api.common.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What of one span may be kept, by a content policy. Without a policy, everything is. */
final class KeptContent {

  private final @Nullable ContentPolicy policy;
  private final @Nullable ContentBudget budget;

  // The keys of the contents, as texts and values have them, that were changed.
  private final Set<String> changedKeys = new TreeSet<>();
  private boolean changed;

  KeptContent(@Nullable ContentPolicy policy) {
    this.policy = policy;
    budget = policy == null ? null : policy.spanBudget();
  }

  /** Whether something was removed or changed. */
  boolean changed() {
    return changed;
  }

  /** The keys of the texts and values that were removed or changed; attributes are not told. */
  Set<String> changedKeys() {
    return changedKeys;
  }

  /** The mode of the policy. */
  ContentMode mode() {
    return policy == null ? ContentMode.FULL : policy.mode();
  }

  /** Returns the attributes that may be kept, in their order; of a repeated key, the first. */
  Map<String, Value<?>> attributes(AttributeView attributes) {
    Map<String, Value<?>> kept = new LinkedHashMap<>();
    for (int i = 0; i < attributes.size(); i++) {
      Value<?> value = attributes.value(i);
      if (value != null) {
        kept.putIfAbsent(attributes.key(i), value);
      }
    }
    if (policy != null && budget != null) {
      note(policy.apply(attributes, new MapEdits(kept), budget));
    }
    return kept;
  }

  /** Returns the text that may be kept; empty if none may. */
  String text(String key, String text) {
    if (policy == null || text.isEmpty()) {
      return text;
    }
    Edited<String> edited = policy.text(key, text);
    note(key, edited.report());
    return edited.value() == null ? "" : edited.value();
  }

  /** Returns the value that may be kept; null if none may. */
  @Nullable Value<?> value(String key, @Nullable Value<?> value) {
    if (policy == null || value == null) {
      return value;
    }
    Edited<Value<?>> edited = policy.value(key, value);
    note(key, edited.report());
    return edited.value();
  }

  private void note(String key, PolicyReport report) {
    if (!report.isEmpty()) {
      changedKeys.add(key);
    }
    note(report);
  }

  private void note(PolicyReport report) {
    changed |= !report.isEmpty();
  }

  private record MapEdits(Map<String, Value<?>> attributes) implements AttributeEdits {
    @Override
    public void set(String key, String value) {
      attributes.put(key, Value.of(value));
    }

    @Override
    public void set(String key, long value) {
      attributes.put(key, Value.of(value));
    }

    @Override
    public void set(String key, double value) {
      attributes.put(key, Value.of(value));
    }

    @Override
    public void set(String key, boolean value) {
      attributes.put(key, Value.of(value));
    }

    @Override
    public void set(String key, List<String> values) {
      attributes.put(key, Value.of(values.stream().<Value<?>>map(Value::of).toList()));
    }

    @Override
    public void set(String key, Value<?> value) {
      attributes.put(key, value);
    }

    @Override
    public void remove(String key) {
      attributes.remove(key);
    }
  }
}
