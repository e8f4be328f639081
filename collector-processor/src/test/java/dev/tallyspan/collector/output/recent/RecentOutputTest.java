package dev.tallyspan.collector.output.recent;

import static dev.tallyspan.collector.processor.LlmRequests.TRACE;
import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.batch;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static dev.tallyspan.collector.processor.LlmRequests.traces;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.window.WholeTraces;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real requests through a processor into the store, and out of it as JSON. */
class RecentOutputTest {

  private static final String ASKED =
      "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"s3cret question\"}]}]";
  private static final String ANSWERED =
      "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"s3cret answer\"}],"
          + "\"finish_reason\":\"stop\"}]";

  private final RecentTraces store = RecentTraces.builder().build();
  private final RecentOutput output = RecentOutput.on(Runnable::run, store, /* policy= */ null);
  private final TraceViews views =
      new TraceViews(
          store, output::skippedSpans, InstantSource.fixed(Instant.ofEpochSecond(1_795_000_100)));

  @Test
  void rowOfATraceSaysWhatWasAskedAnsweredAndSpent() throws Exception {
    output.write(processed(span("1", "", "POST /ask"), conversation("2", "1")));

    Map<?, ?> row = Json.list(list(""), "traces").get(0);
    assertThat(row.get("asked")).isEqualTo("s3cret question");
    assertThat(row.get("answered")).isEqualTo("s3cret answer");
    assertThat(row.get("user")).isEqualTo("maya");
    assertThat(row.get("name")).isEqualTo("POST /ask");
    assertThat(row.get("models")).isEqualTo(List.of("gpt-4o"));
    assertThat(Json.list(row, "cost"))
        .containsExactly(Map.of("currency", "USD", "amount", "0.0035"));
  }

  @Test
  void sumOfABranchIsExactAndLeavesOutWhatAnotherSpanBills() throws Exception {
    output.write(
        processed(
            span("1", "", "root"),
            chat("2", "1", "gpt-4o"),
            chat("3", "1", "gpt-4o"),
            chat("4", "3", "gpt-4o")
                .addAttributes(attribute("tallyspan.cost.status", "duplicate"))
                .addAttributes(attribute("tallyspan.cost.duplicate_of", "3333333333333333"))));

    List<Map<?, ?>> spans = Json.list(trace(), "spans");
    assertThat(Json.list(spans.get(0), "sum"))
        .containsExactly(Map.of("currency", "USD", "amount", "0.0070"));
    Map<?, ?> twin = spans.get(3);
    assertThat(twin.get("status")).isEqualTo("duplicate");
    assertThat(twin.get("duplicateOf")).isEqualTo("3333333333333333");
    assertThat(twin.get("amount")).isNull();
  }

  @Test
  void copyThatIsADuplicateOfItsOwnSpanDoesNotReplaceIt() throws Exception {
    output.write(processed(chat("1", "", "gpt-4o")));
    output.write(
        processed(
            chat("1", "", "gpt-4o")
                .addAttributes(attribute("tallyspan.cost.status", "duplicate"))
                .addAttributes(attribute("tallyspan.cost.duplicate_of", "1".repeat(16)))));

    assertThat(Json.list(Json.list(list(""), "traces").get(0), "cost"))
        .containsExactly(Map.of("currency", "USD", "amount", "0.0035"));
  }

  @Test
  void twinThatArrivesInAnotherRequestIsNotSummedTwice() throws Exception {
    output.write(processed(chat("2", "1", "gpt-4o")));
    output.write(processed(span("9", "", "root"), chat("1", "9", "gpt-4o")));

    Map<?, ?> row = Json.list(list(""), "traces").get(0);
    assertThat(Json.list(row, "cost"))
        .containsExactly(Map.of("currency", "USD", "amount", "0.0035"));
    assertThat(row.get("calls")).hasToString("1");
    Map<?, ?> outer =
        Json.list(trace(), "spans").stream()
            .filter(each -> each.get("key").equals("1".repeat(16)))
            .findFirst()
            .orElseThrow();
    assertThat(outer.get("duplicateOf")).isEqualTo("2".repeat(16));
    Map<?, ?> problem = Json.list(Json.object(views.problems()), "problems").get(0);
    assertThat(problem.get("kind")).isEqualTo("billed_twice");
    assertThat(problem.get("reason")).isEqualTo("nested spans of one call");
    Map<?, ?> late = (Map<?, ?>) detail("1").get("late");
    assertThat(late.get("decidedBy")).isEqualTo("2".repeat(16));
    assertThat(((Map<?, ?>) detail("1").get("cost")).get("total")).isEqualTo("0.0035");
  }

