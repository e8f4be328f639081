package dev.tallyspan.collector.output.metrics;

import static dev.tallyspan.collector.processor.LlmRequests.TRACE;
import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.window.WholeTraces;
import dev.tallyspan.semconv.GenAiMetrics;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SpanMetricsTest {

  private static final String DURATION = "gen_ai.client.operation.duration";
  private static final String TOKENS = "gen_ai.client.token.usage";

  // A field, because a level is forgotten with its logger.
  private static final Logger SDK = Logger.getLogger("io.opentelemetry.sdk");

  @BeforeAll
  static void silenceLimits() {
    SDK.setLevel(Level.OFF);
  }

  @AfterAll
  static void restoreLogs() {
    SDK.setLevel(null);
  }

  @Test
  void durationIsFromTheStartToTheEndInTheBucketsOfTheConventions() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by();

    metrics.write(processed(chat("1", "", "gpt-4o")));

    Metric duration = metrics.metric(DURATION);
    HistogramDataPoint point = duration.getHistogram().getDataPoints(0);
    assertThat(duration.getUnit()).isEqualTo("s");
    assertThat(point.getCount()).isEqualTo(1);
    assertThat(point.getSum()).isEqualTo(1.0);
    assertThat(point.getExplicitBoundsList())
        .isEqualTo(GenAiMetrics.GEN_AI_CLIENT_OPERATION_DURATION.buckets());
  }

  @Test
  void tokensAreByType() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by();

    metrics.write(processed(chat("1", "", "gpt-4o"), chat("2", "", "gpt-4o")));

    assertThat(metrics.histogram(TOKENS))
        .extracting(it -> RecordedMetrics.labels(it.getAttributesList()) + " " + it.getSum())
        .containsExactlyInAnyOrder(
            "gen_ai.token.type=input 2000.0", "gen_ai.token.type=output 200.0");
  }

  @Test
  void cachedAndReasoningTokensHaveCountersOfTheirOwn() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by();

    metrics.write(
        processed(
            chat("1", "", "gpt-4o")
                .addAttributes(attribute("gen_ai.usage.cache_read.input_tokens", 400))
                .addAttributes(attribute("gen_ai.usage.reasoning.output_tokens", 60))));

    assertThat(metrics.counter("gen_ai.client.inference.usage.cache_read.input_tokens"))
        .isEqualTo(Map.of("gen_ai.token.modality=unknown", 400.0));
    assertThat(metrics.counter("gen_ai.client.inference.usage.reasoning.output_tokens"))
        .isEqualTo(Map.of("gen_ai.token.modality=unknown", 60.0));
  }

  @Test
  void timeToFirstChunkHasTheNameOfTheReleasedConventions() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by();

    metrics.write(
        processed(
            chat("1", "", "gpt-4o")
                .addAttributes(attribute("gen_ai.response.time_to_first_chunk", 0.25))));

    assertThat(metrics.histogram("gen_ai.client.operation.time_to_first_chunk").get(0).getSum())
        .isEqualTo(0.25);
  }

  @Test
  void costIsByCurrencyAndStatus() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by();

    metrics.write(processed(chat("1", "", "gpt-4o"), chat("2", "", "gpt-4o")));

    Map<String, Double> cost = metrics.counter("tallyspan.cost");
    assertThat(cost).hasSize(1);
    assertThat(cost.get("tallyspan.cost.currency=USD tallyspan.cost.status=priced"))
        .isCloseTo(0.007, within(1e-12));
  }

  @Test
  void callWithoutAPriceHasTokensInsteadOfACost() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by("gen_ai.request.model");

    metrics.write(processed(chat("1", "", "acme-9")));

    assertThat(metrics.names()).doesNotContain("tallyspan.cost");
    assertThat(metrics.counter("tallyspan.unpriced.tokens"))
        .isEqualTo(
            Map.of(
                "gen_ai.request.model=acme-9 gen_ai.token.type=input", 1000.0,
                "gen_ai.request.model=acme-9 gen_ai.token.type=output", 100.0));
  }

  @Test
  void duplicateIsCountedApart() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by();

    metrics.write(
        WholeTraces.perRequest(ProcessorConfig.ALL_GAPS)
            .apply(
                processed(
                    chat("1", "", "gpt-4o").addAttributes(attribute("gen_ai.response.id", "r")),
                    chat("2", "1", "gpt-4o").addAttributes(attribute("gen_ai.response.id", "r")))));

    assertThat(metrics.histogram(DURATION).get(0).getCount()).isEqualTo(1);
    assertThat(metrics.histogram(TOKENS).get(0).getCount()).isEqualTo(1);
    assertThat(metrics.counter("tallyspan.duplicates.suppressed"))
        .isEqualTo(Map.of("tallyspan.duplicate.rule=same_answer", 1.0));
  }

  @Test
  void requestThatIsSentAgainIsCountedOnce() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by();

    metrics.write(processed(chat("1", "", "gpt-4o")));
    metrics.write(processed(chat("1", "", "gpt-4o")));

    assertThat(metrics.histogram(DURATION).get(0).getCount()).isEqualTo(1);
    assertThat(metrics.counter("tallyspan.duplicates.suppressed"))
        .isEqualTo(Map.of("tallyspan.duplicate.rule=same_span", 1.0));
  }

  @Test
  void agentHasADurationButNoTokensAndNoCost() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by("gen_ai.operation.name");

    metrics.write(
        processed(
            span("1", "", "invoke_agent planner")
                .addAttributes(attribute("gen_ai.operation.name", "invoke_agent"))
                .addAttributes(attribute("gen_ai.usage.input_tokens", 1000))
                .addAttributes(attribute("gen_ai.usage.output_tokens", 100))));

    assertThat(metrics.names()).containsExactly(DURATION);
  }

  @Test
  void exemplarIsTheSpan() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by();

    metrics.write(processed(chat("1", "", "gpt-4o")));

    Exemplar exemplar = metrics.histogram(DURATION).get(0).getExemplars(0);
    assertThat(hex(exemplar.getTraceId())).isEqualTo(TRACE);
    assertThat(hex(exemplar.getSpanId())).isEqualTo("1".repeat(16));
    assertThat(exemplar.getAsDouble()).isEqualTo(1.0);
  }

  @Test
  void dimensionsAreFactsWhicheverDialectStatesThem() throws Exception {
    RecordedMetrics metrics =
        RecordedMetrics.by("gen_ai.request.model", "user.id", "gen_ai.agent.name", "plan");

    metrics.write(
        processed(
            span("1", "", "x")
                .addAttributes(attribute("openinference.span.kind", "LLM"))
                .addAttributes(attribute("llm.model_name", "gpt-4o"))
                .addAttributes(attribute("user.id", "u-1"))
                .addAttributes(attribute("plan", "gold"))));

    assertThat(RecordedMetrics.labels(metrics.histogram(DURATION).get(0).getAttributesList()))
        .contains("plan=gold", "user.id=u-1")
        .contains("gpt-4o")
        .doesNotContain("gen_ai.agent.name");
  }

  @Test
  void seriesBeyondTheLimitAreOne() throws Exception {
    RecordedMetrics metrics = new RecordedMetrics(3, "user.id");

    for (int i = 1; i <= 9; i++) {
      Span.Builder span = chat("" + i, "", "gpt-4o");
      metrics.write(processed(span.addAttributes(attribute("user.id", "u-" + i))));
    }

    assertThat(metrics.histogram(DURATION))
        .extracting(it -> RecordedMetrics.labels(it.getAttributesList()) + " " + it.getCount())
        .containsExactlyInAnyOrder("user.id=u-1 1", "user.id=u-2 1", "otel.metric.overflow=true 7");
  }

  @Test
  void refusedRequestLosesNothing() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by();
    metrics.write(processed(chat("1", "", "gpt-4o")));
    metrics.refuse(true);
    metrics.flush();
    assertThat(metrics.requests()).isZero();

    metrics.refuse(false);
    metrics.write(processed(chat("2", "", "gpt-4o")));

    assertThat(metrics.histogram(DURATION).get(0).getCount()).isEqualTo(2);
  }

  @Test
  void resourceIsTallyspanAndNotTheServiceThatWasTraced() throws Exception {
    RecordedMetrics metrics = RecordedMetrics.by("service.name");

    metrics.write(processed(chat("1", "", "gpt-4o")));

    assertThat(
            RecordedMetrics.labels(
                metrics.request().getResourceMetrics(0).getResource().getAttributesList()))
        .contains("service.name=tallyspan", "service.instance.id=instance-1");
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
