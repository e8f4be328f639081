package dev.tallyspan.collector.config;

import dev.tallyspan.semconv.content.ContentMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code viewer}. */
final class ViewerReader {

  /** The shortest token that is not easily guessed. */
  private static final int MIN_TOKEN = 16;

  private ViewerReader() {}

  /**
   * @param exporters whose content policies apply to the viewer, if it has none of its own
   * @return null if the file has no viewer
   */
  static @Nullable ViewerConfig read(
      @Nullable Section section, List<? extends AnyExporterConfig> exporters) {
    if (section == null) {
      return null;
    }
    ViewerConfig viewer =
        new ViewerConfig(
            endpoint(section),
            token(section),
            section.bytes("max_size", 1 << 20, 1L << 40, 0),
            section.duration("max_age", ViewerConfig.MAX_AGE),
            section.bool("storage", false),
            policy(section, exporters),
            links(section));
    if (viewer.maxAge().isZero() || viewer.maxAge().isNegative()) {
      section.error("max_age", section.name("max_age") + ": must be more than 0");
    }
    section.end();
    return viewer;
  }

  private static ListenEndpoint endpoint(Section section) {
    String address = section.text("endpoint");
    if (address != null) {
      try {
        return ListenEndpoint.parse(address);
      } catch (IllegalArgumentException e) {
        section.error("endpoint", e);
      }
    }
    return ViewerConfig.ENDPOINT;
  }

  private static @Nullable String token(Section section) {
    String token = section.variable("token_env");
    if (token != null && token.length() < MIN_TOKEN) {
      section.error(
          "token_env", section.name("token_env") + ": the token must have at least 16 characters");
    }
    return token;
  }

  private static @Nullable PolicyConfig policy(
      Section section, List<? extends AnyExporterConfig> exporters) {
    PolicyConfig own = PolicyReader.read(section);
    if (own != null && own.mode() == ContentMode.OFFLOAD) {
      section.error(
          "content_policy",
          section.name("content_policy") + ": offload is for exporters; use redacted or metadata");
      return null;
    }
    return section.has("content_policy") ? own : ViewerConfig.strictest(exporters);
  }

  private static Map<String, String> links(Section section) {
    Map<String, String> links = new LinkedHashMap<>();
    Section named = section.section("links");
    if (named == null) {
      return links;
    }
    for (String name : named.keys()) {
      String url = named.text(name);
      if (url == null || !url.matches("(?i)https?://.*") || !url.contains("{traceId}")) {
        named.error(name, named.name(name) + ": must be a URL that contains {traceId}");
      } else {
        links.put(name, url);
      }
    }
    return links;
  }
}
