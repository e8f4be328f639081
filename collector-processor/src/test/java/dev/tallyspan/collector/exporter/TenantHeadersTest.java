package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tallyspan.collector.auth.HeaderRule;
import dev.tallyspan.collector.auth.HeaderRule.Action;
import dev.tallyspan.collector.auth.HeadersSettings;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.flow.UnitSet;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Headers that depend on the tenant in the bytes of requests. */
class TenantHeadersTest {

  private static final HeaderRule TENANT = rule(Action.UPSERT, "X-Scope-OrgID", null, null);

  @Test
  void requestsAreBatchedOnlyWithThoseOfTheirTenant() {
    Backend backend = backend(List.of(TENANT), 4);

    CompletableFuture<Outcome> first = send(backend, span("a", "1"), span("a", "2"));
    send(backend, span("b", "3"));
    send(backend, span("a", "4"), span("a", "5"));
    send(backend, span("b", "6"), span("b", "7"), span("b", "8"));

    assertThat(backend.transport.attempts)
        .extracting(ScriptedTransport.Attempt::headers, TenantHeadersTest::names)
        .containsExactly(
            tuple(Map.of("x-scope-orgid", "a"), List.of("1", "2", "4", "5")),
            tuple(Map.of("x-scope-orgid", "b"), List.of("3", "6", "7", "8")));
    backend.transport.attempts.forEach(ScriptedTransport.Attempt::accept);
    assertThat(first).isCompletedWithValue(Outcome.ACCEPTED);
  }

  @Test
  void batchThatIsDividedAndRetriedKeepsItsHeaders() {
    Backend backend = backend(List.of(TENANT), 2);
    send(backend, span("a", "1"));
    send(backend, span("a", "2"));
    backend.transport.attempts.get(0).fail();
    backend.timer.advance(Duration.ofSeconds(30));
    backend
        .transport
        .attempts
        .get(1)
        .answer()
        .complete(Outcome.refused(StatusCode.INVALID_ARGUMENT, "no"));
    backend.transport.attempts.get(2).accept();

    assertThat(backend.transport.attempts).hasSizeGreaterThan(3);
    assertThat(backend.transport.attempts)
        .extracting(ScriptedTransport.Attempt::headers)
        .containsOnly(Map.of("x-scope-orgid", "a"));
  }

  @Test
  void requestOfSeveralTenantsIsSentInOneForEach() {
    Backend backend = backend(List.of(TENANT), 0);

    CompletableFuture<Outcome> outcome =
        send(backend, span("a", "1"), span("b", "2"), span("a", "3"), span(null, "4"));

    assertThat(backend.transport.attempts)
        .extracting(ScriptedTransport.Attempt::headers, TenantHeadersTest::names)
        .containsExactlyInAnyOrder(
            tuple(Map.of("x-scope-orgid", "a"), List.of("1", "3")),
            tuple(Map.of("x-scope-orgid", "b"), List.of("2")),
            tuple(Map.of(), List.of("4")));
    for (ScriptedTransport.Attempt attempt : List.copyOf(backend.transport.attempts)) {
      assertThat(outcome).isNotDone();
      attempt
          .answer()
          .complete(
              names(attempt).contains("2")
                  ? Outcome.refused(StatusCode.UNAUTHENTICATED, "unknown")
                  : Outcome.ACCEPTED);
    }
    assertThat(outcome.join()).isEqualTo(new Outcome.Partial(1, UnitSet.range(1, 2), "unknown"));
  }

  @Test
  void metricsOfSeveralTenantsAreDivided() {
    Backend backend = backend(List.of(TENANT), 0);
    ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
    for (String tenant : List.of("a", "b")) {
      var resource = request.addResourceMetricsBuilder();
      resource.getResourceBuilder().addAttributes(attribute(tenant));
      resource
          .addScopeMetricsBuilder()
          .addMetrics(
              Metric.newBuilder()
                  .setGauge(
                      Gauge.newBuilder()
                          .addDataPoints(NumberDataPoint.newBuilder())
                          .addDataPoints(NumberDataPoint.newBuilder())));
    }

    CompletableFuture<Outcome> outcome =
        Sending.send(backend.exporter, Signal.METRICS, Slices.of(request.build().toByteArray()), 4);
    backend.transport.attempts.forEach(ScriptedTransport.Attempt::accept);

    assertThat(backend.transport.attempts)
        .extracting(ScriptedTransport.Attempt::headers)
        .containsExactlyInAnyOrder(Map.of("x-scope-orgid", "a"), Map.of("x-scope-orgid", "b"));
    assertThat(outcome).isCompletedWithValue(Outcome.ACCEPTED);
  }

