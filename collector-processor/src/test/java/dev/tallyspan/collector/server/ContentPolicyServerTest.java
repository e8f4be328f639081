package dev.tallyspan.collector.server;

import static dev.tallyspan.collector.server.ServerTesting.chat;
import static dev.tallyspan.collector.server.ServerTesting.firstSpan;
import static dev.tallyspan.collector.server.ServerTesting.keys;
import static dev.tallyspan.collector.server.ServerTesting.request;
import static dev.tallyspan.collector.server.ServerTesting.span;
import static dev.tallyspan.collector.server.ServerTesting.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.semconv.content.PlantedPrompts;
import dev.tallyspan.semconv.content.PlantedPrompts.Prompt;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves through exporters with a content policy, over real sockets. */
class ContentPolicyServerTest {

  private static final Logger ALL = Logger.getLogger("dev.tallyspan");

  @TempDir private Path directory;
  private ServerTesting testing;
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(java.util.logging.LogRecord record) {
          logged.add(record.getMessage() + " " + List.of(parameters(record)));
        }

        private Object[] parameters(java.util.logging.LogRecord record) {
          return record.getParameters() == null ? new Object[0] : record.getParameters();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void startBackend() throws Exception {
    testing = new ServerTesting();
    ALL.addHandler(handler);
    ALL.setUseParentHandlers(false);
    ALL.setLevel(Level.ALL);
  }

  @AfterEach
  void stop() {
    testing.close();
    ALL.removeHandler(handler);
    ALL.setUseParentHandlers(true);
    ALL.setLevel(null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  void noPlantedValueLeavesAnywhere(String queue) throws Exception {
    List<Prompt> prompts = PlantedPrompts.all();
    Path file = directory.resolve("file.json");
    testing.start(
        directory,
        """
        processors: {tallyspan: {window: false}}
        exporters:
          otlp_http: {endpoint: BACKEND, compression: none, content_policy: redacted}
          debug: {verbosity: detailed, show_content: true, content_policy: {mode: redacted}}
          file: {path: "%2$s", content_policy: redacted}
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http, debug, file], queue: %1$s}
            logs: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http], queue: %1$s}
            metrics: {receivers: [otlp], exporters: [otlp_http], queue: %1$s}
        """
            .formatted(queue, file));

    assertThat(testing.post("traces", traces(prompts).toByteArray())).isEqualTo(200);
    assertThat(testing.post("logs", logs(prompts).toByteArray())).isEqualTo(200);
    assertThat(testing.post("metrics", metrics(prompts).toByteArray())).isEqualTo(200);

    await().until(() -> testing.arrivals.size() == 3);
    String own = testing.metrics.prometheusText();
    testing.closeServer();
    StringBuilder left = new StringBuilder(Files.readString(file)).append(own).append(logged);
    for (byte[] arrival : testing.arrivals) {
      left.append(new String(arrival, StandardCharsets.UTF_8));
    }
    String leaving = left.toString();
    assertThat(leaving).contains("[EMAIL]", "[SECRET]", "[CARD]");
    assertThat(prompts.stream().filter(prompt -> prompt.leavesIn(leaving))).isEmpty();
    assertThat(own)
        .containsPattern(
            "tallyspan_content_masked_total\\{exporter=\"otlp_http\",kind=\"EMAIL\"} [1-9]")
        .contains("tallyspan_content_failures_total{exporter=\"otlp_http\"} 0");
  }

  @Test
  void noPlantedValueIsInTheErrorOfABackendThatQuotesWhatItRefuses() throws Exception {
    List<Prompt> prompts = PlantedPrompts.all();
    HttpServer quoting =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    quoting.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(400, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    quoting.start();
    try {
      testing.start(
          directory,
          """
          exporters: {otlp_http: {endpoint: "http://127.0.0.1:%d", compression: none, content_policy: redacted}}
          service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_http], queue: direct}}}
          """
              .formatted(quoting.getAddress().getPort()));

      assertThat(testing.post(traces(prompts))).isEqualTo(400);

      testing.closeServer();
      String said = logged.toString();
      assertThat(logged).isNotEmpty();
      assertThat(prompts.stream().filter(prompt -> prompt.leavesIn(said))).isEmpty();
    } finally {
      quoting.stop(0);
    }
  }

  @Test
  void withoutAPolicyTheBytesAreThoseThatCame() throws Exception {
    testing.start(
        directory,
        """
        exporters: {otlp_http: {endpoint: BACKEND, compression: none, content_policy: full}}
        service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_http], queue: direct}}}
        """);
    ExportTraceServiceRequest sent = traces(PlantedPrompts.all());

    assertThat(testing.post(sent)).isEqualTo(200);

    assertThat(testing.arrivals).singleElement().isEqualTo(sent.toByteArray());
    String left = new String(testing.arrivals.get(0), StandardCharsets.UTF_8);
    // That the test sees what leaves; some values are escaped in more ways than it looks for.
    assertThat(PlantedPrompts.all().stream().filter(prompt -> prompt.leavesIn(left)).count())
        .isGreaterThanOrEqualTo(195);
    assertThat(testing.metrics.prometheusText()).doesNotContain("tallyspan_content_");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  void eachExporterHasItsOwnPolicyAndAllHaveTheCost(String queue) throws Exception {
    Path none = directory.resolve("none.json");
    Path metadata = directory.resolve("metadata.json");
    testing.start(
        directory,
        """
        processors: {tallyspan: {window: false}}
        exporters:
          otlp_http: {endpoint: BACKEND, compression: none}
          file/none: {path: "%s", content_policy: none}
          file/metadata: {path: "%s", content_policy: metadata}
        service:
          pipelines:
            traces:
              receivers: [otlp]
              processors: [tallyspan]
              exporters: [otlp_http, file/none, file/metadata]
              queue: %s
        """
            .formatted(none, metadata, queue));

    assertThat(testing.post(request(chat()))).isEqualTo(200);

    await().until(() -> testing.arrivals.size() == 1);
    testing.closeServer();
    assertThat(keys(firstSpan(testing.arrived(0)))).contains("gen_ai.input.messages");
    assertThat(testing.arrived(0).toString()).contains("geheim");
    assertThat(Files.readString(none))
        .doesNotContain("geheim", "gen_ai.input.messages")
        .contains("tallyspan.cost.total", "gen_ai.usage.input_tokens");
    assertThat(Files.readString(metadata))
        .doesNotContain("geheim")
        .contains("<6 characters>", "tallyspan.cost.total");
  }

  private static ExportTraceServiceRequest traces(List<Prompt> prompts) {
    List<Span> spans = new ArrayList<>();
    for (Prompt prompt : prompts) {
      String said = prompt.text();
      spans.add(
          chat().toBuilder()
              .setName(said)
              .clearAttributes()
              .addAllAttributes(chat().getAttributesList().subList(0, 5))
              .addAttributes(text("gen_ai.input.messages", said))
              .addAttributes(text("llm.input_messages.0.message.content", said))
              .addAttributes(text("http.route", said))
              .addAttributes(array("acme.notes", said))
              .addAttributes(map("acme.state", said))
              .addEvents(
                  Span.Event.newBuilder()
                      .setName(said)
                      .addAttributes(text("exception.message", said)))
              .addLinks(Span.Link.newBuilder().addAttributes(text("reason", said)))
              .setStatus(Status.newBuilder().setCodeValue(2).setMessage(said))
              .build());
      spans.add(
          span("GET /" + said, 2).toBuilder().addAttributes(text("enduser.note", said)).build());
    }
    ExportTraceServiceRequest.Builder request = request(spans.toArray(new Span[0])).toBuilder();
    request
        .getResourceSpansBuilder(0)
        .getResourceBuilder()
        .addAttributes(text("process.command_line", prompts.get(0).text()));
    request
        .getResourceSpansBuilder(0)
        .getScopeSpansBuilder(0)
        .getScopeBuilder()
        .setName("test")
        .addAttributes(text("note", prompts.get(1).text()));
    return request.build();
  }

  private static ExportLogsServiceRequest logs(List<Prompt> prompts) {
    ScopeLogs.Builder scope = ScopeLogs.newBuilder();
    for (Prompt prompt : prompts) {
      String said = prompt.text();
      scope.addLogRecords(
          LogRecord.newBuilder()
              .setBody(AnyValue.newBuilder().setStringValue(said))
              .setEventName("gen_ai.user.message")
              .addAttributes(text("gen_ai.system", "openai"))
              .addAttributes(map("content", said)));
      scope.addLogRecords(
          LogRecord.newBuilder()
              .setSeverityText(said)
              .setEventName(said)
              .setBody(map("content", said).getValue()));
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(text("service.name", "shop")))
                .addScopeLogs(scope))
        .build();
  }

  private static ExportMetricsServiceRequest metrics(List<Prompt> prompts) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (Prompt prompt : prompts) {
      gauge.addDataPoints(
          NumberDataPoint.newBuilder()
              .setAsInt(1)
              .addAttributes(text("question", prompt.text()))
              .addExemplars(
                  Exemplar.newBuilder().addFilteredAttributes(text("user", prompt.text()))));
    }
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(Metric.newBuilder().setName("asked").setGauge(gauge))))
        .build();
  }

  private static KeyValue array(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(
            AnyValue.newBuilder()
                .setArrayValue(
                    ArrayValue.newBuilder().addValues(AnyValue.newBuilder().setStringValue(value))))
        .build();
  }

  private static KeyValue map(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(
            AnyValue.newBuilder()
                .setKvlistValue(
                    KeyValueList.newBuilder()
                        .addValues(text("role", "user"))
                        .addValues(text("content", value))))
        .build();
  }
}
