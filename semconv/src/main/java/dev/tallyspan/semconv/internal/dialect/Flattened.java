package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.WrittenMessages;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a list that was taken apart into attributes: {@code a.0.role}, {@code a.0.content},
 * {@code a.1.tool_calls.0.id}. Puts such lists together again. Indexes may come in any order and
 * with gaps; what is left moves up. An index is of ASCII digits alone, at most nine of them. An
 * attribute without a value, as JavaScript's {@code undefined} leaves it, says nothing. Immutable.
 */
final class Flattened {

  private static final int MAX_ELEMENTS = 10_000;
  private static final int MAX_DEPTH = 32;

  private final List<String> keys;

  /** The names between the dots behind the prefix, of each key. */
  private final String[][] paths;

  /** The list as messages of OpenInference; null if it is something else. */
  private final @Nullable FlatMessages messages;

  /** A key, and the names between the dots behind the prefix. */
  private record Taken(String key, String[] path) {}

  private Flattened(List<Taken> taken) {
    keys = taken.stream().map(Taken::key).toList();
    paths = taken.stream().map(Taken::path).toArray(String[][]::new);
    messages = FlatMessages.of(paths);
  }

  /** The keys with this prefix, which ends with a dot, and an index behind it. */
  static Flattened of(Iterable<String> keys, String prefix) {
    List<Taken> taken = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (String key : keys) {
      if (key.startsWith(prefix) && startsWithIndex(key, prefix.length())) {
        taken.add(new Taken(key, path(key, prefix.length(), names)));
      }
    }
    // Then what belongs together is together, and in the order in which it is to be.
    taken.sort((a, b) -> Arrays.compare(a.path, b.path, Flattened::inOrder));
    return new Flattened(taken);
  }

  private static String[] path(String key, int from, Map<String, String> names) {
    List<String> path = new ArrayList<>(6);
    int start = from;
    while (true) {
      int dot = path.size() == MAX_DEPTH ? -1 : key.indexOf('.', start);
      String name = dot < 0 ? key.substring(start) : key.substring(start, dot);
      path.add(names.computeIfAbsent(name, n -> n));
      if (dot < 0) {
        return path.toArray(String[]::new);
      }
      start = dot + 1;
    }
  }

  /** The keys that {@link #list} reads. */
  List<String> keys() {
    return keys;
  }

  /**
   * The messages to a model that the list holds, written in the schema's shape; null if they are to
   * be read.
   */
  @Nullable WrittenMessages messages(IndexedSpan span) {
    return messages == null ? null : messages.write(this, span);
  }

  /** The texts of all elements, if each has a text behind these names alone; else null. */
  @Nullable List<String> texts(IndexedSpan span, List<String> names) {
    List<String> texts = new ArrayList<>(paths.length);
    for (int i = 0; i < paths.length; i++) {
      String[] path = paths[i];
      String text =
          path.length == names.size() + 1
                  && names.equals(Arrays.asList(path).subList(1, path.length))
                  && (i == 0 || !path[0].equals(paths[i - 1][0]))
              ? span.get(keys.get(i)).text()
              : null;
      if (text == null) {
        return null;
      }
      texts.add(text);
    }
    return texts;
  }

  /** The list of texts, one for each key. */
  Json list(@Nullable String[] texts) {
    Node root = new Node();
    for (int i = 0; i < paths.length; i++) {
      root.add(paths[i], 0, Value.of(Objects.requireNonNull(texts[i])));
    }
    return Json.of(root.toList());
  }

  /** The list; absent if there is none. */
  Json list(IndexedSpan span) {
    Node root = new Node();
    for (int i = 0; i < paths.length; i++) {
      Json value = span.get(keys.get(i));
      if (value.isPresent()) {
        root.add(paths[i], 0, value.value());
      }
    }
    return root.size == 0 ? Json.ABSENT : Json.of(root.toList());
  }

  /** Something that has members. What comes next belongs to its last member, or behind it. */
  private static final class Node {
    private String[] names = new String[4];

    /** Of each member its value, or a node if it has members itself; if both, the members count. */
    private Object[] members = new Object[4];

    private int size;

    void add(String[] path, int depth, Value<?> leaf) {
      String name = path[depth];
      if (size == 0 || !names[size - 1].equals(name)) {
        if (size == MAX_ELEMENTS) {
          return;
        }
        if (size == names.length) {
          names = Arrays.copyOf(names, 2 * size);
          members = Arrays.copyOf(members, 2 * size);
        }
        names[size] = name;
        members[size++] = leaf;
      }
      if (depth + 1 < path.length) {
        if (!(members[size - 1] instanceof Node)) {
          members[size - 1] = new Node();
        }
        ((Node) members[size - 1]).add(path, depth + 1, leaf);
      }
    }

    private static Value<?> toValue(Object member) {
      if (!(member instanceof Node node)) {
        return (Value<?>) member;
      }
      // Indexes come before names, so checking the last key is enough.
      if (isIndex(node.names[node.size - 1])) {
        return node.toList();
      }
      KeyValue[] object = new KeyValue[node.size];
      for (int i = 0; i < object.length; i++) {
        object[i] = KeyValue.of(node.names[i], toValue(node.members[i]));
      }
      return Value.of(object);
    }

    Value<?> toList() {
      List<Value<?>> list = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        list.add(toValue(members[i]));
      }
      return Value.of(list);
    }
  }

  private static boolean startsWithIndex(String key, int from) {
    int dot = key.indexOf('.', from);
    return isIndex(key, from, dot < 0 ? key.length() : dot);
  }

  static boolean isIndex(String name) {
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
