package dev.tallyspan.collector.output.dataset;

import static dev.tallyspan.collector.processor.LlmRequests.TRACE;
import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.cli.JsonTree;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a trace becomes as a case. */
class DatasetCaseTest {

  private static final String BOOKED =
      "{\"type\":\"tool_call\",\"id\":\"%s\",\"name\":\"book\",\"arguments\":{\"train\":\"EN 414\"}}";

  @ParameterizedTest
  @CsvSource({
    "TimeoutError, '', timeout",
    "504, upstream, timeout",
    "DEADLINE_EXCEEDED, '', timeout",
    "'', The read operation timed out, timeout",
    "content_filter, '', guardrail",
    "GuardrailTripwireTriggered, '', guardrail",
    "JSONDecodeError, Expecting value, bad_format",
    "pydantic.ValidationError, 2 errors, bad_format",
    "'', data is not valid JSON, bad_format",
    "RateLimitError, 429, error",
    "'', '', error"
  })
  void kindOfTheErrorIsRead(String type, String message, String kind) throws Exception {
    Span.Builder call = failed(asked("2", "", "Where?"), message);
    if (!type.isEmpty()) {
      call.addAttributes(attribute("error.type", type));
    }

    assertThat(member(caseOf(call), "failure")).containsEntry("kind", kind);
  }

  @Test
  void worstResultOfAnEvaluationIsWhatFailed() throws Exception {
    Map<Object, Object> record =
        caseOf(
            asked("2", "", "Where?")
                .addEvents(result("tone", 0.9, "pass", "polite"))
                .addEvents(result("faithful", 0.2, "", "invents a train"))
                .addEvents(result("complete", 0.4, "", "no price")));

    Map<Object, Object> failure = member(record, "failure");
    assertThat(failure).containsEntry("kind", "score").containsEntry("message", "invents a train");
    assertThat(String.valueOf(failure.get("score"))).contains("faithful", "0.2");
  }

  @Test
  void goodResultsOfEvaluationsAreNoFailure() throws Exception {
    Map<Object, Object> record =
        caseOf(
            asked("2", "", "Where?")
                .addEvents(result("tone", 0.1, "pass", "the lower, the better"))
                .addEvents(result("stars", 4, "", ""))
                .addEvents(result("faithful", 0.5, "", "")));

    assertThat(record.get("failure")).isNull();
  }

  private static Span.Event result(String name, double value, String label, String explanation) {
    Span.Event.Builder event =
        Span.Event.newBuilder()
            .setName("gen_ai.evaluation.result")
            .addAttributes(attribute("gen_ai.evaluation.name", name))
            .addAttributes(
                KeyValue.newBuilder()
                    .setKey("gen_ai.evaluation.score.value")
                    .setValue(AnyValue.newBuilder().setDoubleValue(value)));
    if (!label.isEmpty()) {
      event.addAttributes(attribute("gen_ai.evaluation.score.label", label));
    }
    if (!explanation.isEmpty()) {
      event.addAttributes(attribute("gen_ai.evaluation.explanation", explanation));
    }
    return event.build();
  }

  @Test
  void errorIsFollowedDownToWhereItBegan() throws Exception {
    Map<Object, Object> record =
        caseOf(
            failed(span("1", "", "POST /ask"), "Internal Server Error"),
            failed(asked("2", "1", "Where?"), "agent failed"),
            failed(span("3", "2", "tool"), "connection refused"));

    assertThat(member(record, "failure")).containsEntry("message", "connection refused");
  }

  @Test
  void ofTwoAttemptsTheLastCounts() throws Exception {
    Map<Object, Object> record =
        caseOf(
            failed(asked("2", "1", "Where?"), "first"),
            failed(asked("3", "1", "Where?"), "second")
                .setEndTimeUnixNano(1_795_000_009_000_000_000L),
            span("1", "", "POST /ask"));

    assertThat(member(record, "failure")).containsEntry("message", "second");
  }

  @Test
  void cycleOfFailedSpansHasACauseToo() throws Exception {
    Map<Object, Object> record =
        caseOf(failed(asked("2", "3", "Where?"), "one"), failed(span("3", "2", "x"), "two"));

    assertThat(member(record, "failure")).containsEntry("kind", "error");
  }

  @Test
  void exceptionSaysWhatTheStatusDoesNot() throws Exception {
    Span.Builder call = failed(asked("2", "", "Where?"), "");
    call.addEventsBuilder()
        .setName("exception")
        .addAttributes(attribute("exception.message", "quota exceeded"));

    assertThat(member(caseOf(call), "failure")).containsEntry("message", "quota exceeded");
  }

