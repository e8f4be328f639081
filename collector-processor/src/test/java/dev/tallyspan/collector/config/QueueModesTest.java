package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When senders get their responses, which pipelines, exporters and the data directory decide. */
class QueueModesTest {
  private static final Path DATA = Path.of("/data");

  private static String file(String queue, String sendingQueue) {
    return """
        receivers: {otlp: {protocols: {grpc: }}}
        extensions: {file_storage/a: {directory: /var/lib/otelcol}, file_storage/b: }
        exporters:
          otlp_http:
            endpoint: https://backend
            sending_queue: {%s}
        service:
          extensions: [file_storage/b]
          pipelines:
            traces:
              receivers: [otlp]
              exporters: [otlp_http]
              %s
        """
        .formatted(sendingQueue, queue);
  }

  private static CollectorConfig parse(String text) throws ConfigException {
    return ConfigLoader.parse("c.yaml", text, Map.of());
  }

  private static QueueMode mode(CollectorConfig config) {
    return config.queueMode(config.pipelines().get(0));
  }

  /** The faults of a configuration that is valid with a data directory. */
  private static List<String> faultsWithoutDirectory(CollectorConfig config) throws Exception {
    config.withDataDirectory(DATA);
    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> config.withDataDirectory(null));
    assertThat(thrown).as("accepted").isNotNull();
    return thrown.faults().stream().map(Fault::toString).toList();
  }

  @Test
  void queueIsDurableIfThereIsADataDirectory() throws Exception {
    CollectorConfig config = parse(file("", ""));

    assertThat(mode(config.withDataDirectory(null))).isEqualTo(QueueMode.DIRECT);
    assertThat(mode(config.withDataDirectory(DATA))).isEqualTo(QueueMode.DURABLE);
    assertThat(config.withDataDirectory(DATA).storage().directory()).isEqualTo(DATA);
  }

  @ParameterizedTest
  @CsvSource({"durable, DURABLE", "direct, DIRECT", "Memory, MEMORY"})
  void pipelineSaysWhichQueueItHas(String word, QueueMode mode) throws Exception {
    assertThat(mode(parse(file("queue: " + word, "")).withDataDirectory(DATA))).isEqualTo(mode);
  }

  @Test
  void unknownQueueIsAFault() {
    assertThatThrownBy(() -> parse(file("queue: disk", "")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "c.yaml:13:14: service.pipelines.traces.queue: must be one of direct, durable, memory,"
                + " not disk");
  }

  @Test
  void durableNeedsADirectory() throws Exception {
    CollectorConfig config = parse(file("queue: durable", ""));

    assertThat(faultsWithoutDirectory(config))
        .containsExactly(
            "13:14: service.pipelines.traces.queue: durable needs a data directory: set"
                + " storage.directory, --data or TALLYSPAN_DATA, or set queue to direct or memory");
    assertThatThrownBy(() -> config.withDataDirectory(null))
        .hasMessageStartingWith("c.yaml:13:14: service.pipelines.traces.queue: durable needs");
  }

  @Test
  void storageOfAnExporterMakesItsPipelinesDurable() throws Exception {
    CollectorConfig config = parse(file("", "storage: file_storage/a"));

    assertThat(mode(config)).isEqualTo(QueueMode.DURABLE);
    assertThat(config.storage().directory()).isEqualTo(Path.of("/var/lib/otelcol"));
    assertThat(faultsWithoutDirectory(config))
        .containsExactly(
            "6:30: exporters.otlp_http.sending_queue.storage: a durable queue needs a data"
                + " directory: set storage.directory, --data or TALLYSPAN_DATA, or set queue to"
                + " direct or memory");
  }

  @Test
  void pipelineTakesPrecedenceOverTheStorageOfItsExporters() throws Exception {
    CollectorConfig config = parse(file("queue: memory", "storage: file_storage/b"));

    assertThat(mode(config.withDataDirectory(null))).isEqualTo(QueueMode.MEMORY);
    assertThat(config.warnings())
        .extracting(Fault::toString)
        .contains(
            "6:21: exporters.otlp_http.sending_queue.storage: has no effect in the pipeline traces,"
                + " which sets queue: memory");
  }

  @Test
  void storageMustBeDefined() {
    assertThatThrownBy(() -> parse(file("", "storage: file_storage/c")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "c.yaml:6:30: exporters.otlp_http.sending_queue.storage: file_storage/c is not defined"
                + " under extensions; did you mean file_storage/a?");
  }

  @ParameterizedTest
  @CsvSource({"durable", "memory"})
  void queueThatAcknowledgesEarlierNeedNotWaitForTheResult(String queue) throws Exception {
    assertThat(parse(file("queue: " + queue, "wait_for_result: false")).withDataDirectory(DATA))
        .isNotNull();
  }

  @Test
  void directQueueWaitsForTheResult() throws Exception {
    assertThat(parse(file("queue: direct", "wait_for_result: false")).warnings())
        .last()
        .asString()
        .startsWith(
            "6:21: exporters.otlp_http.sending_queue.wait_for_result: has no effect in the");
  }

  @Test
  void theCollectorsDefaultForTheResultSaysNothingWithoutADirectory() throws Exception {
    CollectorConfig config = parse(file("", "wait_for_result: false"));

    assertThat(config.warnings())
        .noneMatch(warning -> warning.message().contains("wait_for_result"));
    assertThat(mode(config.withDataDirectory(null))).isEqualTo(QueueMode.DIRECT);
  }

  @Test
  void pipelineThatForwardsNothingKeepsNothing() throws Exception {
    CollectorConfig config = EnvironmentConfig.from(Map.of()).withDataDirectory(DATA);

    assertThat(mode(config)).isEqualTo(QueueMode.DIRECT);
  }

  @Test
  void environmentIsDurableWithADirectory() throws Exception {
    CollectorConfig config =
        EnvironmentConfig.from(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "https://backend"));

    assertThat(mode(config.withDataDirectory(DATA))).isEqualTo(QueueMode.DURABLE);
    assertThat(mode(config.withDataDirectory(null))).isEqualTo(QueueMode.DIRECT);
  }
}
