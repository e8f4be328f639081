package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The options of {@code demo} and {@code run} for a backend, with a backend on this machine. */
class ForwardingTest {

  @Test
  @Timeout(60)
  void backendThatIsNotThereIsNamedAtOnce() throws Exception {
    int port = 1; // Nothing listens on it, and no other process is given it.

    CommandRun run = CommandRun.of("demo", "--forward", "http://127.0.0.1:" + port);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err())
        .contains("--forward: 127.0.0.1:" + port + " cannot be reached (Connection refused)");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void demoSendsHeadersAndLinksTraces() throws Exception {
    Set<String> keys = ConcurrentHashMap.newKeySet();
    try (Backend backend = new Backend(200, keys)) {
      CommandRun run =
          CommandRun.of(
              "demo",
              "--forward",
              backend.url(),
              "--protocol=http/protobuf",
              "--header",
              "x-key=a b,c+d=e%",
              "--trace-url",
              "http://pages.example/{traceId}");

      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).containsPattern("Open the first: http://pages.example/[0-9a-f]{32}");
    }
    assertThat(keys).containsExactly("a b,c+d=e%");
  }

  @Test
  void demoWritesAndSendsAsTheProfileSays() throws Exception {
    Set<String> keys = ConcurrentHashMap.newKeySet();
    try (Backend backend = new Backend(200, keys)) {
      CommandRun run =
          CommandRun.of(
              "demo",
              "--profile",
              "langfuse",
              "--forward",
              backend.url(),
              "--header",
              "authorization=Basic cGs6c2s=",
              "--header",
              "x-key=1");

      assertThat(run.exitCode()).isZero();
      assertThat(run.err()).contains("profile langfuse: takes traces only");
      assertThat(backend.paths).containsExactly("/api/public/otel/v1/traces");
      assertThat(backend.bodies).contains("langfuse.observation.type");
    }
    assertThat(keys).containsExactly("1");
  }

  @Test
  void profileWithoutAnAddressNeedsOne() {
    CommandRun run = CommandRun.of("demo", "--profile", "jaeger");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("profile jaeger: needs --forward");
  }

  @Test
  void profileThatIsNotKnownGetsTheNearest() {
    assertThat(CommandRun.of("demo", "--profile", "phenix").err())
        .contains("did you mean phoenix?");
    assertThat(CommandRun.of("run", "--profile", "phenix").err()).contains("did you mean phoenix?");
  }

  @Test
  @Timeout(60)
  void backendThatRefusesIsNamed() throws Exception {
    try (Backend backend = new Backend(401, ConcurrentHashMap.newKeySet())) {
      CommandRun run =
          CommandRun.of("demo", "--forward", backend.url(), "--protocol=http/protobuf");

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .isEqualToIgnoringNewLines(
              "tallyspan demo: "
                  + backend.url()
                  + " did not accept the sample's spans; the last warning says why");
    }
  }

  @Test
  void optionsThatDoNotFitAreRefused() {
    assertThat(CommandRun.of("demo", "--header", "a=b").err())
        .contains("--header: works only with --forward or --profile");
    assertThat(CommandRun.of("run", "--profile", "jaeger", "--config", "a.yaml").err())
        .contains("--profile: not with --config");
    assertThat(CommandRun.of("demo", "--trace-url", "http://x").err())
        .contains("--trace-url=http://x: does not contain {traceId}");
    assertThat(CommandRun.of("run", "--show=some").err())
        .contains("--show=some: must be llm or all");
    assertThat(CommandRun.of("run", "--filter", "team=a").err())
        .contains("--filter: team: unknown key");
  }

  /** Answers every request with one status, and keeps the values of the header {@code x-key}. */
  private static final class Backend implements AutoCloseable {
    final Set<String> paths = ConcurrentHashMap.newKeySet();
    final StringBuffer bodies = new StringBuffer();
    private final HttpServer server;

    Backend(int status, Set<String> keys) throws Exception {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            bodies.append(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            paths.add(exchange.getRequestURI().getPath());
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-key")));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