  @Test
  void goodAnswerIsNoFailureAndNotExpectedEither() throws Exception {
    Map<Object, Object> record = caseOf(answered(asked("2", "", "Where?"), "Platform 3.", "stop"));

    assertThat(record).containsEntry("failure", null).containsEntry("expected", null);
    assertThat(record.get("assertions")).isEqualTo(List.of());
    assertThat(record.get("output").toString()).contains("Platform 3.");
  }

  @ParameterizedTest
  @CsvSource({"length, truncated", "content_filter, guardrail"})
  void answerThatWasWrongMustNotComeAgain(String reason, String kind) throws Exception {
    Map<Object, Object> record = caseOf(answered(asked("2", "", "Where?"), "Plat", reason));

    assertThat(member(record, "failure")).containsEntry("kind", kind);
    assertThat(record.get("assertions"))
        .isEqualTo(List.of(Map.of("type", "not-equals", "value", "Plat")));
    assertThat(record).containsEntry("expected", null);
  }

  @Test
  void scoreIsAFailureOfTheAnswer() {
    Failure failure =
        new Failure(
            Failure.Kind.SCORE, "", new Failure.Score("faithfulness", new BigDecimal("0.20"), ""));

    assertThat(Json.text(failure.toJson()))
        .isEqualTo("{\"kind\":\"score\",\"score\":{\"name\":\"faithfulness\",\"value\":0.20}}");
    assertThat(failure.kind().isOfTheAnswer()).isTrue();
  }

  @Test
  void questionIsNotThatOfAnEmbedding() throws Exception {
    Map<Object, Object> record =
        caseOf(
            span("1", "", "embeddings")
                .addAttributes(attribute("gen_ai.operation.name", "embeddings"))
                .addAttributes(attribute("gen_ai.request.model", "text-embedding-3-small"))
                .addAttributes(input(text("user", "a search"))),
            asked("2", "", "Where?").setStartTimeUnixNano(1_795_000_000_500_000_000L));

    assertThat(record.get("input").toString()).contains("Where?").doesNotContain("a search");
  }

