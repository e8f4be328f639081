package dev.tallyspan.collector.output.recent;

import static dev.tallyspan.collector.processor.LlmRequests.TRACE;
import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.batch;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results of evaluations on their way into the store and out of it as JSON. */
class ScoresTest {

  private static final Instant STARTED = Instant.ofEpochSecond(1_795_000_000);

  private final AtomicReference<Instant> now = new AtomicReference<>(STARTED.plusSeconds(100));
  private final InstantSource clock = now::get;
  private final RecentTraces store =
      RecentTraces.builder().clock(clock).maxAge(Duration.ofHours(1)).build();
  private final RecentOutput output = RecentOutput.on(Runnable::run, store, /* policy= */ null);
  private final TraceViews views = new TraceViews(store, output::skippedSpans, clock);

  @Test
  void eventOfASpanIsShownInTheListTheTreeAndTheDetail() throws Exception {
    output.write(processed(span("1", "", "POST /ask"), scored("2", "1", "relevance", 0.25)));

    Map<?, ?> shown = Map.of("name", "relevance", "value", "0.25", "label", "poor");
    assertThat(Json.list(row(), "scores")).containsExactly(shown);
    assertThat(Json.list(Json.list(trace(), "spans").get(1), "scores")).containsExactly(shown);
    Map<?, ?> evaluation = Json.list(detail("2"), "evaluations").get(0);
    assertThat(evaluation.get("value")).hasToString("0.25");
    assertThat(evaluation.get("explanation")).isEqualTo("It misses the s3cret question.");
    assertThat(Json.list(detail("1"), "evaluations")).isEmpty();
  }

  @Test
  void recordThatComesAfterItsSpanIsAddedToIt() throws Exception {
    List<Set<String>> changes = new ArrayList<>();
    output.write(processed(scored("1", "", "relevance", 0.25)));
    store.onChange(changes::add);

    output.write(logs(record(TRACE, "1", "toxicity", 0)));

    assertThat(Json.list(detail("1"), "evaluations"))
        .<Object>extracting(it -> it.get("name"))
        .containsExactly("relevance", "toxicity");
    assertThat(changes).containsExactly(Set.of(TRACE));
  }

  @Test
  void recordThatComesBeforeItsSpanWaitsForIt() throws Exception {
    output.write(logs(record(TRACE, "1", "toxicity", 0)));
    assertThat(store.stats().traces()).isZero();

    output.write(processed(chat("2", "1", "gpt-4o")));
    assertThat(Json.list(row(), "scores")).isEmpty();
    output.write(processed(chat("1", "", "gpt-4o")));

    assertThat(Json.list(detail("1"), "evaluations")).hasSize(1);
  }

  @Test
  void recordThatWaitsTooLongIsForgotten() throws Exception {
    output.write(logs(record(TRACE, "1", "toxicity", 0)));
    now.set(now.get().plus(Duration.ofHours(2)));
    output.write(logs(record("f".repeat(32), "1", "toxicity", 0)));

    output.write(processed(chat("1", "", "gpt-4o")));

    assertThat(Json.list(detail("1"), "evaluations")).isEmpty();
  }

  @Test
  void spanThatIsDeliveredAgainKeepsItsScoresAndTheSameScoreTwiceIsOne() throws Exception {
    output.write(processed(chat("1", "", "gpt-4o")));
    output.write(logs(record(TRACE, "1", "toxicity", 0)));
    output.write(processed(chat("1", "", "gpt-4o").setName("again")));
    output.write(logs(record(TRACE, "1", "toxicity", 0)));

    assertThat(detail("1").get("name")).isEqualTo("again");
    assertThat(Json.list(detail("1"), "evaluations")).hasSize(1);
  }

  @Test
  void ofAResultThatIsSentAgainUnderItsIdTheLaterStateCounts() throws Exception {
    output.write(processed(scored("1", "", "relevance", 0.25)));
    output.write(logs(state("first", 0.5, 10), record(TRACE, "1", "toxicity", 0)));
    output.write(logs(state("last", 0.75, 30)));
    output.write(logs(state("late", 0.1, 20)));
    assertThat(names("1")).containsExactly("relevance", "toxicity", "last");

    output.write(processed(scored("1", "", "relevance", 0.25).setName("again")));

    assertThat(names("1")).containsExactly("relevance", "toxicity", "last");
    assertThat(Json.list(row(), "scores"))
        .<Object>extracting(it -> it.get("value"))
        .containsExactly("0.25", "0", "0.75");
  }

