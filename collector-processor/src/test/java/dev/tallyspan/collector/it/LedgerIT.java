package dev.tallyspan.collector.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.processor.LlmRequests;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger of the jar that users run, with DuckDB's jar beside it, or without. */
class LedgerIT {

  private static final Path JAR = Path.of(System.getProperty("tallyspan.jar"));
  private static final int CALLS_PER_REQUEST = 5;
  private static final int REQUESTS_PER_RUN = 10;
  private static final int CRASHES = 3;

  @TempDir private Path directory;
  private int sent;
  private int processes;

  @Test
  void whatWasAcknowledgedBeforeACrashIsInTheLedgerOnce() throws Exception {
    for (int crash = 0; crash < CRASHES; crash++) {
      try (JavaProcess server = server(JAR)) {
        URI traces = traces(server);
        for (int request = 0; request < REQUESTS_PER_RUN; request++) {
          send(traces);
        }
        // At once, so that most requests are in the queue only.
        server.kill();
      }
    }

    try (JavaProcess server = server(JAR)) {
      traces(server);
      String expected = sent + "," + sent;
      await()
          .atMost(Duration.ofMinutes(4))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() -> assertThat(query()).contains(expected));
      server.terminate();
      assertThat(server.endsWithin(120_000)).as(server::output).isTrue();
    }
    assertThat(query()).contains(sent + "," + sent);
  }

  @Test
  void withoutItsJarTheServerRunsAndSaysSo() throws Exception {
    Path alone = Files.copy(JAR, directory.resolve("tallyspan.jar"));

    try (JavaProcess server = server(alone)) {
      traces(server);
      assertThat(server.output())
          .contains("No ledger is kept: the ledger needs duckdb_jdbc.jar beside tallyspan.jar");
    }
  }

  private JavaProcess server(Path jar) throws IOException {
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    return JavaProcess.start(
        directory.resolve("run" + processes++),
        Map.of(
            "TALLYSPAN_GRPC_ENDPOINT",
            "127.0.0.1:0",
            "TALLYSPAN_HTTP_ENDPOINT",
            "127.0.0.1:0",
            "TALLYSPAN_DATA",
            directory.resolve("data").toString()),
        "-Djava.io.tmpdir=" + temporary,
        "-jar",
        jar.toString(),
        "run");
  }

  private static URI traces(JavaProcess server) {
    return URI.create(
        await()
                .atMost(Duration.ofMinutes(2))
                .failFast(() -> assertThat(server.isAlive()).as(server::output).isTrue())
                .until(
                    () -> {
                      Matcher line =
                          Pattern.compile(
                                  "OTLP/HTTP on (http://127.0.0.1:\\d+)\\R(?s:.*)No backend")
                              .matcher(server.output());
                      return line.find() ? line.group(1) : null;
                    },
                    Objects::nonNull)
            + "/v1/traces");
  }

  /** Sends calls that each have a trace of their own. */
  private void send(URI traces) throws Exception {
    Span.Builder[] spans = new Span.Builder[CALLS_PER_REQUEST];
    for (int i = 0; i < spans.length; i++) {
      byte[] id = ByteBuffer.allocate(8).putLong(++sent).array();
      spans[i] =
          LlmRequests.chat("1", "", "gpt-4o")
              .setTraceId(
                  ByteString.copyFrom(
                      HexFormat.of().parseHex("0af7651916cd43dd" + HexFormat.of().formatHex(id))))
              .setSpanId(ByteString.copyFrom(id));
    }
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(traces)
                    .header("content-type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(LlmRequests.traces(spans)))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
  }

  /** Returns the number of rows and of different calls. */
  private List<String> query() throws Exception {
    try (JavaProcess command =
        JavaProcess.start(
            directory.resolve("query" + processes++),
            Map.of(),
            "-jar",
            JAR.toString(),
            "ledger",
            "query",
            "--data",
            directory.resolve("data").toString(),
            "--format",
            "csv",
            "SELECT count(*), count(DISTINCT trace_id || span_id) FROM calls")) {
      command.finish();
      return command.output().lines().toList();
    }
  }
}