  @Test
  void withoutAQuestionThereIsNoCase() throws Exception {
    RecentTraces traces = traces(chat("2", "", "gpt-4o"));

    assertThatThrownBy(() -> views(traces).datasetCase(TRACE, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the trace has no messages that were asked");
    assertThat(views(traces).datasetCase("0".repeat(32), "")).isNull();
    assertThat(views(traces).datasetCase(TRACE, "9".repeat(16))).isNull();
  }

  @Test
  void spanIsACaseOfItsOwnWithWhatIsBelowIt() throws Exception {
    RecentTraces traces =
        traces(
            asked("1", "", "Whole question?"),
            answered(asked("2", "1", "Part of it?"), "Plat", "length"),
            tool("3", "2"),
            tool("4", "1"));

    Map<Object, Object> record = json(views(traces).datasetCase(TRACE, "2".repeat(16)));

    assertThat(record.get("id")).isEqualTo("tr-" + TRACE + "-" + "2".repeat(16));
    assertThat(record.get("input").toString()).contains("Part of it?").doesNotContain("Whole");
    assertThat((List<?>) record.get("trajectory")).hasSize(1);
    assertThat(member(record, "source")).containsEntry("span_id", "2".repeat(16));
  }

  @Test
  void idsOfCallsAreNoPartOfTheQuestion() throws Exception {
    String first = digest(called("call_a"));

    assertThat(digest(called("call_b"))).isEqualTo(first);
    assertThat(digest(called("call_a").replace("EN 414", "EN 415"))).isNotEqualTo(first);
  }

  @Test
  void orderOfMembersAndFormOfNumbersAreNoPartOfTheQuestion() throws Exception {
    String tool = "[{\"role\":\"user\",\"parts\":[{\"type\":\"tool_call\",\"name\":\"x\",";

    assertThat(digest(tool + "\"arguments\":{\"a\":1,\"b\":0.50}}]}]"))
        .isEqualTo(digest(tool + "\"arguments\":{\"b\":5e-1,\"a\":1.0}}]}]"));
  }

  @Test
  void callsOfToolsAreReadFromAnswersIfNoSpanHasThem() throws Exception {
    Map<Object, Object> record =
        caseOf(
            asked("2", "", "Book it")
                .addAttributes(
                    attribute(
                        "gen_ai.output.messages",
                        "[{\"role\":\"assistant\",\"parts\":[%s]}]"
                            .formatted(BOOKED.formatted("c")))));

    assertThat(record.get("trajectory"))
        .isEqualTo(List.of(Map.of("tool", "book", "arguments", Map.of("train", "EN 414"))));
  }

  @Test
  void costIsExactAndWhatIsNotKnownIsSaid() throws Exception {
    Map<Object, Object> record =
        caseOf(asked("2", "", "Where?"), asked("3", "", "Where?"), unpriced("4"));

    assertThat(member(record, "metadata"))
        .containsEntry("cost_usd", "0.007")
        .containsEntry("calls_without_full_cost", JsonTree.parse("1"));
  }

  @Test
  void callThatIsRecordedTwiceIsCountedOnce() throws Exception {
    Span.Builder outer = asked("2", "", "Where?");
    Span.Builder inner = asked("3", "2", "Where?");
    outer.addAttributes(attribute("gen_ai.response.id", "chatcmpl-1"));
    inner.addAttributes(attribute("gen_ai.response.id", "chatcmpl-1"));

    assertThat(member(caseOf(outer, inner), "metadata")).containsKey("cost_usd");
  }

  @Test
  void halfCharactersAndNulAreReplaced() throws Exception {
    RecentTraces traces =
        traces(
            chat("2", "", "gpt-4o")
                .addAttributes(
                    input(
                        "{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":"
                            + "\"a\\ud83d b\\u0000 c\\u2028d\"}]}")));

    String json = new String(views(traces).datasetCase(TRACE, "").toJson(), UTF_8);

    assertThat(json).contains("a\ufffd b\ufffd c\\u2028d").doesNotContain("\u2028");
  }

  @Test
  void timesThatNoClockHasAreLeftOut() throws Exception {
    Map<Object, Object> record =
        caseOf(asked("2", "", "Where?").setStartTimeUnixNano(-1).setEndTimeUnixNano(0));

    assertThat(member(record, "source")).containsOnlyKeys("trace_id");
    assertThat(record.get("tags")).isEqualTo(List.of());
  }

  @Test
  void onlyRecordsOfThisSchemaAreRead() {
    for (String other :
        List.of("", "1", "[]", "{}", "{\"schema\":\"tallyspan.dataset/2\"}", "{\"schema\":1}")) {
      assertThatThrownBy(() -> DatasetCase.parse(other.getBytes(UTF_8)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String called(String id) {
    return "["
        + text("user", "Book it")
        + ",{\"role\":\"assistant\",\"parts\":["
        + BOOKED.formatted(id)
        + "]},{\"role\":\"tool\",\"parts\":[{\"type\":\"tool_call_response\",\"id\":\""
        + id
        + "\",\"response\":\"ok\"}]}]";
  }

  private static String digest(String messages) throws Exception {
    RecentTraces traces =
        traces(chat("2", "", "gpt-4o").addAttributes(attribute("gen_ai.input.messages", messages)));
    return views(traces).datasetCase(TRACE, "").inputDigest();
  }

  private static String text(String role, String text) {
    return "{\"role\":\"%s\",\"parts\":[{\"type\":\"text\",\"content\":\"%s\"}]}"
        .formatted(role, text);
  }

  private static KeyValue input(String message) {
    return attribute("gen_ai.input.messages", "[" + message + "]");
  }

  private static Span.Builder asked(String id, String parent, String question) {
    return chat(id, parent, "gpt-4o").addAttributes(input(text("user", question)));
  }

  private static Span.Builder answered(Span.Builder call, String answer, String reason) {
    return call.addAttributes(
        attribute(
            "gen_ai.output.messages",
            "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"%s\"}],"
                    .formatted(answer)
                + "\"finish_reason\":\"%s\"}]".formatted(reason)));
  }

  private static Span.Builder failed(Span.Builder span, String message) {
    return span.setStatus(
        Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage(message));
  }

  private static Span.Builder tool(String id, String parent) {
    return span(id, parent, "execute_tool book")
        .addAttributes(attribute("gen_ai.operation.name", "execute_tool"))
        .addAttributes(attribute("gen_ai.tool.name", "book"));
  }

  private static Span.Builder unpriced(String id) {
    return chat(id, "", "a-model-of-our-own");
  }

  private static RecentTraces traces(Span.Builder... spans) throws Exception {
    RecentTraces traces = RecentTraces.builder().build();
    RecentOutput.on(Runnable::run, traces, /* policy= */ null).write(processed(spans));
    return traces;
  }

  private static TraceViews views(RecentTraces traces) {
    return new TraceViews(traces, () -> 0, InstantSource.system());
  }

  private static Map<Object, Object> caseOf(Span.Builder... spans) throws Exception {
    return json(views(traces(spans)).datasetCase(TRACE, ""));
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> json(DatasetCase made) throws Exception {
    return (Map<Object, Object>) JsonTree.parse(new String(made.toJson(), UTF_8));
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> member(Map<Object, Object> record, String name) {
    return (Map<Object, Object>) record.get(name);
  }
}