  @Test
  void parallelCallsInDifferentRequestsAreBothSummed() throws Exception {
    output.write(processed(chat("2", "1", "gpt-4o")));
    output.write(processed(span("1", "", "root"), chat("3", "1", "gpt-4o")));

    assertThat(Json.list(Json.list(list(""), "traces").get(0), "cost"))
        .containsExactly(Map.of("currency", "USD", "amount", "0.0070"));
    assertThat(Json.list(Json.object(views.problems()), "problems")).isEmpty();
  }

  @Test
  void whatOneRequestShowedIsNotPairedAgainWithAnother() throws Exception {
    // Two parallel calls, each recorded by two instrumentations.
    output.write(decided(scoped("framework", "2"), scoped("client", "3")));
    output.write(decided(span("1", "", "root"), scoped("framework", "4"), scoped("client", "5")));

    assertThat(Json.list(Json.list(list(""), "traces").get(0), "cost"))
        .containsExactly(Map.of("currency", "USD", "amount", "0.0070"));
  }

  private static Span.Builder scoped(String scope, String id) {
    return chat(id, "1", "gpt-4o").setTraceState("scope=" + scope);
  }

  /** The batch after the decision about a request alone; a span's scope is in its trace state. */
  private static Batch decided(Span.Builder... spans) throws Exception {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    for (Span.Builder span : spans) {
      request
          .addResourceSpansBuilder()
          .addScopeSpansBuilder()
          .setScope(InstrumentationScope.newBuilder().setName(span.getTraceState()))
          .addSpans(span);
    }
    Batch understood =
        LlmProcessor.builder()
            .build()
            .apply(batch(Signal.TRACES, request.build().toByteArray(), outcome -> {}));
    return WholeTraces.perRequest(Set.of()).apply(understood);
  }

  @Test
  void callWithoutPriceHasNoAmountAndIsAProblem() throws Exception {
    output.write(processed(chat("1", "", "gpt-unheard-of")));

    assertThat(Json.list(Json.list(list(""), "traces").get(0), "cost")).isEmpty();
    Map<?, ?> problem = Json.list(Json.object(views.problems()), "problems").get(0);
    assertThat(problem.get("kind")).isEqualTo("unpriced");
    assertThat(problem.get("model")).isEqualTo("gpt-unheard-of");
  }

