package dev.tallyspan.collector.it;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application under the released Java agent sends its spans through {@code tallyspan run} to a
 * backend. A second exporter of the agent sends the same spans to a witness, so that what passed
 * through Tallyspan can be compared with what was sent.
 */
class JavaAgentIT {

  private static final String TALLYSPAN = System.getProperty("tallyspan.jar");
  private static final String JAVAAGENT = System.getProperty("tallyspan.javaagent");

  @TempDir Path directory;
  private FakeProvider provider;
  private Backend backend;
  private Backend witness;

  @BeforeEach
  void startServers() throws IOException {
    provider = new FakeProvider();
    backend = new Backend();
    witness = new Backend();
  }

  @AfterEach
  void stopServers() {
    provider.close();
    backend.close();
    witness.close();
  }

  @Test
  void chatThroughGrpcArrivesWithItsCost() throws Exception {
    runThrough("grpc", backend.grpcEndpoint());
    assertCostIsAddedAndNothingIsLost();
  }

  @Test
  void chatThroughHttpArrivesWithItsCost() throws Exception {
    runThrough("http/protobuf", backend.httpEndpoint());
    assertCostIsAddedAndNothingIsLost();
  }

  private void runThrough(String protocol, String endpoint) throws Exception {
    Map<String, String> environment =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            protocol,
            "TALLYSPAN_GRPC_ENDPOINT",
            "127.0.0.1:0",
            "TALLYSPAN_HTTP_ENDPOINT",
            "127.0.0.1:0",
            "TALLYSPAN_DATA",
            directory.resolve("data").toString());
    try (JavaProcess tallyspan =
        JavaProcess.start(directory.resolve("tallyspan"), environment, "-jar", TALLYSPAN, "run")) {
      String grpcPort =
          awaitPrinted(tallyspan, Pattern.compile("OTLP/gRPC on 127.0.0.1:(\\d+)\\R"));
      String httpPort =
          awaitPrinted(tallyspan, Pattern.compile("OTLP/HTTP on http://127.0.0.1:(\\d+)\\R"));
      String exporter =
          protocol.equals("grpc")
              ? "{otlp_grpc: {endpoint: 'http://127.0.0.1:" + grpcPort + "'}}"
              : "{otlp_http: {endpoint: 'http://127.0.0.1:" + httpPort + "/v1/traces'}}";
      runApplication(exporter);
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(
              () ->
                  assertThat(backend.spans()).as(tallyspan::output).hasSameSizeAs(witness.spans()));
    }
  }

  private void runApplication(String exporter) throws Exception {
    Path configuration =
        Files.writeString(
            directory.resolve("otel.yaml"),
            """
            file_format: "1.2"
            tracer_provider:
              processors:
                - batch: {exporter: %s}
                - batch: {exporter: {otlp_http: {endpoint: '%s/v1/traces'}}}
            """
                .formatted(exporter, witness.httpEndpoint()));
    try (JavaProcess application =
        JavaProcess.start(
            directory.resolve("application"),
            Map.of(),
            "-javaagent:" + JAVAAGENT,
            "-Dotel.config.file=" + configuration,
            "-cp",
            System.getProperty("java.class.path"),
            ChatApplication.class.getName(),
            provider.baseUrl())) {
      application.finish();
      assertThat(witness.spans("chat")).as(application::output).hasSize(1);
    }
  }

  private void assertCostIsAddedAndNothingIsLost() {
    Span sent = witness.spans("chat").get(0);
    Span received = backend.spans("chat").get(0);
    Map<String, AnyValue> attributes = attributes(received);
    assertThat(attributes).containsAllEntriesOf(attributes(sent));
    // 1117 x 0.15 + 463 x 0.60 USD per million.
    assertThat(attributes)
        .containsEntry(
            "tallyspan.cost.total", AnyValue.newBuilder().setDoubleValue(0.00044535).build())
        .containsEntry("tallyspan.cost.total_exact", text("0.00044535"))
        .containsEntry("tallyspan.cost.currency", text("USD"))
        .containsEntry("tallyspan.cost.status", text("priced"));
    assertThat(received.toBuilder().clearAttributes().build())
        .isEqualTo(sent.toBuilder().clearAttributes().build());

    assertThat(witness.spans("POST")).isNotEmpty();
    assertThat(backend.spans("POST")).containsExactlyElementsOf(witness.spans("POST"));
  }

  private static Map<String, AnyValue> attributes(Span span) {
    return span.getAttributesList().stream().collect(toMap(KeyValue::getKey, KeyValue::getValue));
  }

  private static AnyValue text(String value) {
    return AnyValue.newBuilder().setStringValue(value).build();
  }

  /** Returns what the pattern's group has matched, once the process has printed it. */
  private static String awaitPrinted(JavaProcess process, Pattern pattern) {
    return await()
        .atMost(Duration.ofMinutes(2))
        .failFast(() -> assertThat(process.isAlive()).as(process::output).isTrue())
        .until(
            () -> {
              Matcher line = pattern.matcher(process.output());
              return line.find() ? line.group(1) : null;
            },
            Objects::nonNull);
  }
}
