package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.edit.ConditionPaths.Path;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The functions that change something.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/ottl/ottlfuncs">Collector,
 *     OTTL functions</a>
 */
final class Editors {

  /** Changes a subject. */
  interface Change {
    void apply(EditedSubject subject);
  }

  /**
   * A change.
   *
   * @param of what it changes
   */
  record Edit(Context of, Change change) {}

  private static final Map<String, Function<Arguments, Edit>> EDITORS =
      Map.ofEntries(
          Map.entry("set", Editors::set),
          Map.entry("delete_key", Editors::deleteKey),
          Map.entry("delete_matching_keys", Editors::deleteMatchingKeys),
          Map.entry("keep_keys", Editors::keepKeys),
          Map.entry("keep_matching_keys", Editors::keepMatchingKeys),
          Map.entry("limit", Editors::limit),
          Map.entry("truncate_all", Editors::truncateAll),
          Map.entry("merge_maps", Editors::mergeMaps),
          Map.entry("replace_pattern", Replacing::pattern),
          Map.entry("replace_match", Replacing::match),
          Map.entry("replace_all_patterns", Replacing::allPatterns),
          Map.entry("replace_all_matches", Replacing::allMatches));

  private Editors() {}

  /**
   * @throws IllegalArgumentException if there is no such function, or it cannot have these
   *     arguments
   */
  static Edit of(ConditionToken name, Arguments arguments) {
    Function<Arguments, Edit> editor = EDITORS.get(name.text());
    if (editor == null) {
      throw arguments.fault("the function " + name.text() + " is not supported" + Tokens.INSTEAD);
    }
    Edit edit = editor.apply(arguments);
    arguments.end();
    return edit;
  }

  /** Takes an argument that must be all attributes of something. */
  static Context map(Arguments arguments) {
    Arguments.Argument target = arguments.target();
    Path path = target.path();
    if (path == null || !path.isMap()) {
      throw target.fault(
          arguments.name()
              + " changes span.attributes, spanevent.attributes or resource.attributes"
              + Tokens.INSTEAD);
    }
    return path.of();
  }

  private static Edit set(Arguments arguments) {
    Arguments.Argument target = arguments.target();
    Path path = target.path();
    Expression value = arguments.value("value");
    if (path == null || path.isMap()) {
      throw target.fault("set cannot change all attributes: use merge_maps, or set each of them");
    }
    if (path.key() != null) {
      String key = path.key();
      return new Edit(
          path.of(), subject -> ifAny(value, subject, it -> put(subject, path.of(), key, it)));
    }
    Setter setter = setter(target, path);
    return new Edit(path.of(), subject -> ifAny(value, subject, it -> setter.set(subject, it)));
  }

  private static void put(EditedSubject subject, Context of, String key, Object value) {
    subject.edited(of).set(key, Values.of(value));
  }

  /** As in the Collector, nothing is set to nil. */
  private static void ifAny(Expression value, EditedSubject subject, Consumer<Object> set) {
    Object found = value.of(subject);
    if (found != null) {
      set.accept(found);
    }
  }

  /** Sets a field. */
  interface Setter {
    /**
     * @throws IllegalArgumentException if the value has the wrong type
     */
    void set(EditedSubject subject, Object value);
  }

  /** Returns what sets a field that is not an attribute. */
  static Setter setter(Arguments.Argument target, Path path) {
    String name = path.of() == Context.SPAN ? path.name() : "";
    return switch (name) {
      case "name" -> (subject, value) -> subject.setName(Values.string(value, "name"));
      case "status.message" ->
          (subject, value) -> subject.setStatusMessage(Values.string(value, "status.message"));
      case "status.code" -> (subject, value) -> subject.setStatusCode(number(value, 2));
      case "kind" -> (subject, value) -> subject.setKind(number(value, 5));
      default ->
          throw target.fault(
              target.first().text()
                  + " cannot be changed: attributes, name, kind, status.code and status.message of"
                  + " spans can"
                  + Tokens.INSTEAD);
    };
  }

  private static int number(Object value, int most) {
    if (value instanceof Long number && number >= 0 && number <= most) {
      return number.intValue();
    }
    throw new IllegalArgumentException("not a number from 0 to " + most);
  }