  @Test
  void ofTwoStatesThatWaitForTheirSpanTheLaterOneCounts() throws Exception {
    output.write(logs(state("last", 0.75, 30), state("late", 0.1, 20)));

    output.write(processed(chat("1", "", "gpt-4o")));

    assertThat(names("1")).containsExactly("last");
  }

  @Test
  void recordWithoutASpanBelongsToTheRootOrToTheResponse() throws Exception {
    output.write(logs(record("", "", "later", 1).addAttributes(response("chatcmpl-2"))));
    output.write(
        processed(
            span("1", "", "POST /ask"),
            chat("2", "1", "gpt-4o").addAttributes(response("chatcmpl-1")),
            chat("3", "1", "gpt-4o").addAttributes(response("chatcmpl-2"))));
    output.write(
        logs(
            record(TRACE, "", "goal", 1),
            record("", "", "fluency", 1).addAttributes(response("chatcmpl-1")),
            record("", "", "of nothing", 1)));

    assertThat(names("1")).containsExactly("goal");
    assertThat(names("2")).containsExactly("fluency");
    assertThat(names("3")).containsExactly("later");
  }

  @Test
  void recordWithASpanAndNoTraceBelongsToThatSpan() throws Exception {
    output.write(processed(span("1", "", "POST /ask"), chat("2", "1", "gpt-4o")));
    output.write(logs(record("", "2", "fluency", 1), record("", "3", "later", 1)));

    output.write(processed(chat("3", "1", "gpt-4o")));

    assertThat(names("1")).isEmpty();
    assertThat(names("2")).containsExactly("fluency");
    assertThat(names("3")).containsExactly("later");
  }

  @Test
  void recordWithASpanThatWasForgottenIsNotShown() throws Exception {
    output.write(processed(chat("1", "", "gpt-4o")));
    store.forget(Set.of(TRACE));

    output.write(logs(record("", "1", "fluency", 1)));
    output.write(processed(chat("1", "", "gpt-4o")));

    assertThat(store.stats().traces()).isZero();
  }

