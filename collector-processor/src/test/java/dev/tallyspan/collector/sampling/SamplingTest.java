package dev.tallyspan.collector.sampling;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.collector.window.WholeTraces;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SamplingTest {

  /** Its last 56 bits are the greatest, so that any share keeps it. */
  private static final String LUCKY = "0af7651916cd43dd84ffffffffffffff";

  private static final String UNLUCKY = "0af7651916cd43dd8400000000000001";

  private final List<Outcome> outcomes = new ArrayList<>();
  private final OwnMetrics metrics = OwnMetrics.create();

  @Test
  void traceIsDroppedAsAWholeAndSettled() throws Exception {
    List<Span> left =
        left(none(), in(UNLUCKY, chat("1", "2", "gpt-4o")), in(UNLUCKY, span("2", "", "GET /")));

    assertThat(left).isEmpty();
    assertThat(outcomes).containsExactly(Outcome.ACCEPTED);
    assertThat(metrics.prometheusText())
        .containsPattern("tallyspan_sampling_dropped_traces_total(\\{[^}]*})? 1")
        .containsPattern("tallyspan_sampling_dropped_spans_total(\\{[^}]*})? 2");
  }

  @Test
  void traceWithoutLlmSpansIsNeverSampled() throws Exception {
    List<Span> left =
        left(
            none(),
            in(UNLUCKY, chat("1", "", "gpt-4o")),
            in("0af7651916cd43dd8400000000000002", span("2", "", "GET /")));

    assertThat(left).extracting(Span::getName).containsExactly("GET /");
    assertThat(outcomes).as("settled by who writes the rest").isEmpty();
  }

  @Test
  void shareIsKeptByTraceIdWithItsWeightOnEverySpan() throws Exception {
    List<Span> left =
        left(
            share(0.1),
            in(LUCKY, chat("1", "2", "gpt-4o")),
            in(LUCKY, span("2", "", "GET /")),
            in(UNLUCKY, chat("3", "", "gpt-4o")));

    assertThat(left).extracting(Span::getName).containsExactly("chat gpt-4o", "GET /");
    assertThat(left).allSatisfy(span -> assertThat(weight(span)).isEqualTo(10));
    assertThat(metrics.prometheusText())
        .containsPattern("tallyspan_sampling_kept_traces_total\\{[^}]*reason=\"share\"[^}]*} 1");
  }

  @Test
  void shareOfRandomTraceIdsIsTheShare() throws Exception {
    Random random = new Random(7);
    Sampling sampling = new Sampling(share(0.3), metrics.meter("test"));
    int kept = 0;
    for (int i = 0; i < 2000; i++) {
      String id = "0af7651916cd43dd%016x".formatted(random.nextLong());
      kept += sampling.apply(List.of(batch(in(id, chat("1", "", "gpt-4o"))))).size();
    }

    assertThat(kept).isCloseTo(600, within(70));
  }

  @Test
  void partsOfATraceAreDecidedTogether() throws Exception {
    Batch first = batch(in(UNLUCKY, chat("1", "2", "gpt-4o")));
    Batch second = batch(in(UNLUCKY, failed(span("2", "", "GET /"))));

    List<Batch> left = new Sampling(none(), metrics.meter("test")).apply(List.of(first, second));

    assertThat(left).containsExactly(first, second);
  }

  @Test
  void failedTraceIsKeptAsItIs() throws Exception {
    Batch batch =
        batch(in(UNLUCKY, chat("1", "2", "gpt-4o")), in(UNLUCKY, failed(span("2", "", "GET /"))));

    assertThat(new Sampling(none(), metrics.meter("test")).apply(List.of(batch)))
        .singleElement()
        .isSameAs(batch);
    assertThat(metrics.prometheusText())
        .containsPattern("tallyspan_sampling_kept_traces_total\\{[^}]*reason=\"error\"[^}]*} 1");
  }

  @Test
  void whatArrivesLaterOfATraceThatARuleKeptIsKeptToo() throws Exception {
    Sampling sampling = new Sampling(none(), metrics.meter("test"));
    Batch late = batch(in(UNLUCKY, chat("2", "1", "gpt-4o")));

    assertThat(sampling.apply(List.of(batch(in(UNLUCKY, failed(chat("1", "", "gpt-4o")))))))
        .hasSize(1);

    assertThat(sampling.apply(List.of(late))).containsExactly(late);
  }

  @Test
  void expensiveTraceIsKept() throws Exception {
    // Two calls of 0.0035 USD.
    Span.Builder[] trace = {
      in(UNLUCKY, chat("1", "", "gpt-4o")), in(UNLUCKY, chat("2", "", "gpt-4o"))
    };

    assertThat(left(rules(0.006, null, null, null), trace)).hasSize(2);
    assertThat(left(rules(0.008, null, null, null), trace)).isEmpty();
  }

  @Test
  void traceWithManyTokensIsKept() throws Exception {
    Span.Builder trace = in(UNLUCKY, chat("1", "", "gpt-4o"));

    assertThat(left(rules(null, 1_099L, null, null), trace)).hasSize(1);
    assertThat(left(rules(null, 1_100L, null, null), trace)).isEmpty();
  }

  @Test
  void slowTraceIsKept() throws Exception {
    Span.Builder trace = in(UNLUCKY, chat("1", "", "gpt-4o"));

    assertThat(left(rules(null, null, Duration.ofMillis(900), null), trace)).hasSize(1);
    assertThat(left(rules(null, null, Duration.ofSeconds(1), null), trace)).isEmpty();
  }

  @Test
  void traceWithALowScoreInAnEventIsKept() throws Exception {
    Span.Builder trace =
        in(UNLUCKY, chat("1", "", "gpt-4o"))
            .addEvents(
                Span.Event.newBuilder()
                    .setName("gen_ai.evaluation.result")
                    .addAttributes(attribute("gen_ai.evaluation.score.value", 0.4)));

    assertThat(left(rules(null, null, null, 0.5), trace)).hasSize(1);
    assertThat(left(rules(null, null, null, 0.4), trace)).isEmpty();
  }

  @Test
  void traceWithALabelIsKept() throws Exception {
    Span.Builder trace =
        in(UNLUCKY, chat("1", "", "gpt-4o"))
            .addAttributes(attribute("annotations.0.annotation.name", "tone"))
            .addAttributes(attribute("annotations.0.annotation.label", "rude"));

    assertThat(left(labels("rude"), trace)).hasSize(1);
    assertThat(left(labels("tone=rude"), trace)).hasSize(1);
    assertThat(left(labels("other=rude"), trace)).isEmpty();
    assertThat(left(labels("fine"), trace)).isEmpty();
  }

  private static SamplingRules labels(String label) {
    return new SamplingRules(0, true, null, null, null, null, Set.of(), Set.of(), Set.of(label));
  }

  @Test
  void tracesOfAUserAreKept() throws Exception {
    SamplingRules rules =
        new SamplingRules(0, true, null, null, null, null, Set.of("ada"), Set.of(), Set.of());

    assertThat(
            left(
                rules,
                in(UNLUCKY, chat("1", "2", "gpt-4o")),
                in(UNLUCKY, span("2", "", "GET /")).addAttributes(attribute("user.id", "ada"))))
        .hasSize(2);
    assertThat(left(rules, in(UNLUCKY, chat("1", "2", "gpt-4o")))).isEmpty();
  }

  @Test
  void tracesWithATagAreKept() throws Exception {
    SamplingRules rules =
        new SamplingRules(0, true, null, null, null, null, Set.of(), Set.of("beta"), Set.of());
    KeyValue.Builder tags = KeyValue.newBuilder().setKey("langfuse.trace.tags");
    tags.getValueBuilder()
        .getArrayValueBuilder()
        .addValues(AnyValue.newBuilder().setStringValue("beta"));

    assertThat(left(rules, in(UNLUCKY, chat("1", "", "gpt-4o")).addAttributes(tags))).hasSize(1);
    assertThat(left(rules, in(UNLUCKY, chat("1", "", "gpt-4o")))).isEmpty();
  }

  @Test
  void weightOfAnEarlierSamplerIsMultipliedAndItsThresholdUpdated() throws Exception {
    List<Span> left =
        left(share(0.5), in(LUCKY, chat("1", "", "gpt-4o")).setTraceState("a=b,ot=th:8"));

    assertThat(left).singleElement().satisfies(span -> assertThat(weight(span)).isEqualTo(4));
    assertThat(left.get(0).getTraceState()).isEqualTo("a=b,ot=th:c");
  }

  @Test
  void traceThatARuleKeepsStandsForWhatAnEarlierSamplerSays() throws Exception {
    List<Span> left =
        left(share(0.1), in(UNLUCKY, failed(chat("1", "", "gpt-4o"))).setTraceState("ot=th:8"));

    assertThat(left).singleElement().satisfies(span -> assertThat(weight(span)).isEqualTo(2));
    assertThat(left.get(0).getTraceState()).isEqualTo("ot=th:8");
  }

  @Test
  void explicitRandomnessTakesPrecedenceOverTheTraceId() throws Exception {
    assertThat(
            left(
                share(0.1),
                in(UNLUCKY, chat("1", "", "gpt-4o")).setTraceState("ot=rv:ffffffffffffff"),
                in(LUCKY, chat("2", "", "gpt-4o")).setTraceState("ot=rv:00000000000001")))
        .singleElement()
        .satisfies(span -> assertThat(span.getTraceState()).isEqualTo("ot=rv:ffffffffffffff"));
  }

  @Test
  void whatIsKeptIsNotSampledAgain() throws Exception {
    Sampling sampling = new Sampling(share(0.1), metrics.meter("test"));
    byte[] once =
        rendered(
            sampling.apply(
                List.of(batch(in(LUCKY, chat("1", "", "gpt-4o")).setTraceState("ot=th:8")))));

    byte[] twice =
        rendered(new Sampling(share(0), metrics.meter("test")).apply(List.of(processed(once))));

    assertThat(twice).isEqualTo(once);
    assertThat(metrics.prometheusText())
        .containsPattern(
            "tallyspan_sampling_kept_traces_total\\{[^}]*reason=\"sampled_before\"[^}]*} 1");
  }

  private static SamplingRules none() {
    return share(0);
  }

  private static SamplingRules share(double share) {
    return new SamplingRules(share, true, null, null, null, null, Set.of(), Set.of(), Set.of());
  }

  private static SamplingRules rules(Double cost, Long tokens, Duration slow, Double score) {
    return new SamplingRules(0, true, cost, tokens, slow, score, Set.of(), Set.of(), Set.of());
  }

  private static Span.Builder in(String trace, Span.Builder span) {
    return span.setTraceId(ByteString.fromHex(trace));
  }

  private static Span.Builder failed(Span.Builder span) {
    return span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
  }

  private static double weight(Span span) {
    return span.getAttributesList().stream()
        .filter(it -> it.getKey().equals("tallyspan.sampling.weight"))
        .mapToDouble(it -> it.getValue().getDoubleValue())
        .findFirst()
        .orElse(1);
  }

  private List<Span> left(SamplingRules rules, Span.Builder... spans) throws Exception {
    return LlmRequests.spans(
        rendered(new Sampling(rules, metrics.meter("test")).apply(List.of(batch(spans)))));
  }

  private static byte[] rendered(List<Batch> batches) {
    assertThat(batches).hasSizeLessThanOrEqualTo(1);
    ProfileRenderer renderer =
        new ProfileRenderer(
            Profile.DEFAULT,
            failure -> {
              throw new AssertionError(failure);
            });
    return batches.isEmpty() ? new byte[0] : renderer.render(batches.get(0)).toByteArray();
  }

  private Batch batch(Span.Builder... spans) throws Exception {
    return processed(LlmRequests.traces(spans));
  }

  private Batch processed(byte[] request) throws Exception {
    return WholeTraces.perRequest(ProcessorConfig.ALL_GAPS)
        .apply(
            LlmProcessor.builder()
                .build()
                .apply(LlmRequests.batch(Signal.TRACES, request, outcomes::add)));
  }
}
