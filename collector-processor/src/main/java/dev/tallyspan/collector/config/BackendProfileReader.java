package dev.tallyspan.collector.config;

import dev.tallyspan.collector.config.BackendProfile.DefaultEndpoint;
import dev.tallyspan.collector.exporter.Endpoint;
import dev.tallyspan.collector.exporter.Protocol;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.BackendAttributes;
import dev.tallyspan.collector.output.export.BackendAttributes.Form;
import dev.tallyspan.collector.output.export.BackendAttributes.Members;
import dev.tallyspan.collector.output.export.BackendAttributes.One;
import dev.tallyspan.collector.output.export.Fact;
import dev.tallyspan.collector.output.export.Kind;
import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.collector.tree.TreeSettings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the file of a profile. Values are taken as they are: variables are not expanded. */
final class BackendProfileReader {

  private static final Map<String, Protocol> PROTOCOLS =
      Map.of("grpc", Protocol.GRPC, "http", Protocol.HTTP_PROTOBUF);
  private static final Map<String, Signal> SIGNALS = byName(Signal.values(), Signal::id);
  private static final Map<String, Kind> KINDS = byName(Kind.values(), Kind::wireName);
  private static final Map<String, Fact> FACTS = byName(Fact.values(), Fact::wireName);
  private static final Map<String, Boolean> VOCABULARIES =
      Map.of("genai", false, "openinference", true);

  private BackendProfileReader() {}

  /**
   * @param source names the file in messages
   * @throws ConfigException with every fault in the file, if there is any
   */
  static BackendProfile read(String name, String source, String text) throws ConfigException {
    ConfigFaults faults = new ConfigFaults();
    Node root = compose(source, text);
    Section file = new Section("", root, faults, new Substitution(Map.of()));
    String description = file.text("description", "");
    if (description.isBlank()) {
      faults.error(root, "description is missing or empty");
    }
    Section transport = file.section("transport");
    Set<Protocol> protocols = EnumSet.allOf(Protocol.class);
    Set<Signal> signals = EnumSet.allOf(Signal.class);
    long maxRequestBytes = 0;
    DefaultEndpoint endpoint = null;
    List<HeaderRule> headers = new ArrayList<>();
    if (transport != null) {
      protocols = choices(transport, "protocols", PROTOCOLS, protocols);
      signals = choices(transport, "signals", SIGNALS, signals);
      maxRequestBytes = transport.bytes("max_request_bytes", 1, 1L << 31, 0);
      endpoint = endpoint(transport.section("endpoint"));
      headers = headers(transport.section("headers"));
      transport.end();
    }
    SizeLimits limits = limits(file.section("limits"));
    ProfileConfig writing = ProfileReader.read(file);
    TreeSettings traces = TreeReader.read(file, TreeSettings.DEFAULT);
    BackendAttributes attributes = attributes(file);
    file.end();
    if (attributes.openInference()
        && writing.dropOriginals() != null
        && !writing.dropOriginals().isEmpty()) {
      file.error(
          "drop_originals",
          "drop_originals: must be false with vocabulary: openinference, which reads originals");
    }
    if (faults.any()) {
      throw new ConfigException(source, faults.errors());
    }
    return new BackendProfile(
        name,
        description,
        protocols,
        signals,
        endpoint,
        maxRequestBytes,
        limits,
        headers,
        writing,
        traces,
        attributes);
  }

  private static SizeLimits limits(@Nullable Section limits) {
    if (limits == null) {
      return SizeLimits.NONE;
    }
    int least = SizeLimits.LEAST;
    SizeLimits read =
        new SizeLimits(
            (int) limits.bytes("max_attribute_size", least, Integer.MAX_VALUE / 2, 0),
            limits.bytes("max_span_size", least, Long.MAX_VALUE / 4, 0),
            limits.bytes("max_trace_size", least, Long.MAX_VALUE / 4, 0));
    limits.end();
    return read;
  }