  @Test
  void detailHasTheArithmeticOfTheCost() throws Exception {
    output.write(processed(conversation("1", "")));

    Map<?, ?> cost = (Map<?, ?>) detail("1").get("cost");
    assertThat(cost.get("total")).isEqualTo("0.0035");
    assertThat(Json.list(cost, "lines"))
        .extracting(line -> line.get("unit") + " " + line.get("quantity") + " " + line.get("rate"))
        .containsExactly("input 1000 0.0000025", "output 100 0.00001");
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "METADATA"})
  void policyThatLetsNoContentLeaveKeepsItOutOfEveryAnswer(ContentMode mode) throws Exception {
    RecentOutput guarded = RecentOutput.on(Runnable::run, store, ContentPolicy.of(mode));

    guarded.write(
        processed(
            conversation("1", "")
                .setStatus(
                    Status.newBuilder()
                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                        .setMessage("refused: s3cret question about money"))));

    for (byte[] json :
        List.of(
            views.traces("", 0, 10),
            views.trace(TRACE),
            views.span(TRACE, "1".repeat(16)),
            views.branch(TRACE, ""),
            views.sessions(""),
            views.problems())) {
      assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("s3cret");
    }
    assertThat(Json.list(list(""), "traces").get(0).get("redacted")).isEqualTo(true);
    assertThat(Json.list(list("s3cret"), "traces")).isEmpty();
  }

  @Test
  void policyThatRedactsMasksPersonalData() throws Exception {
    RecentOutput guarded =
        RecentOutput.on(Runnable::run, store, ContentPolicy.of(ContentMode.REDACTED));

    guarded.write(
        processed(
            chat("1", "", "gpt-4o")
                .addAttributes(
                    attribute(
                        "gen_ai.input.messages",
                        ASKED.replace("s3cret question", "write to ann@example.com")))));

    assertThat(Json.list(list(""), "traces").get(0).get("asked")).isEqualTo("write to [EMAIL]");
    assertThat(new String(views.span(TRACE, "1".repeat(16)), StandardCharsets.UTF_8))
        .doesNotContain("ann@example.com");
  }

  @Test
  void secondDeliveryOfASpanReplacesTheFirst() throws Exception {
    output.write(processed(chat("1", "", "gpt-4o").setName("started")));
    output.write(processed(chat("1", "", "gpt-4o").setName("ended")));

    assertThat(Json.list(trace(), "spans"))
        .<Object>extracting(it -> it.get("name"))
        .containsExactly("ended");
    assertThat(store.stats().spans()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\u202Egpj.exe",
        "{\"broken\": [1, ",
        "\u0001\u0007\u001b[31m",
        "\\ud800 half of a pair",
        "\"},{\"x\":\"",
        "__proto__"
      })
  void hostileContentInEveryFieldStaysText(String hostile) throws Exception {
    output.write(
        processed(
            chat("1", "", hostile)
                .setName(hostile)
                .setStatus(
                    Status.newBuilder()
                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                        .setMessage(hostile))
                .addAttributes(attribute(hostile, hostile))
                .addAttributes(attribute("user.id", hostile))
                .addAttributes(attribute("session.id", hostile))
                .addAttributes(attribute("error.type", hostile))
                .addAttributes(attribute("gen_ai.input.messages", hostile))
                .addAttributes(attribute("gen_ai.tool.call.arguments", hostile))));

    Map<?, ?> row = Json.list(list(""), "traces").get(0);
    assertThat(row.get("user")).isEqualTo(hostile);
    assertThat(row.get("name")).isEqualTo(hostile);
    assertThat(detail("1").get("name")).isEqualTo(hostile);
    assertThat(((Map<?, ?>) detail("1").get("attributes")).get(hostile)).isEqualTo(hostile);
    assertThat(Json.list(Json.object(views.sessions("")), "sessions")).hasSize(1);
    assertThat(Json.list(Json.object(views.charts("", "model", "", null, null)), "series"))
        .hasSize(1);
  }

  @Test
  void halfOfASurrogatePairInJsonDoesNotBreakTheAnswer() throws Exception {
    output.write(
        processed(
            chat("1", "", "gpt-4o")
                .addAttributes(
                    attribute(
                        "gen_ai.input.messages", ASKED.replace("question", "\\ud800 question")))));

    assertThat((String) Json.list(list(""), "traces").get(0).get("asked")).startsWith("s3cret ");
    assertThat(detail("1").get("spanId")).isEqualTo("1".repeat(16));
  }

  @Test
  void spansWithoutIdsAreAllKept() throws Exception {
    output.write(processed(span("", "", "a"), span("", "", "b")));

    assertThat(Json.list(trace(), "spans")).hasSize(2);
  }

  @Test
  void logsAreAcceptedAndNotKept() throws Exception {
    List<Outcome> answers = new ArrayList<>();

    output.write(
        batch(
            Signal.LOGS,
            ExportLogsServiceRequest.getDefaultInstance().toByteArray(),
            answers::add));

    assertThat(answers).containsExactly(Outcome.ACCEPTED);
    assertThat(store.stats().spans()).isZero();
  }

  @Test
  void pipelineIsNotHeldUpAndWhatIsTooMuchIsCounted() throws Exception {
    List<Runnable> waiting = new ArrayList<>();
    RecentOutput slow = RecentOutput.on(waiting::add, store, /* policy= */ null);
    List<Outcome> answers = new ArrayList<>();
    byte[] large =
        traces(span("1", "", "large").addAttributes(attribute("x", "x".repeat(20 << 20))));

    for (int i = 0; i < 4; i++) {
      slow.write(batch(Signal.TRACES, large, answers::add));
    }

    assertThat(answers).containsOnly(Outcome.ACCEPTED).hasSize(4);
    assertThat(slow.skippedSpans()).isPositive().isLessThan(4);
    assertThat(waiting).hasSize((int) (4 - slow.skippedSpans()));
    waiting.forEach(Runnable::run);
    slow.write(batch(Signal.TRACES, large, answers::add));
    assertThat(slow.skippedSpans()).isLessThan(4);
  }

  @Test
  void tracesBeyondTheBudgetAreLeftOutAndCounted() throws Exception {
    AtomicLong cpu = new AtomicLong();
    ReadingBudget budget =
        new ReadingBudget(() -> 0, () -> cpu.getAndAdd(Duration.ofSeconds(6).toNanos()), 1 << 20);
    RecentOutput limited = RecentOutput.on(Runnable::run, store, /* policy= */ null, budget);

    limited.write(processed(span("1", "", "first")));
    assertThat(limited.skippedSpans()).isZero();
    limited.write(processed(span("2", "", "second")));

    assertThat(limited.skippedSpans()).isEqualTo(1);
    assertThat(Json.list(trace(), "spans")).hasSize(1);
  }

  private static Span.Builder conversation(String id, String parent) {
    return chat(id, parent, "gpt-4o")
        .addAttributes(attribute("user.id", "maya"))
        .addAttributes(attribute("session.id", "trip"))
        .addAttributes(attribute("gen_ai.input.messages", ASKED))
        .addAttributes(attribute("gen_ai.output.messages", ANSWERED));
  }

  private Map<?, ?> list(String query) {
    return Json.object(views.traces(query, 0, 100));
  }

  private Map<?, ?> trace() {
    return Json.object(views.trace(TRACE));
  }

  private Map<?, ?> detail(String digit) {
    return Json.object(views.span(TRACE, digit.repeat(16)));
  }
}
