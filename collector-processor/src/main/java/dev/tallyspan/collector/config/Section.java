package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.common.Value;
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
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping in the file, read key by key. Reading a key makes it known; {@link #end} then reports
 * the keys that were not read. A value that is not valid is reported and replaced by the default,
 * so that reading continues.
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
   * @param path the path of the section, as messages show it; empty for the whole file
   */
  Section(String path, Node node, ConfigFaults faults, Substitution substitution) {
    this.path = path;
    this.node = node;
    this.faults = faults;
    this.substitution = substitution;
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::add);
    } else if (!Nodes.isNull(node)) {
      faults.error(node, (path.isEmpty() ? "the file" : path) + ": must be a mapping");
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
          "duplicate key %s: already defined in line %d"
              .formatted(name(key.getValue()), earlier.key.getStartMark().get().getLine() + 1));
    }
  }

  /** Returns the environment variables that values may refer to. */
  Map<String, String> environment() {
    return substitution.environment();
  }

  /** Returns all keys, for sections whose keys are names that users choose. */
  Set<String> keys() {
    known.addAll(entries.keySet());
    return entries.keySet();
  }

  boolean has(String key) {
    known.add(key);
    return entries.containsKey(key);
  }

  /** Whether the section has a key without a value. */
  boolean isNothing(String key) {
    Entry entry = entry(key);
    return entry != null && Nodes.isNull(entry.value);
  }

  /** Whether the value of a key is a mapping, for keys that also accept a scalar. */
  boolean isSection(String key) {
    Entry entry = entry(key);
    return entry != null && entry.value instanceof MappingNode;
  }

  /** Whether the value of a key is a list, for keys that also accept a scalar. */
  boolean isList(String key) {
    Entry entry = entry(key);
    return entry != null && entry.value instanceof SequenceNode;
  }

  /** Whether the value of a key is a mapping, for keys that also accept a word. */
  boolean isMapping(String key) {
    Entry entry = entry(key);
    return entry != null && entry.value instanceof MappingNode;
  }

  /** Whether the value of a key is a list of mappings, for keys that also accept strings. */
  boolean hasSections(String key) {
    Entry entry = entry(key);
    return entry != null
        && entry.value instanceof SequenceNode list
        && list.getValue().stream().anyMatch(MappingNode.class::isInstance);
  }

  /**
   * Returns the section at a key; null if the key is missing. A key without a value is an empty
   * section.
   */
  @Nullable Section section(String key) {
    return has(key) ? child(key) : null;
  }

  /** Returns the section at a key that this section has. */
  Section child(String key) {
    known.add(key);
    return new Section(name(key), existing(key).value, faults, substitution);
  }

  /** Whether the value of a key is a list that is not empty. */
  boolean hasItems(String key) {
    Entry entry = entry(key);
    return entry != null
        && entry.value instanceof SequenceNode sequence
        && !sequence.getValue().isEmpty();
  }

  /** Whether the value of a key is a list of mappings, for lists that also accept scalars. */
  boolean isListOfSections(String key) {
    Entry entry = entry(key);
    return entry != null
        && entry.value instanceof SequenceNode sequence
        && !sequence.getValue().isEmpty()
        && sequence.getValue().get(0) instanceof MappingNode;
  }

  /**
   * Returns the value of the environment variable that a key names; null if the key is missing or
   * the variable is not set, which is reported.
   */
  @Nullable String variable(String key) {
    return text(key) == null ? null : variable(key, "");
  }

  /**
   * Returns the value of the environment variable that a key names; null if the variable is not
   * set, which is reported.
   *
   * @param otherwise the variable if the key is missing
   */
  @Nullable String variable(String key, String otherwise) {
    String name = text(key, otherwise);
    try {
      return substitution.expand("${env:" + name + "}");
    } catch (IllegalArgumentException e) {
      error(key, e);
      return null;
    }
  }

  /** Reports a key of the OpenTelemetry Collector that is accepted and has no effect. */
  void withoutEffect(String key, String why) {
    if (has(key)) {
      warning(key, name(key) + ": has no effect: " + why);
    }
  }

  /** Returns a string; {@code otherwise} if the key is missing or has no value. */
  String text(String key, String otherwise) {
    String text = text(key);
    return text == null ? otherwise : text;
  }

  /** Returns a string; null if the key is missing or has no value. */
  @Nullable String text(String key) {
    Entry entry = entry(key);
    return entry == null || Nodes.isNull(entry.value)
        ? null
        : scalar(name(key), entry.value, "a string");
  }

  /** Returns a file; null if the key is missing. Does not check whether the file can be read. */
  @Nullable Path file(String key) {
    String text = text(key);
    try {
      return text == null ? null : Path.of(text);
    } catch (InvalidPathException e) {
      error(key, name(key) + ": must be a file name");
      return null;
    }
  }

  /**
   * Returns a string, a whole number, a number or a boolean, as YAML has it; a variable is a
   * string. Null if the key is missing.
   */
  @Nullable Value<?> value(String key) {
    String form = "a string, a number, true or false";
    String text = scalar(key, form);
    if (text == null || !(existing(key).value instanceof ScalarNode node)) {
      return null;
    }
    Value<?> value = YamlValue.of(node, text);
    if (value == null) {
      wrong(key, form);
    }
    return value;
  }

  long number(String key, long least, long most, long otherwise) {
    String text = scalar(key, "a whole number");
    if (text == null) {
      return otherwise;
    }
    // YAML 1.1 allows underscores between digits.
    String digits = text.matches("[0-9]+(_[0-9]+)+") ? text.replace("_", "") : text;
    if (!digits.matches("[+-]?[0-9]{1,18}")) {
      wrong(key, "a whole number");
      return otherwise;
    }
    long number = Long.parseLong(digits);
    if (number < least || number > most) {
      wrong(key, "from " + least + " to " + most);
      return otherwise;
    }
    return number;
  }

  /** Returns a size in bytes. */
  long bytes(String key, long least, long most, long otherwise) {
    String form = "a size such as 64MiB or 10GiB";
    String text = scalar(key, form);
    if (text == null) {
      return otherwise;
    }
    Long bytes = ByteSize.parse(text);
    if (bytes == null) {
      wrong(key, form);
      return otherwise;
    }
    if (bytes < least || bytes > most) {
      wrong(key, "from " + ByteSize.show(least) + " to " + ByteSize.show(most));
      return otherwise;
    }
    return bytes;
  }

  double real(String key, double otherwise) {
    String text = scalar(key, "a number");
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[+-]?[0-9]{1,18}(\\.[0-9]{0,18})?")) {
      wrong(key, "a number");
      return otherwise;
    }
    return Double.parseDouble(text);
  }

  boolean bool(String key, boolean otherwise) {
    String text = scalar(key, "true or false");
    if (text == null) {
      return otherwise;
    }
    // YAML allows three spellings of each.
    String word = text.toLowerCase(Locale.ROOT);
    if (!word.equals("true") && !word.equals("false")) {
      wrong(key, "true or false");
      return otherwise;
    }
    return word.equals("true");
  }

  Duration duration(String key, Duration otherwise) {
    String form = "a duration such as 200ms, 5s or 1h30m";
    String text = scalar(key, form);
    if (text == null) {
      return otherwise;
    }
    Duration duration = GoDuration.parse(text);
    if (duration == null) {
      wrong(key, form);
      return otherwise;
    }
    return duration;
  }

  /** Returns the choice that a word stands for; {@code otherwise} if the key is missing. */
  <T> T choice(String key, Map<String, T> choices, T otherwise) {
    T choice = choice(key, choices);
    return choice == null ? otherwise : choice;
  }

  /**
   * Returns the choice that a word stands for, in upper or lower case; null if the key is missing.
   *
   * @param choices by words in lower case
   */
  <T> @Nullable T choice(String key, Map<String, T> choices) {
    String form =
        choices.keySet().stream().sorted().collect(Collectors.joining(", ", "one of ", ""));
    String text = scalar(key, form);
    if (text == null) {
      return null;
    }
    T choice = choices.get(text.toLowerCase(Locale.ROOT));
    if (choice == null) {
      wrong(key, form);
    }
    return choice;
  }

  /** Returns strings; empty if the key is missing. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    items(key).forEach((item, text) -> texts.add(text));
    return texts;
  }

  /** Returns strings with their places, in order; empty if the key is missing. */
  Map<Node, String> items(String key) {
    Map<Node, String> items = new LinkedHashMap<>();
    Entry entry = entry(key);
    if (entry == null || Nodes.isNull(entry.value)) {
      return items;
    }
    if (entry.value instanceof ScalarNode) {
      // As in the Collector, a list may be written as its items with commas.
      String text = scalar(name(key), entry.value, "a list of strings");
      for (String item : text == null || text.isBlank() ? new String[0] : text.split(",")) {
        items.put(Nodes.scalar(entry.value, item), item.strip());
      }
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

  /** Returns the sections of a list; empty if the key is missing. */
  List<Section> sections(String key) {
    Entry entry = entry(key);
    if (entry == null || Nodes.isNull(entry.value)) {
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

  /** Reports a key of the OpenTelemetry Collector that Tallyspan does not support. */
  void unsupported(String key, String instead) {
    Entry entry = entry(key);
    if (entry != null) {
      faults.error(entry.key, name(key) + ": not supported: " + instead);
    }
  }

  /**
   * Reports a key of the OpenTelemetry Collector that adds something and that Tallyspan does not
   * support. Where parts of a file may be left out, it is a warning.
   */
  void addition(String key, String instead) {
    Entry entry = entry(key);
    if (entry != null) {
      faults.addition(entry.key, name(key) + ": not supported: " + instead);
    }
  }

  /** Reports the keys that were not read. */
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
    return known.isEmpty()
        ? "; no keys are allowed here"
        : "; known keys are " + String.join(", ", known);
  }

  /** Reports a fault in the value of a key. */
  void error(String key, IllegalArgumentException e) {
    error(key, name(key) + ": " + e.getMessage());
  }

  /** Reports a fault at a key, or at the section if it does not have the key. */
  void error(String key, String message) {
    Entry entry = entries.get(key);
    faults.error(entry == null ? node : entry.value, message);
  }

  /** Reports a fault in the name of a key that the section has. */
  void errorAtKey(String key, String message) {
    faults.error(existing(key).key, message);
  }

  /** Reports a fault in the values of the section. */
  void error(IllegalArgumentException e) {
    error(String.valueOf(e.getMessage()));
  }

  /** Reports a fault at the section itself. */
  void error(String message) {
    faults.error(node, path + ": " + message);
  }

  /** Warns of the section itself. */
  void warning(String message) {
    faults.warning(node, message);
  }

  void warning(String key, String message) {
    faults.warning(existing(key).key, message);
  }

  Node keyNode(String key) {
    return existing(key).key;
  }

  Node valueNode(String key) {
    return existing(key).value;
  }

  /** Returns the path of a key, as messages show it. */
  String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private @Nullable Entry entry(String key) {
    known.add(key);
    return entries.get(key);
  }

  private Entry existing(String key) {
    return requireNonNull(entries.get(key), key);
  }

  /**
   * Returns the text of a scalar that is not for any text. As in the Collector, it is missing if it
   * has no value, or if a reference, {@code ${env:SIZE:-}}, has none.
   */
  private @Nullable String scalar(String key, String form) {
    Entry entry = entry(key);
    if (entry == null || Nodes.isNull(entry.value)) {
      return null;
    }
    String text = scalar(name(key), entry.value, form);
    return text == null || text.isEmpty() && !Nodes.text(entry.value).isEmpty() ? null : text;
  }

  /**
   * Returns the text of a scalar with references expanded; null if it has a fault, which is
   * reported.
   */
  private @Nullable String scalar(String name, Node value, String form) {
    if (!(value instanceof ScalarNode scalar) || Nodes.isNull(value)) {
      faults.error(value, name + ": must be " + form);
      return null;
    }
    String bare = Substitution.bare(scalar.getValue());
    if (bare != null) {
      faults.warning(
          value,
          "%1$s: $%2$s is not a variable here: write ${env:%2$s}, or $$%2$s for the text"
              .formatted(name, bare));
    }
    try {
      return substitution.expand(scalar.getValue());
    } catch (IllegalArgumentException e) {
      faults.error(value, name + ": " + e.getMessage());
      return null;
    }
  }

  /** Shows the value as written in the file: a reference, not its value. */
  private void wrong(String key, String form) {
    Entry entry = existing(key);
    String written = ((ScalarNode) entry.value).getValue();
    String shown = written.length() > 40 ? written.substring(0, 40) + "..." : written;
    faults.error(entry.value, name(key) + ": must be " + form + ", not " + shown);
  }
}