  private static Node compose(String source, String text) throws ConfigException {
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(source).build();
      Node root =
          new Compose(settings)
              .composeString(text)
              .filter(node -> !node.getTag().equals(Tag.COMMENT))
              .orElseThrow(
                  () -> new ConfigException(source, List.of(new Fault(1, 1, "the file is empty"))));
      return Nodes.expanded(root);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new ConfigException(source, List.of(new Fault(line, 1, "not YAML: " + e.getProblem())));
    } catch (YamlEngineException e) {
      throw new ConfigException(source, List.of(new Fault(1, 1, "not YAML")));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(source, List.of(new Fault(1, 1, "not valid: " + e.getMessage())));
    }
  }

  private static <T> Set<T> choices(
      Section section, String key, Map<String, T> known, Set<T> otherwise) {
    if (!section.has(key)) {
      return otherwise;
    }
    return section.texts(key).stream()
        .flatMap(word -> Stream.ofNullable(known(section, key, section.name(key), word, known)))
        .collect(Collectors.toSet());
  }

  private static @Nullable DefaultEndpoint endpoint(@Nullable Section endpoint) {
    if (endpoint == null) {
      return null;
    }
    String url = endpoint.text("default");
    if (url != null) {
      try {
        Endpoint.parse(url, 4317);
      } catch (IllegalArgumentException e) {
        endpoint.error("default", e);
      }
    }
    String path = endpoint.text("path", "");
    if (!path.isEmpty() && (!path.startsWith("/") || path.endsWith("/"))) {
      endpoint.error("path", endpoint.name("path") + ": must start with a slash, and not end so");
    }
    List<String> variables = endpoint.texts("env");
    endpoint.end();
    return new DefaultEndpoint(url, variables, path);
  }

  private static List<HeaderRule> headers(@Nullable Section headers) {
    List<HeaderRule> rules = new ArrayList<>();
    if (headers == null) {
      return rules;
    }
    for (String name : headers.keys()) {
      Section header = headers.child(name);
      rules.add(header(name.toLowerCase(Locale.ROOT), header));
      header.end();
    }
    return rules;
  }

  private static HeaderRule header(String name, Section header) {
    boolean required = header.bool("required", false);
    List<String> basic = header.texts("basic");
    List<String> bearer = header.texts("bearer");
    List<String> env = header.texts("env");
    String value = header.text("value", "");
    String prefix = header.text("prefix", "");
    int forms =
        (basic.isEmpty() ? 0 : 1)
            + (bearer.isEmpty() ? 0 : 1)
            + (env.isEmpty() ? 0 : 1)
            + (value.isEmpty() ? 0 : 1);
    if (forms != 1) {
      header.error("set one of value, env, bearer and basic");
    }
    if (!prefix.isEmpty() && env.isEmpty()) {
      header.error("prefix", header.name("prefix") + ": has no effect without env");
    }
    if (!basic.isEmpty()) {
      if (basic.size() != 2) {
        header.error("basic", header.name("basic") + ": must be two variables, user and password");
        basic = List.of("", "");
      }
      return new HeaderRule(name, HeaderRule.Form.BASIC, "", basic, required);
    }
    if (!bearer.isEmpty()) {
      return new HeaderRule(name, HeaderRule.Form.BEARER, "", bearer, required);
    }
    return new HeaderRule(
        name, HeaderRule.Form.PLAIN, env.isEmpty() ? value : prefix, env, required);
  }

  private static BackendAttributes attributes(Section file) {
    Map<Kind, String> kinds = new EnumMap<>(Kind.class);
    Section words = file.section("kinds");
    if (words != null) {
      for (String name : words.keys()) {
        Kind kind = known(words, name, words.name(name), name, KINDS);
        String word = words.text(name, "");
        if (kind != null) {
          kinds.put(kind, word);
        }
      }
    }
    Section attributes = file.section("attributes");
    Section root = file.section("root");
    BackendAttributes read =
        new BackendAttributes(
            file.choice("vocabulary", VOCABULARIES, false),
            kinds,
            attributes == null ? Map.of() : forms(attributes),
            root == null ? null : root.text("input"),
            root == null ? null : root.text("output"),
            root == null ? null : root.text("session"),
            root == null ? null : root.text("tags"),
            joinedLists(file.section("joined_lists")),
            /* conventionalNames= */ false);
    if (root != null) {
      root.end();
    }
    return read;
  }

  private static Map<String, String> joinedLists(@Nullable Section section) {
    Map<String, String> joined = new LinkedHashMap<>();
    if (section != null) {
      for (String key : section.keys()) {
        String text = section.text(key, "");
        if (text.isBlank() || text.equals(key)) {
          section.error(key, section.name(key) + ": must be the key of another attribute");
        }
        joined.put(key, text);
      }
    }
    return joined;
  }

  private static Map<String, Form> forms(Section section) {
    Map<String, Form> forms = new LinkedHashMap<>();
    for (String key : section.keys()) {
      if (section.isSection(key)) {
        forms.put(key, new Members(forms(section.child(key))));
        continue;
      }
      Fact fact = known(section, key, section.name(key), section.text(key, ""), FACTS);
      if (fact != null) {
        forms.put(key, new One(fact));
      }
    }
    return forms;
  }

  /** Returns what a word stands for; null if it is not known, which is reported. */
  private static <T> @Nullable T known(
      Section section, String key, String path, String word, Map<String, T> known) {
    T found = known.get(word);
    if (found == null) {
      String nearest = Suggestions.nearest(word, known.keySet());
      section.error(
          key,
          path
              + ": "
              + (word.isEmpty() ? "is empty" : "unknown " + word)
              + (nearest == null
                  ? "; known: " + known.keySet().stream().sorted().collect(Collectors.joining(", "))
                  : "; did you mean " + nearest + "?"));
    }
    return found;
  }

  private static <T> Map<String, T> byName(T[] values, Function<T, String> name) {
    return Stream.of(values).collect(Collectors.toMap(name, value -> value));
  }
}