  private static Edit deleteKey(Arguments arguments) {
    Context of = map(arguments);
    Expression key = arguments.value("key");
    return new Edit(
        of, subject -> subject.edited(of).remove(Values.string(key.of(subject), "delete_key")));
  }

  private static Edit deleteMatchingKeys(Arguments arguments) {
    Context of = map(arguments);
    GoRegex pattern = arguments.regex("pattern");
    return new Edit(
        of,
        subject -> {
          EditedAttributes attributes = subject.edited(of);
          attributes.keys(pattern).forEach(attributes::remove);
        });
  }

  private static Edit keepKeys(Arguments arguments) {
    Context of = map(arguments);
    Set<String> kept = Set.copyOf(new LinkedHashSet<>(arguments.texts("keys")));
    return new Edit(of, subject -> keep(subject.edited(of), kept));
  }

  private static Edit keepMatchingKeys(Arguments arguments) {
    Context of = map(arguments);
    GoRegex pattern = arguments.regex("pattern");
    return new Edit(
        of,
        subject -> {
          EditedAttributes attributes = subject.edited(of);
          keep(attributes, attributes.keys(pattern));
        });
  }

  private static void keep(EditedAttributes attributes, Set<String> kept) {
    Set<String> removed = new LinkedHashSet<>(attributes.keys());
    removed.removeAll(kept);
    removed.forEach(attributes::remove);
  }

  private static Edit limit(Arguments arguments) {
    Context of = map(arguments);
    int most = arguments.number("limit");
    List<String> first = arguments.texts("priority_keys");
    if (first.size() > most) {
      throw arguments.fault("limit: more keys to keep than the limit, " + most);
    }
    return new Edit(
        of,
        subject -> {
          EditedAttributes attributes = subject.edited(of);
          Set<String> keys = attributes.keys();
          Set<String> ordered = new LinkedHashSet<>(first);
          ordered.retainAll(keys);
          ordered.addAll(keys);
          keep(
              attributes,
              Set.copyOf(new ArrayList<>(ordered).subList(0, Math.min(most, keys.size()))));
        });
  }

  private static Edit truncateAll(Arguments arguments) {
    Context of = map(arguments);
    int most = arguments.number("limit");
    return new Edit(
        of,
        subject -> {
          EditedAttributes attributes = subject.edited(of);
          for (String key : attributes.keys()) {
            Value<?> value = attributes.get(key);
            if (value != null && value.getValue() instanceof String text) {
              String shorter = truncated(text, most);
              if (shorter.length() < text.length()) {
                attributes.set(key, Value.of(shorter));
              }
            }
          }
        });
  }

  /** Returns as much of a text as has so many bytes in UTF-8, without a part of a character. */
  private static String truncated(String text, int most) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= most) {
      return text;
    }
    int end = most;
    while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private static Edit mergeMaps(Arguments arguments) {
    Context of = map(arguments);
    Expression source = arguments.value("source");
    String strategy = arguments.text("strategy");
    if (!List.of("insert", "update", "upsert").contains(strategy)) {
      throw arguments.fault("merge_maps: the strategy must be insert, update or upsert");
    }
    return new Edit(
        of,
        subject -> {
          EditedAttributes attributes = subject.edited(of);
          for (KeyValue entry : entries(source.of(subject))) {
            boolean has = attributes.get(entry.getKey()) != null;
            if (strategy.equals("upsert") || has == strategy.equals("update")) {
              attributes.set(entry.getKey(), entry.getValue());
            }
          }
        });
  }

  private static List<KeyValue> entries(@Nullable Object map) {
    List<KeyValue> entries = new ArrayList<>();
    if (map instanceof Value<?> value && value.getValue() instanceof List<?> list) {
      for (Object entry : list) {
        if (!(entry instanceof KeyValue keyValue)) {
          throw new IllegalArgumentException("merge_maps: not a map");
        }
        entries.add(keyValue);
      }
    } else if (map != null) {
      throw new IllegalArgumentException("merge_maps: not a map");
    }
    return entries;
  }
}
