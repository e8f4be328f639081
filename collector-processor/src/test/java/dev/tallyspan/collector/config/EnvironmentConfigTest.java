package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.exporter.Compression;
import dev.tallyspan.collector.exporter.Protocol;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.pricing.Deployments;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentConfigTest {

  private static Map<String, String> env(String... assignments) {
    Map<String, String> env = new HashMap<>();
    Arrays.stream(assignments)
        .forEach(
            it -> env.put(it.substring(0, it.indexOf('=')), it.substring(it.indexOf('=') + 1)));
    return env;
  }

  private static ExporterConfig exporter(String... assignments) throws ConfigException {
    List<ExporterConfig> exporters = EnvironmentConfig.from(env(assignments)).exporters();
    assertThat(exporters).hasSize(1);
    return exporters.get(0);
  }

  private static List<String> faults(String... assignments) {
    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> EnvironmentConfig.from(env(assignments)));
    assertThat(thrown).isNotNull();
    return thrown.faults().stream().map(Fault::toString).toList();
  }

  @Test
  void withNothingSetItReceivesAndExportsNothing() throws Exception {
    CollectorConfig config = EnvironmentConfig.from(Map.of());

    assertThat(config.exporters()).isEmpty();
    assertThat(config.receiver("otlp").grpc().endpoint()).hasToString("localhost:4317");
    assertThat(config.receiver("otlp").http().endpoint()).hasToString("localhost:4318");
    assertThat(config.pipelines())
        .extracting(PipelineConfig::signal)
        .containsExactly(Signal.values());
    assertThat(config.pipelines()).allSatisfy(it -> assertThat(it.exporters()).isEmpty());
    assertThat(config.processor("tallyspan"))
        .isEqualTo(
            new ProcessorConfig(
                "tallyspan",
                null,
                null,
                Deployments.none(),
                null,
                null,
                ProfileConfig.UNSET,
                null,
                WindowConfig.DEFAULT,
                ProcessorConfig.ALL_GAPS,
                DialectsConfig.DEFAULT));
  }

  @Test
  void oneEndpointIsOneHttpExporterForAllSignals() throws Exception {
    CollectorConfig config =
        EnvironmentConfig.from(env("OTEL_EXPORTER_OTLP_ENDPOINT=http://backend:4318"));

    ExporterConfig exporter = config.exporter("otlp_http");
    assertThat(exporter.protocol()).isEqualTo(Protocol.HTTP_PROTOBUF);
    assertThat(exporter.endpoint()).isEqualTo("http://backend:4318");
    assertThat(exporter.compression()).isEqualTo(Compression.NONE);
    assertThat(exporter.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.exporters()).hasSize(1);
    assertThat(config.pipelines())
        .allSatisfy(it -> assertThat(it.exporters()).containsExactly("otlp_http"));
  }

  @Test
  void everyOptionIsRead() throws Exception {
    ExporterConfig exporter =
        exporter(
            "OTEL_EXPORTER_OTLP_ENDPOINT=https://backend:4317",
            "OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
            "OTEL_EXPORTER_OTLP_HEADERS=Authorization=Basic%20a%2Bb==, x-tenant = t+1 ,",
            "OTEL_EXPORTER_OTLP_COMPRESSION=gzip",
            "OTEL_EXPORTER_OTLP_TIMEOUT=2500",
            "OTEL_EXPORTER_OTLP_CERTIFICATE=ca.pem",
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE=cert.pem",
            "OTEL_EXPORTER_OTLP_CLIENT_KEY=key.pem",
            "OTEL_EXPORTER_OTLP_INSECURE=True");

    assertThat(exporter.id()).isEqualTo("otlp_grpc");
    assertThat(exporter.headers())
        .containsExactly(Map.entry("authorization", "Basic a+b=="), Map.entry("x-tenant", "t+1"));
    assertThat(exporter.compression()).isEqualTo(Compression.GZIP);
    assertThat(exporter.timeout()).isEqualTo(Duration.ofMillis(2500));
    assertThat(exporter.tls().caFile()).isEqualTo(Path.of("ca.pem"));
    assertThat(exporter.tls().certFile()).isEqualTo(Path.of("cert.pem"));
    assertThat(exporter.tls().keyFile()).isEqualTo(Path.of("key.pem"));
    assertThat(exporter.tls().insecure()).isTrue();
  }

  @Test
  void headerValuesAreNotShown() throws Exception {
    ExporterConfig exporter =
        exporter(
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://backend:4318",
            "OTEL_EXPORTER_OTLP_HEADERS=authorization=secret");

    assertThat(exporter.toString()).contains("authorization").doesNotContain("secret");
  }

  @Test
  void aSignalsOwnUrlIsTakenAsItIsByTheSameExporter() throws Exception {
    ExporterConfig exporter =
        exporter(
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://backend:4318",
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://other/metrics");

    assertThat(exporter.endpoint()).isEqualTo("http://backend:4318");
    assertThat(exporter.signalEndpoints())
        .containsExactly(Map.entry(Signal.METRICS, "http://other/metrics"));
  }

  @Test
  void anEndpointForOneSignalExportsThatSignalAlone() throws Exception {
    CollectorConfig config =
        EnvironmentConfig.from(env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://backend/traces"));

    assertThat(config.pipelines())
        .extracting(PipelineConfig::id, PipelineConfig::exporters)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("traces", List.of("otlp_http")),
            org.assertj.core.api.Assertions.tuple("logs", List.of()),
            org.assertj.core.api.Assertions.tuple("metrics", List.of()));
  }

  @Test
  void signalsThatDifferGetExportersOfTheirOwn() throws Exception {
    CollectorConfig config =
        EnvironmentConfig.from(
            env(
                "OTEL_EXPORTER_OTLP_ENDPOINT=http://backend:4318",
                "OTEL_EXPORTER_OTLP_LOGS_HEADERS=key=logs",
                "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=grpc"));

    assertThat(config.exporters())
        .extracting(ExporterConfig::id)
        .containsExactly("otlp_http", "otlp_http/2", "otlp_grpc");
    assertThat(config.exporter("otlp_http/2").headers()).containsEntry("key", "logs");
  }

  @Test
  void anEmptyVariableIsAsUnset() throws Exception {
    assertThat(EnvironmentConfig.from(env("OTEL_EXPORTER_OTLP_ENDPOINT= ")).exporters()).isEmpty();
    assertThat(
            exporter(
                    "OTEL_EXPORTER_OTLP_ENDPOINT=http://backend:4318",
                    "OTEL_EXPORTER_OTLP_PROTOCOL=")
                .protocol())
        .isEqualTo(Protocol.HTTP_PROTOBUF);
  }

  @Test
  void receiversListenWhereTheirVariablesSay() throws Exception {
    ReceiverConfig receiver =
        EnvironmentConfig.from(
                env("TALLYSPAN_GRPC_ENDPOINT=0.0.0.0:14317", "TALLYSPAN_HTTP_ENDPOINT=[::1]:0"))
            .receiver("otlp");

    assertThat(receiver.grpc().endpoint()).isEqualTo(new ListenEndpoint("0.0.0.0", 14317));
    assertThat(receiver.http().endpoint()).isEqualTo(new ListenEndpoint("::1", 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:4318", "http://127.0.0.1:4318/v1", "http://[::1]:4318"})
  void exportingToItselfIsAFault(String endpoint) {
    assertThat(faults("OTEL_EXPORTER_OTLP_ENDPOINT=" + endpoint))
        .containsExactly(
            "OTEL_EXPORTER_OTLP_ENDPOINT: sends to this collector's own receiver otlp (HTTP on"
                + " localhost:4318): set the backend's address, or another port for the"
                + " receiver");
  }

  @Test
  void anotherPortOnThisMachineIsNotItself() throws Exception {
    assertThat(exporter("OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:14318").endpoint())
        .isEqualTo("http://localhost:14318");
    assertThat(
            exporter(
                    "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318",
                    "TALLYSPAN_HTTP_ENDPOINT=localhost:5318")
                .endpoint())
        .isEqualTo("http://localhost:4318");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OTEL_EXPORTER_OTLP_PROTOCOL=http/json | http/json is not supported: use http/protobuf, which these backends accept too",
        "OTEL_EXPORTER_OTLP_PROTOCOL=tcp | unknown protocol: use grpc or http/protobuf",
        "OTEL_EXPORTER_OTLP_COMPRESSION=zstd | unknown compression: use gzip or none",
        "OTEL_EXPORTER_OTLP_TIMEOUT=10s | not a positive whole number of milliseconds",
        "OTEL_EXPORTER_OTLP_TIMEOUT=0 | not a positive whole number of milliseconds",
        "OTEL_EXPORTER_OTLP_HEADERS=a=b,secret | entry 2 is not key=value",
        "OTEL_EXPORTER_OTLP_HEADERS=a=%zz | entry 1 has an invalid percent-encoding",
        "OTEL_EXPORTER_OTLP_HEADERS=a=x%0Ay | header a: the value must be printable ASCII on one line",
        "OTEL_EXPORTER_OTLP_HEADERS=a b=c | header a b: not a header name",
        "OTEL_EXPORTER_OTLP_HEADERS=host=c | header host: cannot be set",
        "OTEL_EXPORTER_OTLP_CLIENT_KEY=k | set both client certificate and client key: the certificate is missing",
        "TALLYSPAN_GRPC_ENDPOINT=4317 | not a valid address to listen on: use host:port",
        "TALLYSPAN_HTTP_ENDPOINT=a:70000 | not a valid address to listen on: use host:port",
        "OTEL_EXPORTER_OTLP_ENDPOINT=backend:4318 | endpoint has no scheme: use http://host:port or https://host:port",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://u:p@backend | must not contain user and password: use the header Authorization",
        "OTEL_EXPORTER_OTLP_ENDPOINT=ftp://backend | scheme ftp is not supported: use http, https, or host:port",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http:///x | has no host: use http://host:port, https://host:port or host:port",
      })
  void aWrongValueNamesItsVariable(String assignment, String message) {
    String variable = assignment.substring(0, assignment.indexOf('='));

    assertThat(faults("OTEL_EXPORTER_OTLP_ENDPOINT=http://backend:4318", assignment))
        .containsExactly(variable + ": " + message);
  }

  @Test
  void aBaseUrlThatEndsInASignalsPathIsWarnedOfOnce() throws Exception {
    CollectorConfig config =
        EnvironmentConfig.from(env("OTEL_EXPORTER_OTLP_ENDPOINT=https://backend/otlp/v1/traces/"));

    assertThat(config.warnings())
        .extracting(Fault::toString)
        .containsExactly(
            "OTEL_EXPORTER_OTLP_ENDPOINT: ends in /v1/traces, which is ignored because the path of"
                + " each signal is appended: set the base URL, or set OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
  }

  @Test
  void aSignalsOwnUrlMayEndAsItLikes() throws Exception {
    CollectorConfig config =
        EnvironmentConfig.from(env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://backend/v1/traces"));

    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void wordsAreTakenInAnyCase() throws Exception {
    ExporterConfig exporter =
        exporter(
            "OTEL_EXPORTER_OTLP_ENDPOINT=https://backend:4317",
            "OTEL_EXPORTER_OTLP_PROTOCOL=GRPC",
            "OTEL_EXPORTER_OTLP_COMPRESSION=GZip");

    assertThat(exporter.protocol()).isEqualTo(Protocol.GRPC);
    assertThat(exporter.compression()).isEqualTo(Compression.GZIP);
  }

  @ParameterizedTest
  @CsvSource({"INFO, INFO", "Debug, FINE", "warn, WARNING", "ERROR, SEVERE"})
  void logLevelIsTakenInAnyCase(String value, String level) throws Exception {
    CollectorConfig config = EnvironmentConfig.from(env("OTEL_LOG_LEVEL=" + value));

    assertThat(config.telemetry().logLevel()).isEqualTo(Level.parse(level));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void logLevelOfAnSdkThatIsUnknownHereIsAWarning() throws Exception {
    CollectorConfig config = EnvironmentConfig.from(env("OTEL_LOG_LEVEL=verbose"));

    assertThat(config.telemetry().logLevel()).isEqualTo(Level.INFO);
    assertThat(config.warnings())
        .extracting(Fault::message)
        .containsExactly(
            "OTEL_LOG_LEVEL: unknown level, info is used: use debug, info, warn or error");
  }

  @Test
  void allFaultsAreReported() {
    assertThat(
            faults(
                "OTEL_EXPORTER_OTLP_ENDPOINT=http://backend:4318",
                "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=x",
                "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION=x"))
        .hasSize(2);
  }
}
