package dev.tallyspan.collector.it;

import static dev.tallyspan.collector.it.KafkaTiers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Collector that shares traces between servers, with the files that the archive has for it.
 * Not a part of the build, see {@link KafkaCheck}.
 */
class LoadBalancingCheck {

  private static final Path FILES = Path.of("..", "packaging", "load-balancing");
  private static final int SERVERS = 3;
  private static final int TRACES = 60;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  private final Random random = new Random();
  private TraceSink sink;
  private KafkaTiers tiers;

  @BeforeEach
  void start() throws Exception {
    sink = new TraceSink();
    tiers = new KafkaTiers(directory, Map.of());
  }

  @AfterEach
  void stop() {
    if (tiers != null) {
      tiers.close();
    }
    if (sink != null) {
      sink.close();
    }
  }

  @Test
  @EnabledIf(
      value = "dev.tallyspan.collector.it.KafkaCheck#isCollectorBuilt",
      disabledReason = "no Collector: run benchmarks/peers/build otelcol-kafka")
  void eachTraceIsWholeOnOneServer() throws Exception {
    String balancing = file("collector.yaml");
    List<JavaProcess> servers = new ArrayList<>();
    for (int i = 1; i <= SERVERS; i++) {
      int port = Ports.free(random);
      balancing = balancing.replace("tallyspan-" + i + ":4317", "127.0.0.1:" + port);
      tiers.set("BACKEND_ENDPOINT", sink.url("server-" + i));
      tiers.set("TALLYSPAN_DATA", directory.resolve("data-" + i));
      servers.add(
          tiers.server(
              "server-" + i,
              // The Collector's queue may send the end of a trace before its beginning.
              file("tallyspan.yaml")
                  .replace("0.0.0.0:4317", "127.0.0.1:" + port)
                  .replace("tallyspan: {}", "tallyspan: {window: {wait_after_root: 10s}}")));
    }
    for (JavaProcess each : servers) {
      await("a server")
          .atMost(PATIENCE)
          .failFast(() -> assertThat(each.isAlive()).as(each::output).isTrue())
          .until(() -> each.output().contains("Forwarding with"));
    }
    int http = Ports.free(random);
    JavaProcess collector =
        tiers.collector(
            KafkaCheck.COLLECTOR,
            "collector",
            balancing
                .replace("0.0.0.0:4317", "127.0.0.1:" + Ports.free(random))
                .replace("0.0.0.0:4318", "127.0.0.1:" + http));

    for (int trace = 1; trace <= TRACES; trace += 10) {
      tiers.send(NumberedTraces.beginning(trace, 10), collector, http);
      tiers.send(NumberedTraces.end(trace, 10), collector, http);
    }

    await("all traces")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () ->
                assertThat(sink.complete())
                    .as(() -> collector.output() + servers.get(0).output())
                    .isEqualTo(TRACES));
    assertThat(sink.split()).isEmpty();
    assertThat(sink.wrong()).isEmpty();
    assertThat(sink.damaged()).isEmpty();
    assertThat(sink.processes()).hasSize(SERVERS);
  }

  /** One of the files; the metrics of servers on one machine would share a port. */
  private static String file(String name) throws IOException {
    String yaml = Files.readString(FILES.resolve(name));
    assertThat(yaml).contains("\nservice:\n");
    return yaml.replace("\nservice:\n", "\nservice:\n  telemetry: {metrics: {level: none}}\n");
  }
}
