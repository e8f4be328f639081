package dev.tallyspan.sdk;

import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.content.FileOffloadStore;
import dev.tallyspan.semconv.content.PathRule;
import dev.tallyspan.semconv.content.StandardDetector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings {@code content_policy}, and the file that they may name: a JSON object with
 * the same keys. A setting takes precedence over the same key in the file.
 */
final class PolicyReader {

  private static final String SECTION = "content_policy";
  private static final Map<String, ContentMode> MODES =
      Stream.of(ContentMode.values()).collect(Collectors.toMap(ContentMode::wireName, it -> it));
  private static final Map<String, PathRule.Action> ACTIONS =
      Stream.of(PathRule.Action.values())
          .collect(Collectors.toMap(PathRule.Action::wireName, it -> it));
  private static final Map<String, StandardDetector> DETECTORS =
      Stream.of(StandardDetector.values())
          .collect(Collectors.toMap(it -> it.name().toLowerCase(Locale.ROOT), it -> it));

  private PolicyReader() {}

  /** Returns the policy; null if nothing is set. */
  static @Nullable ContentPolicy read(Section settings) {
    Section section = settings.section(SECTION);
    if (section == null) {
      return null;
    }
    Path file = section.file("file");
    Section all = file == null ? section : withFile(section, file);
    ContentPolicy.Builder policy = builder(all);
    try {
      return policy.build();
    } catch (IllegalArgumentException e) {
      throw settings.fault(SECTION, e);
    }
  }

  private static Section withFile(Section section, Path file) {
    Map<String, Object> ofFile = SettingsFile.read(SECTION + ".file", file.toString());
    try {
      // By itself first, so that the error names the file.
      builder(new Section("", with(Map.of("mode", ContentMode.FULL.wireName()), ofFile)));
    } catch (SettingsException e) {
      throw section.fault("file", ": " + file + ": " + e.getMessage());
    }
    return new Section(SECTION, with(ofFile, section.members()));
  }

  /** Returns both, with what the second has before what the first has. */
  private static Map<String, Object> with(Map<?, ?> otherwise, Map<?, ?> values) {
    Map<String, Object> all = new LinkedHashMap<>();
    values.forEach((key, value) -> all.put(String.valueOf(key), value));
    otherwise.forEach(
        (key, value) ->
            all.merge(
                String.valueOf(key),
                value,
                (present, other) ->
                    present instanceof Map<?, ?> p && other instanceof Map<?, ?> o
                        ? with(o, p)
                        : present));
    return all;
  }

  private static ContentPolicy.Builder builder(Section section) {
    section.has("file");
    ContentMode mode = section.choice("mode", MODES);
    if (mode == null) {
      throw section.fault("mode", " is missing: none, metadata, redacted, full or offload");
    }
    ContentPolicy.Builder policy =
        ContentPolicy.builder()
            .mode(mode)
            .maxAttributeBytes(section.size("max_attribute_size", 0))
            .maxSpanBytes(section.size("max_span_size", 0));
    if (section.has("redact")) {
      policy.redact(section.flag("redact", true));
    }
    List<String> detectors = section.texts("detectors");
    if (detectors != null) {
      policy.detect(detectors(section, detectors));
    }
    String key = section.text("pseudonym_key");
    if (key != null) {
      policy.pseudonyms(key.getBytes(StandardCharsets.UTF_8));
    }
    Section rules = section.section("rules");
    if (rules != null) {
      for (String path : rules.keys()) {
        PathRule.Action action = rules.choice(path, ACTIONS);
        if (action != null) {
          policy.rule(rule(rules, path, action));
        }
      }
    }
    List<String> contentKeys = section.texts("content_keys");
    if (contentKeys != null) {
      contentKeys.forEach(policy::contentKey);
    }
    Section offload = section.section("offload");
    if (offload != null) {
      offload(offload, policy);
    }
    section.end();
    return policy;
  }

  private static void offload(Section offload, ContentPolicy.Builder policy) {
    Section store = offload.section("file");
    if (store != null) {
      Path directory = store.file("directory");
      if (directory != null) {
        policy.store(new FileOffloadStore(directory));
      }
      store.end();
    }
    if (offload.has("texts_over")) {
      policy.offloadTextsOver(offload.size("texts_over", 256));
    }
    offload.end();
  }

  private static PathRule rule(Section rules, String path, PathRule.Action action) {
    try {
      return PathRule.of(path, action);
    } catch (IllegalArgumentException e) {
      throw rules.fault(path, e);
    }
  }

  private static Set<StandardDetector> detectors(Section section, List<String> names) {
    Set<StandardDetector> detectors = EnumSet.noneOf(StandardDetector.class);
    for (String name : names) {
      StandardDetector detector = DETECTORS.get(name.toLowerCase(Locale.ROOT));
      if (detector == null) {
        throw section.fault(
            "detectors",
            ": "
                + name
                + " is unknown; known: "
                + DETECTORS.keySet().stream().sorted().collect(Collectors.joining(", ")));
      }
      detectors.add(detector);
    }
    return detectors;
  }
}
