package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.exporter.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows where some backends show a trace, by the endpoint that they receive it at. The URLs contain
 * {@code {traceId}} in place of the id.
 */
final class TraceUrls {

  /*
   * A path or a port that only one backend has names it. The ports of OTLP name none, so there a
   * backend is recognised by the port of its pages, on this machine only: a name that this process
   * can resolve, such as that of another container, may mean nothing to the user's browser.
   */

  private static final String TRACE_ID = "{traceId}";
  private static final int JAEGER_PAGES = 16_686;
  private static final int PHOENIX = 6_006;

  /** Langfuse's OTLP path; whatever is before it is the path that Langfuse is served under. */
  private static final Pattern LANGFUSE = Pattern.compile("(.*)/api/public/otel(/.*)?");

  private static final String MLFLOW_EXPERIMENT = "x-mlflow-experiment-id";

  private final Predicate<Endpoint> listening;

  /**
   * @param listening whether a server listens at an endpoint
   */
  TraceUrls(Predicate<Endpoint> listening) {
    this.listening = listening;
  }

  /** Returns the URL of a trace; empty if the backend is not known. */
  Optional<String> of(Endpoint backend, Map<String, String> headers) {
    String origin = (backend.scheme().isEmpty() ? "http" : backend.scheme()) + "://";
    Matcher langfuse = LANGFUSE.matcher(backend.path());
    if (langfuse.matches()) {
      return Optional.of(
          origin + shownAuthority(backend) + langfuse.group(1) + "/trace/" + TRACE_ID);
    }
    String experiment = experiment(headers);
    if (!experiment.isEmpty()) {
      return Optional.of(
          origin
              + shownAuthority(backend)
              + "/#/experiments/"
              + experiment
              + "/traces?selectedEvaluationId=tr-"
              + TRACE_ID);
    }
    if (backend.port() == PHOENIX) {
      return Optional.of(phoenix(origin, backend));
    }
    if (backend.scheme().equals("https") || !isThisMachine(backend)) {
      return Optional.empty();
    }
    Endpoint jaeger = withPort(backend, JAEGER_PAGES);
    if (listening.test(jaeger)) {
      return Optional.of(origin + jaeger.authority() + "/trace/" + TRACE_ID);
    }
    Endpoint phoenix = withPort(backend, PHOENIX);
    return listening.test(phoenix) ? Optional.of(phoenix(origin, phoenix)) : Optional.empty();
  }

  private static String phoenix(String origin, Endpoint phoenix) {
    return origin + phoenix.authority() + "/redirects/traces/" + TRACE_ID;
  }

  /** Only digits, so that a value made up for something else does not become part of a link. */
  private static String experiment(Map<String, String> headers) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(MLFLOW_EXPERIMENT))
        .map(Map.Entry::getValue)
        .filter(value -> value.matches("[0-9]{1,20}"))
        .findFirst()
        .orElse("");
  }

  private static String shownAuthority(Endpoint backend) {
    boolean usual = backend.port() == (backend.scheme().equals("https") ? 443 : 80);
    String authority = backend.authority();
    return usual ? authority.substring(0, authority.lastIndexOf(':')) : authority;
  }

  private static Endpoint withPort(Endpoint backend, int port) {
    return new Endpoint(backend.scheme(), backend.host(), port, "");
  }

  private static boolean isThisMachine(Endpoint backend) {
    try {
      return InetAddress.getByName(backend.host()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
