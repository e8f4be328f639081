package dev.tallyspan.collector.config;

import dev.tallyspan.collector.offload.S3Settings;
import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.PathRule;
import dev.tallyspan.semconv.content.StandardDetector;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the content policy of an exporter. */
final class PolicyReader {

  static final Set<StandardDetector> DETECTORS_BY_DEFAULT =
      Set.copyOf(EnumSet.complementOf(EnumSet.of(StandardDetector.IP_ADDRESS)));

  private static final String KEY = "content_policy";
  private static final String ATTRIBUTE = "max_attribute_size";
  private static final String SPAN = "max_span_size";
  private static final String TRACE = "max_trace_size";
  private static final Map<String, ContentMode> MODES =
      Stream.of(ContentMode.values()).collect(Collectors.toMap(ContentMode::wireName, it -> it));
  private static final Map<String, PathRule.Action> ACTIONS =
      Stream.of(PathRule.Action.values())
          .collect(Collectors.toMap(PathRule.Action::wireName, it -> it));
  private static final Map<String, StandardDetector> DETECTORS =
      Stream.of(StandardDetector.values())
          .collect(Collectors.toMap(it -> it.name().toLowerCase(Locale.ROOT), it -> it));

  private static final Map<String, Boolean> WHEN_UNAVAILABLE =
      Map.of("remove", false, "inline", true);

  private PolicyReader() {}

  /** Reads a mode, or the keys of a policy; null if everything leaves as it is. */
  static @Nullable PolicyConfig read(Section exporter) {
    if (!exporter.has(KEY)) {
      return null;
    }
    if (exporter.isMapping(KEY)) {
      return read(exporter, exporter.child(KEY));
    }
    ContentMode mode = mode(exporter, KEY);
    return mode == null ? null : checked(exporter, PolicyConfig.of(mode), /* mend= */ false);
  }

  /**
   * Returns how much content leaves in spans: each limit as the exporter sets it, else as its
   * backend accepts.
   *
   * @param policy what {@link #read(Section)} returned for the exporter
   */
  static SizeLimits limits(Section exporter, @Nullable PolicyConfig policy, SizeLimits backend) {
    if (!exporter.isMapping(KEY)) {
      return backend;
    }
    Section own = exporter.child(KEY);
    PolicyConfig set = policy == null ? PolicyConfig.of(ContentMode.FULL) : policy;
    return new SizeLimits(
        own.has(ATTRIBUTE) ? set.maxAttributeBytes() : backend.attributeBytes(),
        own.has(SPAN) ? set.maxSpanBytes() : backend.spanBytes(),
        own.has(TRACE) ? set.maxTraceBytes() : backend.traceBytes());
  }

  /** A variable without a value must not mean that everything leaves, so it is reported. */
  private static @Nullable ContentMode mode(Section section, String key) {
    ContentMode mode = section.choice(key, MODES);
    if (mode == null && section.text(key, "").isEmpty()) {
      section.error(
          key, section.name(key) + ": must be one of none, metadata, redacted, full, offload");
    }
    return mode;
  }

  private static @Nullable PolicyConfig read(Section exporter, Section section) {
    ContentMode mode = mode(section, "mode");
    PolicyConfig policy =
        new PolicyConfig(
            mode == null ? ContentMode.NONE : mode,
            section.has("redact") ? section.bool("redact", true) : null,
            detectors(section),
            section.variable("pseudonym_key_env"),
            rules(section),
            section.texts("content_keys"),
            (int) section.bytes(ATTRIBUTE, 0, Integer.MAX_VALUE / 2, 0),
            section.bytes(SPAN, 0, Long.MAX_VALUE / 4, 0),
            section.bytes(TRACE, 0, Long.MAX_VALUE / 4, 0),
            offload(section));
    boolean mend = section.bool("mend", false);
    if (section.has("mend") && !mend && policy.mode() != ContentMode.FULL) {
      section.error("mend", section.name("mend") + ": false is allowed with mode: full only");
    }
    if (policy.offload() != null && mode != null && mode != ContentMode.OFFLOAD) {
      section.errorAtKey("offload", section.name("offload") + ": needs mode: offload");
    } else if (policy.offload() == null && mode == ContentMode.OFFLOAD && !section.has("offload")) {
      section.error("mode: offload needs the key offload, which says where parts go");
    }
    section.end();
    return mode == null ? null : checked(exporter, policy, mend);
  }

