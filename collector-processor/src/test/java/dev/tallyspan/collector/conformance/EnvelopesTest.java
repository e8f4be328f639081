package dev.tallyspan.collector.conformance;

import static dev.tallyspan.collector.conformance.StartedCollector.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests without telemetry, and envelopes without content. */
class EnvelopesTest {

  private static final Span HEALTH = Requests.plain("GET /health");
  private static final Span CART = Requests.plain("GET /cart");

  @TempDir private Path directory;
  private HttpBackend backend;
  private StartedCollector collector;

  @BeforeEach
  void start() throws Exception {
    backend = new HttpBackend();
    collector =
        new StartedCollector(
            directory,
            """
            processors:
              tallyspan:
              filter: {trace_conditions: ['span.name == "GET /health"']}
            exporters:
              otlp_http: {endpoint: %s, compression: none}
            service:
              pipelines:
                traces: {receivers: [otlp], processors: [filter, tallyspan], exporters: [otlp_http]}
            """
                .formatted(backend.url()));
  }

  @AfterEach
  void close() {
    collector.close();
    backend.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"resourceSpans\":[]}",
        "{\"resourceSpans\":[{}]}",
        "{\"resourceSpans\":[{\"resource\":{},\"scopeSpans\":[{\"spans\":[]}]},null]}"
      })
  @Item(17)
  @Item(18)
  void requestWithoutSpansInJsonIsSuccessAndGoesNoFurther(String json) throws Exception {
    HttpResponse<byte[]> response = collector.post("/v1/traces", JSON, json.getBytes(UTF_8));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(new String(response.body(), UTF_8)).isEqualTo("{}");
    assertThat(backend.arrivals).isEmpty();
  }

  @Test
  @Item(17)
  @Item(18)
  void requestWithoutSpansIsSuccessAndGoesNoFurther() throws Exception {
    ExportTraceServiceRequest none = ExportTraceServiceRequest.getDefaultInstance();
    for (ExportTraceServiceRequest request :
        new ExportTraceServiceRequest[] {
          none, none.toBuilder().addResourceSpans(empty()).build()
        }) {
      HttpResponse<byte[]> http = collector.post(request.toByteArray());

      assertThat(http.statusCode()).isEqualTo(200);
      assertThat(http.body()).isEmpty();
      assertThat(collector.call(request.toByteArray())).isEmpty();
    }
    assertThat(backend.arrivals).isEmpty();
  }

  @Test
  @Item(18)
  void emptyEnvelopesBesideSpansStay() throws Exception {
    byte[] request =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(empty())
            .mergeFrom(Requests.of(CART))
            .addResourceSpans(empty())
            .build()
            .toByteArray();

    assertThat(collector.post(request).statusCode()).isEqualTo(200);

    assertThat(backend.arrivals).extracting(HttpBackend.Arrival::body).containsExactly(request);
  }

  @Test
  @Item(18)
  void filterLeavesNoEmptyEnvelopes() throws Exception {
    ExportTraceServiceRequest cart = Requests.of(CART);
    ResourceSpans.Builder half = cart.getResourceSpans(0).toBuilder();
    half.addScopeSpansBuilder().addSpans(HEALTH);
    ExportTraceServiceRequest request =
        Requests.of(HEALTH).toBuilder().addResourceSpans(half).build();

    assertThat(collector.post(request.toByteArray()).statusCode()).isEqualTo(200);
    assertThat(collector.post(Requests.of(HEALTH).toByteArray()).statusCode()).isEqualTo(200);

    assertThat(backend.arrivals).hasSize(1);
    assertThat(backend.arrivals.get(0).traces()).isEqualTo(cart);
  }

  private static ResourceSpans empty() {
    return ResourceSpans.newBuilder()
        .setResource(Requests.of(CART).getResourceSpans(0).getResource())
        .addScopeSpans(ScopeSpans.newBuilder().setSchemaUrl("https://example.com/1"))
        .build();
  }
}
