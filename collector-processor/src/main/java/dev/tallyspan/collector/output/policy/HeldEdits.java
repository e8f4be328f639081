package dev.tallyspan.collector.output.policy;

import dev.tallyspan.semconv.AttributeEdits;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Holds edits back until it is known whether they are wanted. Not thread-safe. */
final class HeldEdits implements AttributeEdits {

  private final List<Consumer<AttributeEdits>> held = new ArrayList<>();

  void applyTo(AttributeEdits edits) {
    held.forEach(edit -> edit.accept(edits));
  }

  @Override
  public void set(String key, String value) {
    held.add(edits -> edits.set(key, value));
  }

  @Override
  public void set(String key, long value) {
    held.add(edits -> edits.set(key, value));
  }

  @Override
  public void set(String key, double value) {
    held.add(edits -> edits.set(key, value));
  }

  @Override
  public void set(String key, boolean value) {
    held.add(edits -> edits.set(key, value));
  }

  @Override
  public void set(String key, List<String> values) {
    held.add(edits -> edits.set(key, values));
  }

  @Override
  public void set(String key, Value<?> value) {
    held.add(edits -> edits.set(key, value));
  }

  @Override
  public void remove(String key) {
    held.add(edits -> edits.remove(key));
  }
}
