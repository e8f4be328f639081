package dev.tallyspan.collector.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.config.TelemetryConfig;
import dev.tallyspan.collector.exporter.Certificate;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.receiver.OtlpReceiver;
import dev.tallyspan.collector.receiver.OtlpReceiverBuilder;
import dev.tallyspan.collector.receiver.ServerTls;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code service.telemetry}, from the file to the sockets. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OwnTelemetryTest {

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<byte[]> received = new CopyOnWriteArrayList<>();
  private OwnTelemetry telemetry;
  private OtlpReceiver receiver;

  @AfterEach
  void stop() {
    if (telemetry != null) {
      telemetry.close();
    }
    if (receiver != null) {
      receiver.close(Duration.ofSeconds(1));
    }
  }

  @Test
  void namesHaveTheirSuffixesUnlessAskedOtherwise() throws Exception {
    start("metrics: {address: '127.0.0.1:0'}");

    assertThat(scrape())
        .contains("\notelcol_process_uptime_total ", "\notelcol_process_memory_rss ")
        .contains("\ntest_requests_total 1\n", "\ntest_time_seconds_bucket{le=\"+Inf\"} 1\n")
        .contains("\njvm_memory_used_bytes{")
        .doesNotContain("otel_scope_")
        .containsPattern(
            "target_info\\{service_instance_id=\"id-1\",service_name=\"tallyspan\",service_version=\"1.2\"} 1\n");
  }

  @Test
  void namesAreThoseOfTheOfficialDistributionsWithTheirFlags() throws Exception {
    start(
        prometheus(
            "without_type_suffix: true, without_units: true, without_scope_info: true,"
                + " with_resource_constant_labels: {included: []}"));

    String labels =
        "service_instance_id=\"id-1\",service_name=\"tallyspan\",service_version=\"1.2\"}";
    assertThat(scrape())
        .contains("\notelcol_process_uptime{" + labels)
        .contains("\ntest_requests{" + labels + " 1\n")
        .contains("\ntest_time_count{" + labels + " 1\n")
        .contains("\njvm_memory_used{")
        .doesNotContain("_total")
        .doesNotContain("otel_scope_");
  }

  @Test
  void namesHaveUnitsAndScopesIfAskedFor() throws Exception {
    start(prometheus("without_units: false, without_scope_info: false, without_target_info: true"));

    assertThat(scrape())
        .contains("\notelcol_process_uptime_seconds_total{")
        .contains("\notelcol_process_memory_rss_bytes{")
        .contains("\notelcol_process_cpu_seconds_total{")
        .contains(
            "\ntest_requests_total{otel_scope_name=\"dev.tallyspan.collector\","
                + "otel_scope_schema_url=\"\",otel_scope_version=\"\"} 1\n")
        .doesNotContain("target_info");
  }

  @Test
  void translationStrategyIsTheSameAsTheFlags() throws Exception {
    start(
        "metrics: {readers: [{pull: {exporter: {prometheus/development: {host: 127.0.0.1, port: 0,"
            + " translation_strategy: UnderscoreEscapingWithoutSuffixes}}}}]}");

    assertThat(scrape()).contains("\notelcol_process_uptime ", "\njvm_memory_used{");
  }

  @Test
  void labelsOfTheResourceAreChosenByPatterns() throws Exception {
    start(
        prometheus(
                "with_resource_constant_labels: {included: [service.*, zone], excluded: ['*.?d']}")
            + "\n    resource: {service.name: gateway, service.version: null, zone: b, host: h}");

    assertThat(scrape())
        .contains("\ntest_requests_total{service_name=\"gateway\",zone=\"b\"} 1\n")
        .contains(
            "\ntarget_info{host=\"h\",service_instance_id=\"id-1\",service_name=\"gateway\",zone=\"b\"} 1\n");
  }

  @Test
  void resourceIsReadInTheDeclarativeFormToo() throws Exception {
    start(
        """
        metrics: {address: '127.0.0.1:0'}
            resource:
              attributes_list: "zone=a,team=x"
              attributes:
                - {name: zone, value: b}
                - {name: replicas, value: 3, type: int}
        """
            .stripTrailing());

    assertThat(scrape()).contains("target_info{replicas=\"3\",service_instance_id=\"id-1\",");
    assertThat(scrape()).contains("team=\"x\",zone=\"b\"} 1\n");
  }

  @Test
  void levelNoneTurnsMetricsOff() throws Exception {
    start("metrics: {level: none}");

    assertThat(telemetry.port()).isEqualTo(-1);
  }

  @Test
  void readersReplaceTheDefaultOne() throws Exception {
    startReceiver();
    start(
        "metrics: {readers: [{periodic: {exporter: {otlp: {endpoint: 'http://localhost:%d'}}}}]}"
            .formatted(receiver.httpPort()));

    assertThat(telemetry.port()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "otlp: {protocol: http/protobuf, endpoint: 'http://localhost:HTTP/v1/metrics', compression: gzip, headers: [{name: x-key, value: secret}]}",
        "otlp: {endpoint: 'localhost:HTTP', insecure: true, headers: {x-key: secret}}",
        "otlp: {protocol: grpc, endpoint: 'http://localhost:GRPC', headers_list: 'x-key=secret'}",
        "otlp_http: {endpoint: 'http://localhost:HTTP', compression: none, temporality_preference: cumulative}",
        "otlp_grpc: {endpoint: 'localhost:GRPC', tls: {insecure: true}, compression: gzip, default_histogram_aggregation: explicit_bucket_histogram}",
      })
  void metricsAreSentOverOtlp(String exporter) throws Exception {
    startReceiver();
    start(
        "metrics: {readers: [{periodic: {interval: 50, timeout: 5000, exporter: {%s}}}]}"
                .formatted(
                    exporter
                        .replace("HTTP", Integer.toString(receiver.httpPort()))
                        .replace("GRPC", Integer.toString(receiver.grpcPort())))
            + "\n    resource: {service.name: gateway}");

    // The first may have been sent before the test counted anything.
    await()
        .until(
            () ->
                received.stream()
                    .anyMatch(it -> new String(it, ISO_8859_1).contains("test.requests")));

    ExportMetricsServiceRequest request =
        ExportMetricsServiceRequest.parseFrom(received.get(received.size() - 1));
    assertThat(request.getResourceMetrics(0).getResource().getAttributesList())
        .extracting(KeyValue::getKey, it -> it.getValue().getStringValue())
        .contains(tuple("service.name", "gateway"), tuple("service.instance.id", "id-1"));
    assertThat(
            request.getResourceMetrics(0).getScopeMetricsList().stream()
                .flatMap(scope -> scope.getMetricsList().stream())
                .map(Metric::getName))
        .contains("otelcol_process_uptime", "test.requests", "jvm.memory.used");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "otlp: {endpoint: 'https://localhost:HTTP', certificate: CERT, client_certificate: CERT, client_key: KEY}",
        "otlp_grpc: {endpoint: 'localhost:GRPC', tls: {ca_file: CERT, cert_file: CERT, key_file: KEY}}",
      })
  void metricsAreSentOverTlsWithAClientCertificate(String exporter) throws Exception {
    // One self-signed certificate serves as server, client and authority.
    Certificate own = Certificate.of("localhost", directory);
    Path certificate = own.cert();
    Path key = own.key();
    ServerTls tls = ServerTls.of(certificate, key, certificate);
    startReceiver(builder -> builder.grpcTls(tls).httpTls(tls));

    start(
        "metrics: {readers: [{periodic: {interval: 50, timeout: 5000, exporter: {%s}}}]}"
            .formatted(
                exporter
                    .replace("HTTP", Integer.toString(receiver.httpPort()))
                    .replace("GRPC", Integer.toString(receiver.grpcPort()))
                    .replace("CERT", certificate.toString())
                    .replace("KEY", key.toString())));

    await().until(() -> !received.isEmpty());
  }

  @Test
  void lastValuesAreSentBeforeTheEnd() throws Exception {
    startReceiver();
    start(
        "metrics: {readers: [{periodic: {interval: 3600000, exporter: {otlp_http: {endpoint: 'http://localhost:%d'}}}}]}"
            .formatted(receiver.httpPort()));
    telemetry.meter().counterBuilder("test.late").build().add(1);

    telemetry.flush();

    // On a busy machine, the response may take longer than it is waited for.
    await().until(() -> !received.isEmpty());
    assertThat(new String(received.get(0), ISO_8859_1)).contains("test.late");
  }

  @Test
  void certificateThatCannotBeReadPreventsTheStart() {
    assertThatThrownBy(
            () ->
                start(
                    "metrics: {readers: [{periodic: {exporter: {otlp_http: {tls: {ca_file: /none.pem}}}}}]}"))
        .isInstanceOf(IOException.class)
        .hasMessage("service.telemetry.metrics.readers: cannot read /none.pem");
  }

  private static String prometheus(String flags) {
    return "metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: 0, "
        + flags
        + "}}}}]}";
  }

  private void startReceiver() throws Exception {
    startReceiver(builder -> builder);
  }

  private void startReceiver(UnaryOperator<OtlpReceiverBuilder> settings) throws Exception {
    receiver =
        settings
            .apply(OtlpReceiver.builder())
            .grpcEndpoint("localhost:0")
            .httpEndpoint("localhost:0")
            .intake(
                request -> {
                  received.add(request.bytes().toByteArray());
                  request.ack().settle(Outcome.ACCEPTED);
                })
            .build();
    receiver.start();
  }

  private void start(String telemetryYaml) throws Exception {
    Path file = directory.resolve("collector.yaml");
    Files.writeString(
        file,
        """
        receivers: {otlp: {protocols: {http: }}}
        exporters: {otlp_http: {endpoint: "http://backend:4318"}}
        service:
          pipelines: {traces: {receivers: [otlp], exporters: [otlp_http]}}
          telemetry:
            %s
        """
            .formatted(telemetryYaml));
    TelemetryConfig config = ConfigLoader.load(file, Map.of()).telemetry();
    Attributes resource = OwnTelemetry.resource(config, "1.2", "id-1");
    telemetry = OwnTelemetry.start(config, resource);
    telemetry.meter().counterBuilder("test.requests").build().add(1);
    telemetry.meter().histogramBuilder("test.time").setUnit("s").build().record(1);
  }

  private String scrape() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + telemetry.port() + "/metrics");
    return "\n"
        + client
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
            .body();
  }
}
