package dev.tallyspan.collector.window;

import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static dev.tallyspan.collector.processor.LlmRequests.spans;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.flow.FakeTimer;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.processor.LlmRequests;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TraceWindowTest {

  private static final String OTHER_TRACE = "1af7651916cd43dd8448eb211c80319c";

  private final LlmProcessor processor = LlmProcessor.builder().build();
  private final ProfileRenderer renderer = new ProfileRenderer(Profile.DEFAULT, failure -> {});
  private final FakeTimer timer = new FakeTimer();
  private final List<Batch> left = new ArrayList<>();
  private final List<Outcome> answers = new ArrayList<>();
  private TraceWindow window = window(WindowSettings.DEFAULT);

  @Test
  void spansOfTracesWithoutLlmSpansLeaveAtOnce() throws Exception {
    receive(scope("http", span("1", "", "GET /")));

    assertThat(left).hasSize(1);
    assertThat(left.get(0).request().bytes().toByteArray())
        .isEqualTo(LlmRequests.traces(span("1", "", "GET /")));
    assertThat(answers).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void spansOfOtherTracesInTheSameRequestLeaveAtOnce() throws Exception {
    receive(
        scope("llm", chat("1", "2", "gpt-4o")), scope("http", inOtherTrace(span("3", "", "GET"))));

    assertThat(forwarded()).containsOnlyKeys("3333333333333333");
    assertThat(answers).isEmpty();

    timer.advance(Duration.ofSeconds(11));
    assertThat(forwarded()).containsOnlyKeys("3333333333333333", "1111111111111111");
    assertThat(answers).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void traceIsDecidedOneSecondAfterItsRoot() throws Exception {
    receive(scope("llm", chat("1", "2", "gpt-4o")));
    timer.advance(Duration.ofSeconds(5));
    receive(scope("app", span("2", "", "POST /ask")));
    timer.advance(Duration.ofMillis(900));
    assertThat(left).isEmpty();

    timer.advance(Duration.ofMillis(300));

    assertThat(forwarded()).containsOnlyKeys("1111111111111111", "2222222222222222");
    assertThat(number("2222222222222222", "tallyspan.rollup.calls")).isEqualTo(1);
    assertThat(number("2222222222222222", "tallyspan.rollup.input_tokens")).isEqualTo(1_000);
  }

  @Test
  void traceWithoutRootIsDecidedWhenItIsQuiet() throws Exception {
    receive(scope("llm", chat("1", "2", "gpt-4o")));
    timer.advance(Duration.ofSeconds(9));
    receive(scope("llm", chat("3", "2", "gpt-4o")));
    timer.advance(Duration.ofSeconds(9));
    assertThat(left).isEmpty();

    timer.advance(Duration.ofSeconds(2));

    assertThat(forwarded()).hasSize(2);
  }

  @Test
  void traceThatIsNeverQuietIsDecidedAtItsMaximalAge() throws Exception {
    for (int i = 0; i < 24 && left.isEmpty(); i++) {
      receive(scope("llm", chat("1", "2", "gpt-4o")));
      timer.advance(Duration.ofSeconds(6));
    }

    assertThat(left).isNotEmpty();
    assertThat(answers.size()).isBetween(20, 22);
  }

  @Test
  void twinsInSeveralRequestsAreBilledOnce() throws Exception {
    receive(scope("client", chat("2", "1", "gpt-4o-2024-08-06")));
    receive(scope("framework", chat("1", "", "gpt-4o")));
    timer.advance(Duration.ofSeconds(2));

    assertThat(text("2222222222222222", "tallyspan.cost.status")).isEqualTo("priced");
    assertThat(text("1111111111111111", "tallyspan.cost.status")).isEqualTo("duplicate");
    assertThat(text("1111111111111111", "tallyspan.cost.duplicate_of"))
        .isEqualTo("2222222222222222");
  }

  @Test
  void lateTwinIsTheDuplicateOfTheSpanThatWasForwarded() throws Exception {
    receive(scope("client", chat("2", "1", "gpt-4o-2024-08-06")));
    timer.advance(Duration.ofSeconds(11));
    assertThat(text("2222222222222222", "tallyspan.cost.status")).isEqualTo("priced");

    receive(scope("framework", chat("1", "", "gpt-4o")));
    timer.advance(Duration.ofSeconds(2));

    assertThat(text("1111111111111111", "tallyspan.cost.status")).isEqualTo("duplicate");
  }

  @Test
  void lateRootGetsTheSumsOfWhatWasForwarded() throws Exception {
    receive(scope("client", chat("2", "1", "gpt-4o")));
    timer.advance(Duration.ofSeconds(11));
    receive(scope("app", span("1", "", "POST /ask")));
    timer.advance(Duration.ofSeconds(2));

    assertThat(number("1111111111111111", "tallyspan.rollup.calls")).isEqualTo(1);
  }

  @Test
  void spanThatIsSentAgainKeepsItsVerdict() throws Exception {
    receive(scope("framework", chat("1", "", "gpt-4o")), scope("client", chat("2", "1", "gpt-4o")));
    timer.advance(Duration.ofSeconds(2));
    Map<String, Span> first = forwarded();
    left.clear();

    receive(scope("framework", chat("1", "", "gpt-4o")), scope("client", chat("2", "1", "gpt-4o")));
    timer.advance(Duration.ofSeconds(2));

    assertThat(forwarded()).isEqualTo(first);
  }

  @Test
  void sameAnswerInTwoTracesIsBilledOnceWhicheverIsDecidedFirst() throws Exception {
    receive(scope("client", inOtherTrace(answered(chat("2", "", "gpt-4o")))));
    timer.advance(Duration.ofMillis(500));
    receive(scope("framework", answered(chat("1", "9", "gpt-4o"))));
    timer.advance(Duration.ofSeconds(20));

    assertThat(List.of(status("1111111111111111"), status("2222222222222222")))
        .containsExactlyInAnyOrder("priced", "duplicate");
  }

  @Test
  void largeTraceIsDecidedAtItsLimit() throws Exception {
    window =
        window(settings(/* maxSpansPerTrace= */ 2, /* maxSpans= */ 100, /* maxBytes= */ 1 << 20));
    receive(scope("llm", chat("1", "9", "gpt-4o")));
    assertThat(left).isEmpty();
    receive(scope("llm", chat("2", "9", "gpt-4o")));

    assertThat(forwarded()).hasSize(2);
  }

  @Test
  void oldestTraceIsDecidedIfAllTogetherAreTooLarge() throws Exception {
    window =
        window(settings(/* maxSpansPerTrace= */ 100, /* maxSpans= */ 100, /* maxBytes= */ 4_000));
    receive(scope("llm", chat("1", "9", "gpt-4o")));
    assertThat(left).isEmpty();
    receive(scope("llm", inOtherTrace(chat("2", "9", "gpt-4o"))));

    assertThat(forwarded()).containsKey("1111111111111111");
    assertThat(answers).contains(Outcome.ACCEPTED);
  }

  @Test
  void messagesThatHaveBeenReadCountAsMemoryBesideTheRequest() throws Exception {
    String prompt = "a".repeat(100_000);
    KeyValue.Builder content =
        KeyValue.newBuilder()
            .setKey("gen_ai.prompt")
            .setValue(AnyValue.newBuilder().setStringValue(prompt));
    receive(scope("llm", chat("1", "9", "gpt-4o").addAttributes(content)));

    assertThat(window.counts().bytes()).isBetween(200_000L, 210_000L);
  }

  @Test
  void memoryStaysWithinItsLimitsUnderTenTimesTheLoad() throws Exception {
    window =
        window(settings(/* maxSpansPerTrace= */ 50, /* maxSpans= */ 200, /* maxBytes= */ 40_000));
    int requests = 2_000;
    for (int i = 0; i < requests; i++) {
      receive(scope("llm", inTrace(i % 700, chat("1", "9", "gpt-4o"))));
      WindowMetrics.Counts counts = window.counts();
      assertThat(counts.spans()).isLessThanOrEqualTo(200);
      assertThat(counts.bytes()).isLessThanOrEqualTo(40_000);
      assertThat(counts.remembered()).isLessThanOrEqualTo(300);
    }
    window.flush();

    assertThat(answers).hasSize(requests).containsOnly(Outcome.ACCEPTED);
    assertThat(window.counts().spans()).isZero();
    assertThat(window.counts().bytes()).isZero();
  }

  @Test
  void flushDecidesWhatIsHeldAndWhatFollows() throws Exception {
    receive(scope("llm", chat("1", "9", "gpt-4o")));
    window.flush();
    assertThat(forwarded()).hasSize(1);

    receive(scope("llm", chat("2", "9", "gpt-4o")));
    assertThat(forwarded()).hasSize(2);
  }

  @Test
  void partsOfARequestLeaveAsOneIfTheyAreDecidedTogether() throws Exception {
    receive(
        scope("llm", chat("1", "", "gpt-4o")), scope("llm", inOtherTrace(chat("2", "", "gpt-4o"))));
    timer.advance(Duration.ofSeconds(2));

    assertThat(left).hasSize(1);
  }

  @Test
  void stepsGetAllPartsOfATraceAtOnce() throws Exception {
    List<Integer> parts = new ArrayList<>();
    window =
        TraceWindow.builder(left::add, timer)
            .steps(
                List.of(
                    batches -> {
                      parts.add(batches.size());
                      return batches.subList(0, 1);
                    }))
            .build();
    receive(scope("client", chat("2", "1", "gpt-4o")));
    receive(scope("framework", chat("1", "", "gpt-4o")));
    timer.advance(Duration.ofSeconds(2));

    assertThat(parts).containsExactly(2);
    assertThat(left).hasSize(1);
  }

  @Test
  void spansLeaveWithTheirOwnVerdictIfTheirTraceCannotBeDecided() throws Exception {
    window =
        TraceWindow.builder(left::add, timer)
            .rereading(
                (batch, record) -> {
                  throw new IllegalStateException("broken");
                })
            .build();
    receive(scope("client", chat("1", "", "gpt-4o")));
    timer.advance(Duration.ofSeconds(2));

    assertThat(status("1111111111111111")).isEqualTo("priced");
  }

  @Test
  void failureOfTheOutputIsAnsweredAndHoldsUpNothing() throws Exception {
    window =
        TraceWindow.builder(
                batch -> {
                  throw new IllegalStateException("broken");
                },
                timer)
            .build();
    receive(scope("llm", chat("1", "", "gpt-4o")));
    timer.advance(Duration.ofSeconds(2));

    assertThat(answers).singleElement().isInstanceOf(Outcome.Refused.class);
  }

  private TraceWindow window(WindowSettings settings) {
    return TraceWindow.builder(
            batch -> {
              left.add(batch);
              batch.request().ack().settle(Outcome.ACCEPTED);
            },
            timer)
        .settings(settings)
        .fillGaps(ProcessorConfig.ALL_GAPS)
        .build();
  }

  private static WindowSettings settings(int maxSpansPerTrace, int maxSpans, long maxBytes) {
    WindowSettings otherwise = WindowSettings.DEFAULT;
    return new WindowSettings(
        otherwise.decisionWait(),
        otherwise.afterRoot(),
        otherwise.maxAge(),
        maxSpansPerTrace,
        maxSpans,
        maxBytes,
        /* remembered= */ 300);
  }

  private record Scoped(String scope, Span.Builder span) {}

  private static Scoped scope(String scope, Span.Builder span) {
    return new Scoped(scope, span);
  }

  private static Span.Builder inOtherTrace(Span.Builder span) {
    return span.setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(OTHER_TRACE)));
  }

  private static Span.Builder inTrace(int number, Span.Builder span) {
    return span.setTraceId(
        ByteString.copyFrom(ByteBuffer.allocate(16).putLong(7).putLong(number + 1).array()));
  }

  private static Span.Builder answered(Span.Builder span) {
    return span.addAttributes(
        LlmRequests.attribute("gen_ai.response.id", "chatcmpl-0123456789abcdef"));
  }

  private void receive(Scoped... spans) throws Exception {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    for (Scoped each : spans) {
      var scopeSpans = request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(each.span);
      if (!each.scope.equals("http")) {
        scopeSpans.setScope(InstrumentationScope.newBuilder().setName(each.scope));
      }
    }
    window.write(
        processor.apply(
            LlmRequests.batch(Signal.TRACES, request.build().toByteArray(), answers::add)));
  }

  /** What left last for each span. */
  private Map<String, Span> forwarded() throws Exception {
    List<Span> all = new ArrayList<>();
    for (Batch batch : left) {
      all.addAll(spans(renderer.render(batch).toByteArray()));
    }
    return all.stream()
        .collect(
            Collectors.toMap(
                span -> HexFormat.of().formatHex(span.getSpanId().toByteArray()),
                span -> span,
                (before, after) -> after));
  }

  private String status(String id) throws Exception {
    return text(id, "tallyspan.cost.status");
  }

  private String text(String id, String key) throws Exception {
    return forwarded().get(id).getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }

  private long number(String id, String key) throws Exception {
    return forwarded().get(id).getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .mapToLong(attribute -> attribute.getValue().getIntValue())
        .findFirst()
        .orElse(-1);
  }
}
