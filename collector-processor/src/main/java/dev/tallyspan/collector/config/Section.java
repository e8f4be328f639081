package dev.tallyspan.collector.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of the file that is read key by key. Asking for a key makes it known; {@link #end} then
 * reports the keys that nobody asked for. A value that cannot be read is reported, and the default
 * taken in its place so that reading goes on.
 */
final class Section {
  private record Entry(Node key, Node value) {}

  private final String path;
  private final Node node;
  private final ConfigFaults faults;
  private final Substitution substitution;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * @param path where the section is, as messages say it; empty for the whole file
   */
  Section(String path, Node node, ConfigFaults faults, Substitution substitution) {
    this.path = path;
    this.node = node;
    this.faults = faults;
    this.substitution = substitution;
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::add);
    } else if (!isNull(node)) {
      faults.error(node, (path.isEmpty() ? "the file" : path) + ": must be a mapping of keys");
    }
  }

  private void add(NodeTuple tuple) {
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      faults.error(tuple.getKeyNode(), path + ": a key must be a string");
      return;
    }
    Entry earlier = entries.putIfAbsent(key.getValue(), new Entry(key, tuple.getValueNode()));
    if (earlier != null) {
      faults.error(
          key,
          "duplicate key %s: it is defined in line %d already"
              .formatted(name(key.getValue()), earlier.key.getStartMark().get().getLine() + 1));
    }
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }

  /** All keys, for sections whose keys are names of the user's. */
  Set<String> keys() {
    known.addAll(entries.keySet());
    return entries.keySet();
  }

  boolean has(String key) {
    known.add(key);
    return entries.containsKey(key);
  }

  /** Whether there is a mapping at a key, for keys that take a scalar as well. */
  boolean isSection(String key) {
    Entry entry = entry(key);
    return entry != null && entry.value instanceof MappingNode;
  }

  /** Whether there is a list at a key, for keys that take a scalar as well. */
  boolean isList(String key) {
    Entry entry = entry(key);
    return entry != null && entry.value instanceof SequenceNode;
  }

  /** The section at a key; null if there is none. A key without a value is an empty section. */
  Section section(String key) {
    Entry entry = entry(key);
    return entry == null ? null : new Section(name(key), entry.value, faults, substitution);
  }

  /** A string; {@code otherwise} if there is none. */
  String text(String key, String otherwise) {
    Entry entry = entry(key);
    if (entry == null || isNull(entry.value)) {
      return otherwise;
    }
    String text = scalar(name(key), entry.value, "a string");
    return text == null ? otherwise : text;
  }

  /** A file; null if there is none. Whether it can be read is not looked at. */
  Path file(String key) {
    String text = text(key, null);
    try {
      return text == null ? null : Path.of(text);
    } catch (InvalidPathException e) {
      error(key, name(key) + ": must be the name of a file");
      return null;
    }
  }

  long number(String key, long least, long most, long otherwise) {
    Entry entry = entry(key);
    String text = entry == null ? null : scalar(name(key), entry.value, "a whole number");
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[+-]?[0-9]{1,18}")) {
      wrong(key, entry, "a whole number");
      return otherwise;
    }
    long number = Long.parseLong(text);
    if (number < least || number > most) {
      wrong(key, entry, "from " + least + " to " + most);
      return otherwise;
    }
    return number;
  }

  double real(String key, double otherwise) {
    Entry entry = entry(key);
    String text = entry == null ? null : scalar(name(key), entry.value, "a number");
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[+-]?[0-9]{1,18}(\\.[0-9]{0,18})?")) {
      wrong(key, entry, "a number");
      return otherwise;
    }
    return Double.parseDouble(text);
  }

  boolean bool(String key, boolean otherwise) {
    Entry entry = entry(key);
    String text = entry == null ? null : scalar(name(key), entry.value, "true or false");
    if (text == null) {
      return otherwise;
    }
    // YAML has them in three spellings.
    String word = text.toLowerCase(Locale.ROOT);
    if (!word.equals("true") && !word.equals("false")) {
      wrong(key, entry, "true or false");
      return otherwise;
    }
    return word.equals("true");
  }

  Duration duration(String key, Duration otherwise) {
    String form = "a duration such as 200ms, 5s or 1h30m";
    Entry entry = entry(key);
    String text = entry == null ? null : scalar(name(key), entry.value, form);
    if (text == null) {
      return otherwise;
    }
    Duration duration = GoDuration.parse(text);
    if (duration == null) {
      wrong(key, entry, form);
      return otherwise;
    }
    return duration;
  }

  /** One of a few words, which are lower case; in any case. */
  <T> T choice(String key, Map<String, T> choices, T otherwise) {
    String form =
        choices.keySet().stream().sorted().collect(Collectors.joining(", ", "one of ", ""));
    Entry entry = entry(key);
    String text = entry == null ? null : scalar(name(key), entry.value, form);
    if (text == null) {
      return otherwise;
    }
    // A word may map to null, which leaves the decision to the default.
    String word = text.toLowerCase(Locale.ROOT);
    if (!choices.containsKey(word)) {
      wrong(key, entry, form);
      return otherwise;
    }
    return choices.get(word);
  }

  /** Strings; empty if there are none. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    items(key).forEach((item, text) -> texts.add(text));
    return texts;
  }

  /** Strings with their places, in order; empty if there are none. */
  Map<Node, String> items(String key) {
    Map<Node, String> items = new LinkedHashMap<>();
    Entry entry = entry(key);
    if (entry == null || isNull(entry.value)) {
      return items;
    }
    if (!(entry.value instanceof SequenceNode sequence)) {
      faults.error(entry.value, name(key) + ": must be a list");
      return items;
    }
    for (Node item : sequence.getValue()) {
      String text = scalar(name(key), item, "a list of strings");
      if (text != null) {
        items.put(item, text);
      }
    }
    return items;
  }

  /** The sections of a list; empty if there are none. */
  List<Section> sections(String key) {
    Entry entry = entry(key);
    if (entry == null || isNull(entry.value)) {
      return List.of();
    }
    if (!(entry.value instanceof SequenceNode sequence)) {
      faults.error(entry.value, name(key) + ": must be a list");
      return List.of();
    }
    List<Section> sections = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      sections.add(
          new Section(name(key) + "[" + sections.size() + "]", item, faults, substitution));
    }
    return sections;
  }

  /** Reports a key of the Collector's that has no meaning here. */
  void unsupported(String key, String instead) {
    Entry entry = entry(key);
    if (entry != null) {
      faults.error(entry.key, name(key) + ": not supported: " + instead);
    }
  }

  /** Reports the keys that nobody asked for. */
  void end() {
    entries.forEach(
        (key, entry) -> {
          if (!known.contains(key)) {
            faults.error(entry.key, "unknown key " + name(key) + hint(key));
          }
        });
  }

  private String hint(String key) {
    String nearest = Suggestions.nearest(key, known);
    if (nearest != null) {
      return "; did you mean " + nearest + "?";
    }
    return known.isEmpty() ? "; it takes no keys" : "; known are " + String.join(", ", known);
  }

  /** Reports a fault at a key, or at the section if it does not have the key. */
  void error(String key, String message) {
    Entry entry = entries.get(key);
    faults.error(entry == null ? node : entry.value, message);
  }

  /** Reports a fault in the name of a key that the section has. */
  void errorAtKey(String key, String message) {
    faults.error(entries.get(key).key, message);
  }

  /** Reports a fault at the section itself. */
  void error(String message) {
    faults.error(node, path + ": " + message);
  }

  void warning(String key, String message) {
    faults.warning(entries.get(key).key, message);
  }

  Node keyNode(String key) {
    return entries.get(key).key;
  }

  /** The path of a key, as messages say it. */
  String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private Entry entry(String key) {
    known.add(key);
    return entries.get(key);
  }

  /** The text of a scalar with references replaced; null, and reported, if it is none. */
  private String scalar(String name, Node value, String form) {
    if (!(value instanceof ScalarNode scalar) || isNull(value)) {
      faults.error(value, name + ": must be " + form);
      return null;
    }
    try {
      return substitution.expand(scalar.getValue());
    } catch (IllegalArgumentException e) {
      faults.error(value, name + ": " + e.getMessage());
      return null;
    }
  }

  /** Shows the value as it stands in the file: a reference, not what it stands for. */
  private void wrong(String key, Entry entry, String form) {
    String written = ((ScalarNode) entry.value).getValue();
    String shown = written.length() > 40 ? written.substring(0, 40) + "..." : written;
    faults.error(entry.value, name(key) + ": must be " + form + ", not " + shown);
  }
}