  @Test
  void policyKeepsTheExplanationOutOfEveryAnswerAndTheScoreIn() throws Exception {
    RecentOutput guarded =
        RecentOutput.on(Runnable::run, store, ContentPolicy.of(ContentMode.METADATA));
    guarded.write(processed(scored("1", "", "relevance", 0.25)));
    guarded.write(logs(record(TRACE, "1", "toxicity", 0)));

    for (byte[] json :
        List.of(
            views.traces("", 0, 10),
            views.trace(TRACE),
            views.span(TRACE, "1".repeat(16)),
            views.branch(TRACE, ""))) {
      assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("s3cret");
    }
    assertThat(names("1")).containsExactly("relevance", "toxicity");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<script>alert(1)</script>", "\"},{\"x\":\"", "\u0001\u202E]}", "__proto__"})
  void hostileTextStaysText(String hostile) throws Exception {
    output.write(processed(chat("1", "", "gpt-4o")));
    output.write(
        logs(
            record(TRACE, "1", hostile, 0)
                .addAttributes(attribute("gen_ai.evaluation.score.label", hostile))
                .addAttributes(attribute("gen_ai.evaluation.explanation", hostile))));

    assertThat(Json.list(row(), "scores").get(0).get("name")).isEqualTo(hostile);
    assertThat(names("1")).containsExactly(hostile);
  }

  @Test
  void storeStaysWithinItsLimits() throws Exception {
    RecentTraces small = RecentTraces.builder().maxBytes(300_000).clock(clock).build();
    RecentOutput limited = RecentOutput.on(Runnable::run, small, /* policy= */ null);
    limited.write(processed(chat("1", "", "gpt-4o")));
    for (int i = 0; i < 500; i++) {
      limited.write(
          logs(
              record(TRACE, "1", "n" + i, i)
                  .addAttributes(attribute("gen_ai.evaluation.explanation", "x".repeat(20_000)))));
    }

    assertThat(small.stats().bytes()).isLessThanOrEqualTo(300_000);
    assertThat(small.summaries().get(0).scores).hasSizeLessThanOrEqualTo(64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "score<0.5",
        "score>=0.25",
        "score:relevance",
        "score:Relevance<0.5",
        "score:relevance=0.25",
        "\"score:x\" -score:x",
        "label:poor",
        "label:relevance=POOR",
        "score>-1",
        "-label:fine"
      })
  void selects(String query) throws Exception {
    output.write(processed(scored("1", "", "relevance", 0.25).setName("score:x")));
    assertThat(Json.list(Json.object(views.traces(query, 0, 10)), "traces")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "score>0.25",
        "score:other",
        "score:relevance>=0.5",
        "score:relevance<0",
        "label:fine",
        "label:other=poor"
      })
  void leavesOut(String query) throws Exception {
    output.write(processed(scored("1", "", "relevance", 0.25), chat("2", "1", "gpt-4o")));
    assertThat(Json.list(Json.object(views.traces(query, 0, 10)), "traces")).isEmpty();
  }

  @Test
  void namesWhatItCannotRead() {
    assertThatThrownBy(() -> views.traces("score<low", 0, 10))
        .hasMessage("score<low: not a number; use score:relevance<0.5");
  }

  private static Span.Builder scored(String id, String parent, String name, double value) {
    return chat(id, parent, "gpt-4o")
        .addEvents(
            Span.Event.newBuilder()
                .setName("gen_ai.evaluation.result")
                .setTimeUnixNano(1_795_000_001_000_000_000L)
                .addAttributes(attribute("gen_ai.evaluation.name", name))
                .addAttributes(attribute("gen_ai.evaluation.score.value", value))
                .addAttributes(attribute("gen_ai.evaluation.score.label", "poor"))
                .addAttributes(
                    attribute("gen_ai.evaluation.explanation", "It misses the s3cret question.")));
  }

  private static LogRecord.Builder record(String trace, String digit, String name, double value) {
    return LogRecord.newBuilder()
        .setEventName("gen_ai.evaluation.result")
        .setTimeUnixNano(1_795_000_050_000_000_000L)
        .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(trace)))
        .setSpanId(
            ByteString.copyFrom(HexFormat.of().parseHex(digit.isEmpty() ? "" : digit.repeat(16))))
        .addAttributes(attribute("gen_ai.evaluation.name", name))
        .addAttributes(attribute("gen_ai.evaluation.score.value", value))
        .addAttributes(attribute("gen_ai.evaluation.explanation", "A s3cret reason."));
  }

  /** A state of one result, of so many seconds after the span. */
  private static LogRecord.Builder state(String name, double value, int seconds) {
    return record(TRACE, "1", name, value)
        .setTimeUnixNano((1_795_000_000L + seconds) * 1_000_000_000)
        .addAttributes(attribute("tallyspan.evaluation.id", "score-1"));
  }

  private static KeyValue response(String id) {
    return attribute("gen_ai.response.id", id);
  }

  private static Batch logs(LogRecord.Builder... records) throws Exception {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    for (LogRecord.Builder record : records) {
      request.addResourceLogsBuilder().addScopeLogsBuilder().addLogRecords(record);
    }
    return batch(Signal.LOGS, request.build().toByteArray(), outcome -> {});
  }

  private Map<?, ?> row() {
    return Json.list(Json.object(views.traces("", 0, 100)), "traces").get(0);
  }

  private Map<?, ?> trace() {
    return Json.object(views.trace(TRACE));
  }

  private Map<?, ?> detail(String digit) {
    return Json.object(views.span(TRACE, digit.repeat(16)));
  }

  private List<Object> names(String digit) {
    return Json.list(detail(digit), "evaluations").stream()
        .<Object>map(it -> it.get("name"))
        .toList();
  }
}
