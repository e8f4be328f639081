package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An extension {@code health_check}: an address that answers 200 while the collector accepts data,
 * and 503 otherwise.
 *
 * @param id {@code health_check} or {@code health_check/name}
 * @param endpoint default {@code localhost:13133}
 * @param path default {@code /}
 * @param healthyBody the body of an answer 200; null for a JSON object with the state and the time
 *     since the start
 * @param unhealthyBody the same for 503
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/healthcheckextension">Health
 *     Check</a>
 */
public record HealthCheckConfig(
    String id,
    ListenEndpoint endpoint,
    String path,
    @Nullable String healthyBody,
    @Nullable String unhealthyBody)
    implements ExtensionConfig {

  private static final ListenEndpoint ENDPOINT = new ListenEndpoint("localhost", 13133);

  public HealthCheckConfig {
    requireNonNull(id, "id");
    requireNonNull(endpoint, "endpoint");
    requireNonNull(path, "path");
  }

  static HealthCheckConfig read(String id, Section section) {
    ListenEndpoint endpoint = ENDPOINT;
    String address = section.text("endpoint");
    if (address != null) {
      try {
        endpoint = ListenEndpoint.parse(address);
      } catch (IllegalArgumentException e) {
        section.error("endpoint", e);
      }
    }
    String path = section.text("path", "/");
    if (!path.startsWith("/")) {
      section.error("path", section.name("path") + ": must start with /");
    }
    Section body = section.section("response_body");
    String healthy = null;
    String unhealthy = null;
    if (body != null) {
      healthy = body.text("healthy");
      unhealthy = body.text("unhealthy");
      body.end();
    }
    for (String key : new String[] {"check_collector_pipeline", "use_v2", "component_health"}) {
      if (section.has(key)) {
        section.warning(
            key,
            section.name(key)
                + ": has no effect: the answer says whether data can be accepted, and metrics say"
                + " what was delivered");
      }
    }
    section.unsupported("tls", "the address serves HTTP only; bind it to an internal address");
    section.end();
    return new HealthCheckConfig(id, endpoint, path, healthy, unhealthy);
  }
}
