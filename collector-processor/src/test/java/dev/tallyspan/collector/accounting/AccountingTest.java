package dev.tallyspan.collector.accounting;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.batch;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static dev.tallyspan.collector.processor.LlmRequests.traces;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.accounting.CountedSpan.Counts;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.window.WholeTraces;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SilentLogs.class)
class AccountingTest {

  private final LlmProcessor processor = LlmProcessor.builder().build();
  private final List<Counts> counts = new ArrayList<>();
  private final List<String> rules = new ArrayList<>();
  private final Accounting accounting =
      new Accounting(
          List.of(
              span -> {
                counts.add(span.counts());
                rules.add(span.rule());
              }),
          List.of());

  @Test
  void acceptsABatchAtOnce() throws Exception {
    List<Outcome> answers = new ArrayList<>();

    accounting.write(batch(Signal.TRACES, traces(chat("1", "", "gpt-4o")), answers::add));

    assertThat(answers).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void requestThatIsSentAgainCountsOnce() throws Exception {
    accounting.write(processed(chat("1", "", "gpt-4o"), chat("2", "", "gpt-4o")));
    accounting.write(processed(chat("1", "", "gpt-4o"), chat("2", "", "gpt-4o")));

    assertThat(counts)
        .containsExactly(Counts.BILLED, Counts.BILLED, Counts.REPEATED, Counts.REPEATED);
  }

  @Test
  void spansWithoutIdsAlwaysCount() throws Exception {
    Span.Builder span = chat("", "", "gpt-4o").clearTraceId();

    accounting.write(processed(span));
    accounting.write(processed(span));

    assertThat(counts).containsExactly(Counts.BILLED, Counts.BILLED);
  }

  @Test
  void snapshotOfASpanDoesNotPreventItsBill() throws Exception {
    accounting.write(
        processed(
            span("1", "", "x").addAttributes(attribute("gen_ai.operation.name", "invoke_agent"))));
    accounting.write(processed(chat("1", "", "gpt-4o")));

    assertThat(counts).containsExactly(Counts.NOT_BILLED, Counts.BILLED);
  }

  @Test
  void spanOfTheSameCallIsADuplicate() throws Exception {
    accounting.write(
        whole(
            chat("1", "", "gpt-4o").addAttributes(attribute("gen_ai.response.id", "r")),
            chat("2", "1", "gpt-4o").addAttributes(attribute("gen_ai.response.id", "r"))));

    assertThat(counts).containsExactlyInAnyOrder(Counts.BILLED, Counts.DUPLICATE);
    assertThat(rules).contains("same_answer");
  }

  @Test
  void lastStateOfASpanCountsAlthoughAnEarlierOneHasTheSameIds() throws Exception {
    accounting.write(
        whole(
            chat("1", "", "gpt-4o"),
            chat("1", "", "gpt-4o").addAttributes(attribute("gen_ai.response.id", "r"))));

    assertThat(counts).containsExactlyInAnyOrder(Counts.BILLED, Counts.DUPLICATE);
  }

  @Test
  void asAStepCountsAndLeavesTheTraceAsItIs() throws Exception {
    List<Batch> parts = List.of(processed(chat("1", "", "gpt-4o")));

    assertThat(accounting.apply(parts)).isSameAs(parts);
    assertThat(counts).containsExactly(Counts.BILLED);
  }

  @Test
  void logRecordCountsIfItHasNoTrace() throws Exception {
    ByteString trace = chat("1", "", "gpt-4o").getTraceId();

    accounting.write(logs(call().build()));
    accounting.write(logs(call().setTraceId(trace).build()));

    assertThat(counts).containsExactly(Counts.BILLED);
  }

  @Test
  void attributeIsOfTheSpanOrElseOfItsResource() throws Exception {
    List<String> values = new ArrayList<>();
    Dimension team = Dimension.of("team");
    Accounting byTeam =
        new Accounting(List.of(span -> values.add(team.value(span))), List.of(team));
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    var resource = request.addResourceSpansBuilder();
    resource.getResourceBuilder().addAttributes(attribute("team", "search"));
    resource
        .addScopeSpansBuilder()
        .addSpans(span("1", "", "not about an LLM"))
        .addSpans(chat("2", "", "gpt-4o"))
        .addSpans(chat("3", "", "gpt-4o").addAttributes(attribute("team", "sales")));

    byTeam.write(
        processor.apply(batch(Signal.TRACES, request.build().toByteArray(), outcome -> {})));

    assertThat(values).containsExactly("search", "sales");
  }

  @Test
  void listenerThatFailsDoesNotStopTheOthers() throws Exception {
    List<Outcome> answers = new ArrayList<>();
    List<CountedSpan> counted = new ArrayList<>();
    Accounting failing =
        new Accounting(
            List.of(
                span -> {
                  throw new IllegalStateException();
                },
                counted::add),
            List.of());

    failing.write(
        processor.apply(batch(Signal.TRACES, traces(chat("1", "", "gpt-4o")), answers::add)));

    assertThat(counted).hasSize(1);
    assertThat(answers).containsExactly(Outcome.ACCEPTED);
  }

  private Batch whole(Span.Builder... spans) throws Exception {
    return WholeTraces.perRequest(ProcessorConfig.ALL_GAPS).apply(processed(spans));
  }

  private Batch logs(LogRecord log) throws Exception {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    request.addResourceLogsBuilder().addScopeLogsBuilder().addLogRecords(log);
    return processor.apply(batch(Signal.LOGS, request.build().toByteArray(), outcome -> {}));
  }

  /** The event of the conventions that describes a call. */
  private static LogRecord.Builder call() {
    return LogRecord.newBuilder()
        .setTimeUnixNano(1_795_000_000_000_000_000L)
        .setEventName("gen_ai.client.inference.operation.details")
        .addAttributes(attribute("gen_ai.operation.name", "chat"))
        .addAttributes(attribute("gen_ai.provider.name", "openai"))
        .addAttributes(attribute("gen_ai.request.model", "gpt-4o"))
        .addAttributes(attribute("gen_ai.usage.input_tokens", 1_000))
        .addAttributes(attribute("gen_ai.usage.output_tokens", 100));
  }
}
