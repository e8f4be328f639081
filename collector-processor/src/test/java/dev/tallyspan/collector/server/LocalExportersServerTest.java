package dev.tallyspan.collector.server;

import static dev.tallyspan.collector.server.ServerTesting.chat;
import static dev.tallyspan.collector.server.ServerTesting.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exporters {@code debug} and {@code file} in pipelines, over real sockets. */
class LocalExportersServerTest {

  private static final Logger DEBUG =
      Logger.getLogger("dev.tallyspan.collector.output.debug.DebugExporter");

  @TempDir private Path directory;
  private ServerTesting testing;
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public synchronized void publish(LogRecord record) {
          logged.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void startBackend() throws Exception {
    testing = new ServerTesting();
    DEBUG.setUseParentHandlers(false);
    DEBUG.setLevel(Level.INFO);
    DEBUG.addHandler(handler);
  }

  @AfterEach
  void stop() {
    testing.close();
    DEBUG.removeHandler(handler);
    DEBUG.setUseParentHandlers(true);
    DEBUG.setLevel(null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  void exportersOfAllTypesGetTheSameSpans(String queue) throws Exception {
    Path file = directory.resolve("traces.json");
    testing.start(
        directory,
        """
        processors: {tallyspan: {window: false}}
        exporters:
          otlp_http: {endpoint: BACKEND, compression: none}
          debug: {verbosity: detailed}
          file: {path: "%s"}
        service:
          pipelines:
            traces:
              receivers: [otlp]
              processors: [tallyspan]
              exporters: [otlp_http, debug, file]
              queue: %s
        """
            .formatted(file, queue));

    assertThat(testing.post(request(chat()))).isEqualTo(200);

    await().until(() -> testing.arrivals.size() == 1);
    testing.closeServer();
    assertThat(Files.readString(file)).contains("tallyspan.cost.total").contains("geheim");
    assertThat(logged)
        .singleElement()
        .asString()
        .startsWith("exporters.debug: Traces {\"resource spans\": 1, \"spans\": 1}")
        .contains("tallyspan.cost.total: Double(0.0035)", "gen_ai.input.messages: Str(<")
        .doesNotContain("geheim");
    assertThat(testing.metrics.prometheusText())
        .contains(
            "otelcol_exporter_sent_spans_total{exporter=\"file\"} 1",
            "otelcol_exporter_sent_spans_total{exporter=\"debug\"} 1",
            "otelcol_exporter_sent_spans_total{exporter=\"otlp_http\"} 1");
  }

  @Test
  void pipelinesOfAllKindsShareOneFile() throws Exception {
    Path file = directory.resolve("traces.json");
    testing.start(
        directory,
        """
        exporters: {file: {path: "%s"}}
        service:
          pipelines:
            traces/1: {receivers: [otlp], exporters: [file], queue: direct}
            traces/2: {receivers: [otlp], exporters: [file], queue: memory}
        """
            .formatted(file));

    for (int i = 0; i < 5; i++) {
      assertThat(testing.post(request(chat()))).isEqualTo(200);
    }

    testing.closeServer();
    assertThat(Files.readAllLines(file))
        .hasSize(10)
        .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
  }

  @Test
  void fileOfAnExporterInNoPipelineIsNotTouched() throws Exception {
    Path file = directory.resolve("old.json");
    Files.writeString(file, "old");

    testing.start(
        directory,
        """
        exporters: {file: {path: "%s"}, debug: }
        service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
        """
            .formatted(file));
    testing.closeServer();

    assertThat(file).hasContent("old");
  }

  @Test
  void nothingIsReplayedToAnExporterThatWritesOnThisMachine() throws Exception {
    Path file = directory.resolve("config.yaml");
    Files.writeString(
        file,
        """
        receivers: {otlp: {protocols: {http: }}}
        exporters: {debug: }
        service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
        """);
    CollectorConfig config = ConfigLoader.load(file, Map.of());

    assertThatThrownBy(() -> Replay.to("debug", config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("debug: writes on this machine");
  }
}
