package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.Endpoint;
import dev.tallyspan.collector.exporter.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The profile of an exporter, and how it was chosen.
 *
 * @param byEndpoint whether the endpoint was recognised; else the configuration names the profile
 */
public record BackendChoice(BackendProfile profile, boolean byEndpoint) {

  /** Names the absence of a profile, also for endpoints that would be recognised. */
  static final String NONE = "none";

  static final String KEY = "profile";

  public BackendChoice {
    requireNonNull(profile, "profile");
  }

  /**
   * Returns the profile that an exporter names, or that its endpoint is known for; null if there is
   * none. A profile that is not known is reported.
   *
   * @param endpoints of the exporter
   */
  static @Nullable BackendChoice of(Section exporter, List<String> endpoints) {
    String name = exporter.text(KEY);
    if (name == null) {
      return endpoints.stream()
          .map(BackendChoice::recognised)
          .filter(choice -> choice != null)
          .findFirst()
          .orElse(null);
    }
    if (name.equals(NONE)) {
      return null;
    }
    try {
      return new BackendChoice(BackendProfiles.get(name), /* byEndpoint= */ false);
    } catch (ConfigException e) {
      e.faults()
          .forEach(
              fault ->
                  exporter.error(
                      KEY,
                      exporter.name(KEY)
                          + ": "
                          + (fault.line() == 0 ? fault.message() : name + ":" + fault)));
      return null;
    }
  }

  /** Returns the profile for an endpoint; null if it is not known. */
  static @Nullable BackendChoice recognised(String endpoint) {
    String name = BackendProfiles.forEndpoint(endpoint);
    if (name == null) {
      return null;
    }
    try {
      return new BackendChoice(BackendProfiles.get(name), /* byEndpoint= */ true);
    } catch (ConfigException e) {
      throw new IllegalStateException(e); // The profiles that Tallyspan has are checked by tests.
    }
  }

  /**
   * Returns the endpoint to use: the configured one, else that of the environment or the profile;
   * over HTTP, one without a path gets the backend's.
   *
   * @param configured null if there is none
   */
  @Nullable String endpoint(
      @Nullable String configured, Protocol protocol, Map<String, String> env) {
    BackendProfile.DefaultEndpoint usual = profile.endpoint();
    if (usual == null) {
      return configured;
    }
    String url = configured;
    for (String variable : usual.variables()) {
      String value = env.getOrDefault(variable, "").strip();
      url = url == null && !value.isEmpty() ? value : url;
    }
    if (url == null) {
      url = usual.url();
    }
    return url != null && protocol == Protocol.HTTP_PROTOBUF && !usual.path().isEmpty()
        ? withPath(url, usual.path())
        : url;
  }

  private static String withPath(String url, String path) {
    try {
      String own = Endpoint.parse(url, 4317).path();
      if (own.isEmpty()) {
        return url + path;
      }
      return own.equals("/") ? url.substring(0, url.length() - 1) + path : url;
    } catch (IllegalArgumentException e) {
      return url; // Reported where the endpoint is checked.
    }
  }

  /**
   * Returns the headers to send: the configured ones, and those of the profile that they do not
   * set.
   *
   * @param authorized whether something else sets {@code authorization}
   */
  Map<String, String> headers(
      Map<String, String> configured, boolean authorized, Map<String, String> env) {
    Map<String, String> headers = new LinkedHashMap<>(configured);
    for (HeaderRule rule : open(configured, authorized)) {
      String value = rule.value(env);
      if (value != null) {
        headers.put(rule.name(), value);
      }
    }
    return headers;
  }

  /**
   * Returns what is said of headers that the backend needs and that have no value. Before an
   * endpoint that was only recognised, something else may add them.
   *
   * @param setting where a header of this name is configured
   */
  List<String> missing(
      Map<String, String> configured,
      boolean authorized,
      Map<String, String> env,
      UnaryOperator<String> setting) {
    List<String> missing = new ArrayList<>();
    if (byEndpoint) {
      return missing;
    }
    for (HeaderRule rule : open(configured, authorized)) {
      if (rule.required() && rule.value(env) == null) {
        missing.add(
            profile.name()
                + ": requests have no header "
                + rule.name()
                + ": set "
                + String.join(
                    rule.form() == HeaderRule.Form.BASIC ? " and " : " or ", rule.variables())
                + ", or "
                + setting.apply(rule.name()));
      }
    }
    return missing;
  }

  private List<HeaderRule> open(Map<String, String> configured, boolean authorized) {
    return profile.headers().stream()
        .filter(rule -> !(authorized && rule.name().equals("authorization")))
        .filter(
            rule ->
                configured.keySet().stream()
                    .noneMatch(name -> name.toLowerCase(Locale.ROOT).equals(rule.name())))
        .toList();
  }

  /** Returns the line about an exporter that is printed at the start. */
  public String notice(String exporter) {
    return "Profile of "
        + exporter
        + ": "
        + profile.name()
        + (byEndpoint ? ", recognised by its endpoint; to use none, set profile: none" : "");
  }
}
