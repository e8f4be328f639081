package dev.tallyspan.semconv.internal.json;

import io.opentelemetry.api.common.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON text of which only those values are made that are asked for, each once. If two threads ask
 * at the same time, each may get its own, and both are equal.
 */
final class JsonDocument {

  private final FlatJson flat;
  private final @Nullable Json[] values;

  JsonDocument(FlatJson flat) {
    this.flat = flat;
    values = new Json[flat.next(0)];
  }

  /** The value at this position; absent if it is null. */
  Json at(int position) {
    Json known = values[position];
    if (known == null) {
      known = flat.isNull(position) ? Json.ABSENT : Json.of(this, position);
      values[position] = known;
    }
    return known;
  }

  /** The member of the object at this position; absent if there is none, or it is null. */
  Json member(int object, String name) {
    int found = flat.get(object, name);
    return found < 0 ? Json.ABSENT : at(found);
  }

  /** The position of an element of the array at this position; -1 if it is shorter. */
  int element(int array, int index) {
    int at = array + 1;
    for (int i = 0; i < index && at < flat.next(array); i++) {
      at = flat.next(at);
    }
    return at < flat.next(array) ? at : -1;
  }

  /** The number of elements of an array. */
  int elements(int array) {
    int count = 0;
    for (int i = array + 1; i < flat.next(array); i = flat.next(i)) {
      count++;
    }
    return count;
  }

  /** The members of the object, in order. */
  Map<String, Json> entries(int object) {
    if (flat.isEmpty(object)) {
      return Map.of();
    }
    Map<String, Json> entries = new LinkedHashMap<>();
    for (int i = object + 1; i < flat.next(object); i = flat.next(i + 1)) {
      entries.put(flat.string(i), at(i + 1));
    }
    return entries;
  }

  /** Whether a member of the object has one of these names. */
  boolean hasAnyOf(int object, Set<String> names) {
    for (int i = object + 1; i < flat.next(object); i = flat.next(i + 1)) {
      if (names.contains(flat.string(i))) {
        return true;
      }
    }
    return false;
  }

  /** Whether all members of the object are null. */
  boolean saysNothing(int object) {
    for (int i = object + 1; i < flat.next(object); i = flat.next(i + 1)) {
      if (!flat.isNull(i + 1)) {
        return false;
      }
    }
    return true;
  }

  FlatJson flat() {
    return flat;
  }

  Value<?> value(int position) {
    return flat.toValue(position);
  }
}
