package dev.tallyspan.semconv.internal.json;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of an object while it is put together, each name once. */
public final class Members {

  /** Up to here looking through the list takes less than asking a set. */
  private static final int FEW = 16;

  private static final KeyValue[] NONE = {};

  private final List<KeyValue> members = new ArrayList<>(6);
  private @Nullable Set<String> names;

  /** Adds a member at the end; one with the same name goes. */
  public void put(String name, Value<?> value) {
    if (has(name)) {
      members.removeIf(member -> member.getKey().equals(name));
    }
    add(name, value);
  }

  /** Adds a member at the end, unless there is one with this name. */
  public void putIfAbsent(String name, Value<?> value) {
    if (!has(name)) {
      add(name, value);
    }
  }

  public Value<?> toValue() {
    return Value.of(members.toArray(NONE));
  }

  private void add(String name, Value<?> value) {
    members.add(KeyValue.of(name, value));
    if (names != null) {
      names.add(name);
    }
  }

  private boolean has(String name) {
    if (members.size() > FEW && names == null) {
      names = new HashSet<>();
      members.forEach(member -> names.add(member.getKey()));
    }
    if (names != null) {
      return names.contains(name);
    }
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).getKey().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
