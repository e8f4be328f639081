package dev.tallyspan.collector.server;

import static dev.tallyspan.collector.server.ServerTesting.chat;
import static dev.tallyspan.collector.server.ServerTesting.firstSpan;
import static dev.tallyspan.collector.server.ServerTesting.keys;
import static dev.tallyspan.collector.server.ServerTesting.request;
import static dev.tallyspan.collector.server.ServerTesting.span;
import static dev.tallyspan.collector.server.ServerTesting.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processors around {@code tallyspan} and without it, over real sockets. */
class EditingServerTest {

  private static final String PROCESSORS =
      """
      processors:
        tallyspan: {window: false}
        resource:
          attributes:
            - {key: deployment.environment.name, value: prod, action: upsert}
            - {key: service.name, value: store, action: update}
        attributes/model:
          actions: [{key: gen_ai.request.model, value: gpt-4o-mini, action: update}]
        attributes/content:
          include: {match_type: strict, services: [store]}
          actions:
            - {pattern: "messages$", action: delete}
            - {key: tallyspan.cost.total, action: convert, converted_type: string}
        transform:
          error_mode: ignore
          trace_statements:
            - set(span.attributes["asked"], SHA256(span.attributes["gen_ai.input.messages"]))
            - delete_matching_keys(span.attributes, "messages$")
            - replace_pattern(span.name, "(chat).*", "$$1")
            - set(resource.attributes["service.name"], "store")
      """;

  @TempDir private Path directory;
  private ServerTesting testing;

  @BeforeEach
  void startBackend() throws Exception {
    testing = new ServerTesting();
  }

