package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.internal.json.EmptyValue;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Members;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The Flattened of 2026-11-27, which is what the current one is compared with.
 *
 * <p>Puts lists together again that were taken apart into attributes: {@code a.0.role}, {@code
 * a.0.content}, {@code a.1.tool_calls.0.id}. Indexes may come in any order and with gaps; what is
 * left moves up. An index is of ASCII digits alone, at most nine of them. An attribute without a
 * value, as JavaScript's {@code undefined} leaves it, says nothing.
 */
final class ReferenceFlattened {

  private static final int MAX_ELEMENTS = 10_000;
  private static final int MAX_DEPTH = 32;

  /** A node that has a value, or members, or both; if both, the members count. */
  private @Nullable Value<?> value = null;

  private final TreeMap<String, ReferenceFlattened> members =
      new TreeMap<>(ReferenceFlattened::inOrder);

  private ReferenceFlattened() {}

  /** The list under {@code prefix}, which ends with a dot; absent if there is none. */
  static Json list(IndexedSpan span, String prefix) {
    if (!span.hasPrefix(prefix)) {
      return Json.ABSENT;
    }
    ReferenceFlattened root = new ReferenceFlattened();
    for (String key : span.keys()) {
      if (key.startsWith(prefix) && startsWithIndex(key, prefix.length())) {
        Json value = span.get(key);
        if (value.isPresent()) {
          root.add(key, prefix.length(), 0, value.value());
        }
      }
    }
    return root.members.isEmpty() ? Json.ABSENT : Json.of(root.toList());
  }

  /** The keys that {@link #list} reads. */
  static List<String> keys(IndexedSpan span, String prefix) {
    List<String> keys = new ArrayList<>();
    for (String key : span.keys()) {
      if (key.startsWith(prefix) && startsWithIndex(key, prefix.length())) {
        keys.add(key);
      }
    }
    return keys;
  }

  private void add(String key, int from, int depth, Value<?> leaf) {
    int dot = depth == MAX_DEPTH ? -1 : key.indexOf('.', from);
    String name = dot < 0 ? key.substring(from) : key.substring(from, dot);
    ReferenceFlattened child = members.get(name);
    if (child == null) {
      if (members.size() == MAX_ELEMENTS) {
        return;
      }
      child = new ReferenceFlattened();
      members.put(name, child);
    }
    if (dot < 0) {
      child.value = leaf;
    } else {
      child.add(key, dot + 1, depth + 1, leaf);
    }
  }

  private Value<?> toValue() {
    if (members.isEmpty()) {
      return value == null ? EmptyValue.get() : value;
    }
    // Indexes come before names, so checking the last key is enough.
    if (isIndex(members.lastKey())) {
      return toList();
    }
    Members object = new Members();
    members.forEach((name, member) -> object.put(name, member.toValue()));
    return object.toValue();
  }

  private Value<?> toList() {
    List<Value<?>> list = new ArrayList<>(members.size());
    members.values().forEach(member -> list.add(member.toValue()));
    return Value.of(list);
  }

  private static boolean startsWithIndex(String key, int from) {
    int dot = key.indexOf('.', from);
    return isIndex(key, from, dot < 0 ? key.length() : dot);
  }

  private static boolean isIndex(String name) {
    return isIndex(name, 0, name.length());
  }

  private static boolean isIndex(String text, int from, int to) {
    if (from == to || to - from > 9) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Indexes by number, before names, which are in the order of their letters. */
  private static int inOrder(String a, String b) {
    boolean first = isIndex(a);
    boolean second = isIndex(b);
    if (first != second) {
      return first ? -1 : 1;
    }
    int byNumber = first ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b)) : 0;
    return byNumber != 0 ? byNumber : a.compareTo(b);
  }
}