  @Test
  void rulesApplyInTheirOrder() {
    Backend backend =
        backend(
            List.of(
                rule(Action.INSERT, "Team", "ignored", null),
                rule(Action.INSERT, "New", "static", null),
                rule(Action.UPDATE, "None", "ignored", null),
                rule(Action.UPDATE, "Kept", null, null),
                rule(Action.DELETE, "Gone", null, null)),
            0);
    send(backend, span("a", "1"));
    send(backend, span(null, "2"));

    assertThat(backend.transport.attempts)
        .extracting(ScriptedTransport.Attempt::headers)
        .containsExactly(
            Map.of("team", "own", "new", "static", "kept", "a"),
            Map.of("team", "own", "new", "static", "kept", "own"));
  }

  @Test
  void dataWithoutATenantHasTheDefault() {
    Backend backend = backend(List.of(rule(Action.UPSERT, "Team", null, "shared")), 0);
    send(backend, span(null, "1"));
    Sending.send(
        backend.exporter,
        Signal.TRACES,
        Slices.of(
            ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                    ResourceSpans.newBuilder()
                        .addScopeSpans(
                            ScopeSpans.newBuilder().addSpans(Span.newBuilder().setName("2"))))
                .build()
                .toByteArray()),
        1);

    assertThat(backend.transport.attempts)
        .extracting(attempt -> attempt.headers().get("team"))
        .containsExactly("shared", "shared");
  }

  @Test
  void tenantThatCannotBeInAHeaderIsRefused() {
    Backend backend = backend(List.of(TENANT), 0);

    CompletableFuture<Outcome> outcome = send(backend, span("a\r\nx: b", "1"));

    assertThat(backend.transport.attempts).isEmpty();
    assertThat(outcome.join())
        .isEqualTo(
            Outcome.refused(
                StatusCode.INVALID_ARGUMENT,
                "exporter otlp_grpc/test: the tenant is not printable ASCII, so it cannot be sent in a header"));
  }

  @Test
  void headersThatCannotBeSentAreRefused() {
    assertThatThrownBy(() -> backend(List.of(rule(Action.UPSERT, "a b", "c", null)), 0))
        .hasMessage("header a b: not a header name");
    assertThatThrownBy(() -> backend(List.of(rule(Action.UPSERT, "Host", "c", null)), 0))
        .hasMessage("header host: cannot be set");
    assertThatThrownBy(() -> backend(List.of(rule(Action.UPSERT, "a", null, "ü")), 0))
        .hasMessage("header a: the value must be printable ASCII on one line");
  }

  private static Backend backend(List<HeaderRule> rules, int minSize) {
    return new Backend(
        builder -> {
          builder.header("Team", "own").header("Kept", "own").header("Gone", "own");
          if (rules.equals(List.of(TENANT))) {
            builder.headers.clear();
          }
          builder.headerRules(new HeadersSettings("headers_setter", rules));
          if (minSize > 0) {
            builder.queue(
                QueueSettings.DEFAULT.withBatch(
                    new BatchSettings(Duration.ofSeconds(10), minSize, 0, Sizer.ITEMS)));
          }
        });
  }

  private static HeaderRule rule(
      Action action, String key, @Nullable String value, @Nullable String otherwise) {
    return new HeaderRule(action, key, value, otherwise);
  }

  private record Named(@Nullable String tenant, String name) {}

  private static Named span(@Nullable String tenant, String name) {
    return new Named(tenant, name);
  }

  /** Sends a request with a resource for each span. */
  private static CompletableFuture<Outcome> send(Backend backend, Named... spans) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    for (Named span : spans) {
      var resource = request.addResourceSpansBuilder();
      List<KeyValue> attributes = new ArrayList<>();
      if (span.tenant() != null) {
        attributes.add(attribute(span.tenant()));
      }
      resource.getResourceBuilder().addAllAttributes(attributes);
      resource.addScopeSpansBuilder().addSpans(Span.newBuilder().setName(span.name()));
    }
    return Sending.send(
        backend.exporter, Signal.TRACES, Slices.of(request.build().toByteArray()), spans.length);
  }

  private static List<String> names(ScriptedTransport.Attempt attempt) {
    try {
      return ExportTraceServiceRequest.parseFrom(attempt.bytes()).getResourceSpansList().stream()
          .map(resource -> resource.getScopeSpans(0).getSpans(0).getName())
          .toList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyValue attribute(String tenant) {
    return KeyValue.newBuilder()
        .setKey("tenant.id")
        .setValue(AnyValue.newBuilder().setStringValue(tenant))
        .build();
  }
}