  @AfterEach
  void stop() {
    testing.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  void editsApplyInTheOrderOfThePipeline(String queue) throws Exception {
    start("resource, attributes/model, tallyspan, attributes/content", "traces", queue);

    assertThat(testing.post(request(chat()))).isEqualTo(200);

    await().until(() -> testing.arrivals.size() == 1);
    ExportTraceServiceRequest arrived = testing.arrived(0);
    assertThat(arrived.getResourceSpans(0).getResource().getAttributesList())
        .containsExactlyInAnyOrder(
            text("deployment.environment.name", "prod"), text("service.name", "store"));
    Span span = firstSpan(arrived);
    assertThat(keys(span))
        .doesNotContain("gen_ai.input.messages")
        .contains("tallyspan.cost.status");
    // 1000 x 0.15 + 100 x 0.60 USD per million, of the model that the edit set.
    assertThat(span.getAttributesList())
        .contains(text("gen_ai.request.model", "gpt-4o-mini"))
        .contains(text("tallyspan.cost.total", "0.00021"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  void statementsApplyBeforeAndAfterTallyspan(String queue) throws Exception {
    start("attributes/model, tallyspan, transform", "traces", queue);

    assertThat(testing.post(request(chat()))).isEqualTo(200);

    await().until(() -> testing.arrivals.size() == 1);
    ExportTraceServiceRequest arrived = testing.arrived(0);
    assertThat(arrived.getResourceSpans(0).getResource().getAttributesList())
        .contains(text("service.name", "store"));
    Span span = firstSpan(arrived);
    assertThat(span.getName()).isEqualTo("chat");
    assertThat(keys(span))
        .doesNotContain("gen_ai.input.messages")
        .contains("asked", "tallyspan.cost.status");
    assertThat(span.toString()).doesNotContain("geheim");
  }

  @Test
  void exportersBehindOneQueueGetTheSameEdits() throws Exception {
    testing.start(
        directory,
        PROCESSORS
            + """
            exporters:
              otlp_http/a: {endpoint: BACKEND, compression: none}
              otlp_http/b: {endpoint: BACKEND, compression: none}
            service:
              pipelines:
                traces:
                  receivers: [otlp]
                  processors: [resource, tallyspan, attributes/content]
                  exporters: [otlp_http/a, otlp_http/b]
                  queue: memory
            """);

    assertThat(testing.post(request(chat()))).isEqualTo(200);

    await().until(() -> testing.arrivals.size() == 2);
    assertThat(testing.arrived(0)).isEqualTo(testing.arrived(1));
    assertThat(keys(firstSpan(testing.arrived(0)))).doesNotContain("gen_ai.input.messages");
  }

  @Test
  void pipelineWithoutTallyspanIsEdited() throws Exception {
    start("resource", "traces", "direct");

    testing.post(request(span("GET", 1)));

    ExportTraceServiceRequest arrived = testing.arrived(0);
    assertThat(firstSpan(arrived)).isEqualTo(span("GET", 1));
    assertThat(arrived.getResourceSpans(0).getResource().getAttributesList())
        .contains(text("service.name", "store"));
  }

  @Test
  void resourcesOfMetricsAreEdited() throws Exception {
    start("resource", "metrics", "direct");
    ExportMetricsServiceRequest request =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder()
                            .addMetrics(
                                Metric.newBuilder()
                                    .setName("m")
                                    .setGauge(
                                        Gauge.newBuilder()
                                            .addDataPoints(NumberDataPoint.newBuilder())))))
            .build();

    assertThat(testing.post("metrics", request.toByteArray())).isEqualTo(200);

    ExportMetricsServiceRequest arrived =
        ExportMetricsServiceRequest.parseFrom(testing.arrivals.get(0));
    assertThat(arrived.getResourceMetrics(0).getResource().getAttributesList())
        .containsExactly(text("deployment.environment.name", "prod"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory", "durable"})
  void eachSpanIsRoutedToItsPipelines(String queue) throws Exception {
    testing.start(
        directory,
        """
        processors:
          transform/a: {trace_statements: ['set(span.attributes["to"], "a")']}
          transform/rest: {trace_statements: ['set(span.attributes["to"], "rest")']}
        connectors:
          routing:
            default_pipelines: [traces/rest]
            table:
              - {context: span, condition: 'name == "a"', pipelines: [traces/a]}
              - {context: span, action: copy, condition: 'name == "c"', pipelines: [traces/a]}
        exporters: {otlp_http: {endpoint: BACKEND, compression: none}}
        storage: {directory: %s}
        service:
          pipelines:
            traces/in: {receivers: [otlp], exporters: [routing], queue: %s}
            traces/a: {receivers: [routing], processors: [transform/a], exporters: [otlp_http], queue: %s}
            traces/rest: {receivers: [routing], processors: [transform/rest], exporters: [otlp_http], queue: %s}
        """
            .formatted(directory.resolve("data"), queue, queue, queue));

    assertThat(testing.post(request(span("a", 1), span("b", 2), span("c", 3)))).isEqualTo(200);

    await().until(() -> testing.arrivals.size() == 2);
    List<String> arrived = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      testing
          .arrived(i)
          .getResourceSpans(0)
          .getScopeSpans(0)
          .getSpansList()
          .forEach(
              span ->
                  arrived.add(
                      span.getName() + " to " + span.getAttributes(0).getValue().getStringValue()));
    }
    assertThat(arrived).containsExactlyInAnyOrder("a to a", "c to a", "b to rest", "c to rest");
  }

  @Test
  void refusalOfOneRouteIsPartOfTheAnswer() throws Exception {
    testing.start(
        directory,
        """
        connectors:
          routing:
            table: [{context: span, condition: 'name == "a"', pipelines: [traces/a]}]
            default_pipelines: [traces/rest]
        exporters:
          otlp_http: {endpoint: BACKEND, compression: none}
          otlp_http/down:
            {endpoint: "http://localhost:1", compression: none, retry_on_failure: {enabled: false}}
        service:
          pipelines:
            traces/in: {receivers: [otlp], exporters: [routing]}
            traces/a: {receivers: [routing], exporters: [otlp_http]}
            traces/rest: {receivers: [routing], exporters: [otlp_http/down]}
        """);

    assertThat(testing.post(request(span("a", 1)))).isEqualTo(200);
    assertThat(testing.post(request(span("a", 1), span("b", 2)))).isEqualTo(503);
  }

  private void start(String processors, String pipeline, String queue) throws Exception {
    testing.start(
        directory,
        PROCESSORS
            + """
            exporters: {otlp_http: {endpoint: BACKEND, compression: none}}
            service:
              pipelines:
                %s: {receivers: [otlp], processors: [%s], exporters: [otlp_http], queue: %s}
            """
                .formatted(pipeline, processors, queue));
  }
}