  /**
   * Returns the policy, unless it changes nothing: then no request is looked at.
   *
   * @param mend whether characters are replaced that some databases refuse
   */
  private static @Nullable PolicyConfig checked(
      Section exporter, PolicyConfig policy, boolean mend) {
    try {
      policy.build(policy.offload() == null ? null : (hash, bytes, type) -> null);
    } catch (IllegalArgumentException e) {
      if (policy.mode() == ContentMode.OFFLOAD && policy.offload() == null) {
        if (!exporter.isMapping(KEY)) {
          exporter.error(KEY, exporter.name(KEY) + ": offload needs to know where parts go");
        }
      } else {
        exporter.error(KEY, e);
      }
      return null;
    }
    boolean changesNothing =
        policy.mode() == ContentMode.FULL
            && !mend
            && policy.rules().isEmpty()
            && policy.maxAttributeBytes() == 0
            && policy.maxSpanBytes() == 0
            && policy.maxTraceBytes() == 0;
    return changesNothing ? null : policy;
  }

  private static Set<StandardDetector> detectors(Section section) {
    if (!section.has("detectors")) {
      return DETECTORS_BY_DEFAULT;
    }
    Set<StandardDetector> detectors = EnumSet.noneOf(StandardDetector.class);
    for (String name : section.texts("detectors")) {
      StandardDetector detector = DETECTORS.get(name.toLowerCase(Locale.ROOT));
      if (detector == null) {
        section.error(
            "detectors",
            section.name("detectors")
                + ": must be of "
                + DETECTORS.keySet().stream().sorted().collect(Collectors.joining(", "))
                + ", not "
                + name);
      } else {
        detectors.add(detector);
      }
    }
    return detectors;
  }

  private static List<PolicyConfig.Rule> rules(Section section) {
    List<PolicyConfig.Rule> rules = new ArrayList<>();
    Section paths = section.section("rules");
    if (paths == null) {
      return rules;
    }
    for (String path : paths.keys()) {
      PathRule.Action action = paths.choice(path, ACTIONS);
      if (action == null) {
        continue;
      }
      try {
        PathRule.of(path, action);
        rules.add(new PolicyConfig.Rule(path, action));
      } catch (IllegalArgumentException e) {
        paths.error(path, e);
      }
    }
    return rules;
  }

  private static @Nullable OffloadConfig offload(Section section) {
    Section offload = section.section("offload");
    if (offload == null) {
      return null;
    }
    int textsOver =
        (int) offload.bytes("texts_over", 256, Integer.MAX_VALUE / 2, OffloadConfig.TEXTS_OVER);
    boolean keep = offload.choice("when_unavailable", WHEN_UNAVAILABLE, false);
    Section file = offload.section("file");
    Section bucket = offload.section("s3");
    offload.end();
    if (bucket != null && file == null) {
      S3Settings settings = bucket(bucket);
      return settings == null ? null : new OffloadConfig(textsOver, keep, null, null, settings);
    }
    if (file == null || bucket != null) {
      offload.error("needs one store: file or s3");
      return null;
    }
    Path directory = file.file("directory");
    if (directory == null) {
      file.error("directory is missing");
    }
    URI url = url(file, "url");
    file.end();
    return directory == null
        ? null
        : new OffloadConfig(textsOver, keep, directory, url, /* bucket= */ null);
  }

  private static @Nullable S3Settings bucket(Section section) {
    URI endpoint = url(section, "endpoint");
    String bucket = section.text("bucket");
    String prefix = section.text("prefix", "");
    String region = section.text("region", "us-east-1");
    String id = section.variable("access_key_id_env", "AWS_ACCESS_KEY_ID");
    String key = section.variable("secret_access_key_env", "AWS_SECRET_ACCESS_KEY");
    String token = section.variable("session_token_env");
    long queued = section.bytes("max_queued_size", 1, 1L << 40, S3Settings.MAX_QUEUED_BYTES);
    section.end();
    if (!section.has("endpoint") || bucket == null) {
      section.error("endpoint and bucket are required");
    }
    if (endpoint == null || bucket == null || id == null || key == null) {
      return null;
    }
    try {
      return new S3Settings(endpoint, bucket, prefix, region, id, key, token, queued);
    } catch (IllegalArgumentException e) {
      section.error(e);
      return null;
    }
  }

  private static @Nullable URI url(Section section, String key) {
    String text = section.text(key);
    if (text == null) {
      return null;
    }
    try {
      URI url = URI.create(text);
      if (url.isAbsolute()) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // reported below
    }
    section.error(key, section.name(key) + ": must be a URL");
    return null;
  }
}
