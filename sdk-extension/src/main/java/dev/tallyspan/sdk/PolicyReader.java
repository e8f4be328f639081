package dev.tallyspan.sdk;

import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.content.FileOffloadStore;
import dev.tallyspan.semconv.content.PathRule;
import dev.tallyspan.semconv.content.StandardDetector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the settings {@code content_policy}. */
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

  static void read(Section settings, ExtensionSettings to) {
    Section section = settings.section(SECTION);
    if (section == null) {
      return;
    }
    ContentMode mode = section.choice("mode", MODES);
    if (mode == null) {
      throw section.fault("mode", " is missing: none, metadata, redacted, full or offload");
    }
    ContentPolicy.Builder policy =
        ContentPolicy.builder()
            .mode(mode)
            .maxAttributeBytes(section.number("max_attribute_bytes", 0, 0))
            .maxSpanBytes(section.number("max_span_bytes", 0, 0));
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
    Path directory = section.file("offload_directory");
    if (directory != null) {
      policy.store(new FileOffloadStore(directory));
    }
    if (section.has("offload_texts_over")) {
      policy.offloadTextsOver(section.number("offload_texts_over", 256, 0));
    }
    section.end();
    try {
      to.contentPolicy = policy.build();
    } catch (IllegalArgumentException e) {
      throw settings.fault(SECTION, e);
    }
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
