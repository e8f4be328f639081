package dev.tallyspan.collector.output.budget;

import static dev.tallyspan.collector.processor.LlmRequests.TRACE;
import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.accounting.Accounting;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopWatchTest {

  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  private final List<Alert> alerts = new ArrayList<>();
  private final Accounting accounting =
      new Accounting(
          List.of(new LoopWatch(3, alerts::add, MeterProvider.noop().get("test"), () -> NOW)),
          List.of());
  private long spans;

  @Test
  void toolThatRunsAgainAndAgainWithTheSameArgumentsIsALoop() throws Exception {
    run("search", "{\"q\":\"x\"}");
    run("search", "{\"q\":\"x\"}");
    assertThat(alerts).isEmpty();
    run("search", "{\"q\":\"x\"}");

    assertThat(alerts).containsExactly(new Alert.Loop(NOW, TRACE, "planner", "search", 3));
    assertThat(alerts.get(0).line())
        .isEqualTo(
            "loop: in trace "
                + TRACE
                + ", the agent planner called the tool search 3 times with the same arguments");
  }

  @Test
  void loopIsReportedOncePerTrace() throws Exception {
    for (int i = 0; i < 10; i++) {
      run("search", "{\"q\":\"x\"}");
      run("fetch", "{\"q\":\"x\"}");
    }

    assertThat(alerts).hasSize(1);
  }

  @Test
  void otherArgumentsAreAnotherCall() throws Exception {
    for (int i = 0; i < 10; i++) {
      run("search", "{\"q\":\"" + i + "\"}");
    }

    assertThat(alerts).isEmpty();
  }

  @Test
  void loopAmongOtherCallsIsFound() throws Exception {
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 50; j++) {
        run("fetch", "{\"page\":" + (i * 50 + j) + "}");
      }
      run("search", "{\"q\":\"x\"}");
    }

    assertThat(alerts).hasSize(1);
  }

  @Test
  void callThatTwoInstrumentationsTraceCountsOnce() throws Exception {
    for (int i = 0; i < 4; i++) {
      String id = "call-" + i / 2;
      accounting.write(
          processed(tool("search", "{}").addAttributes(attribute("gen_ai.tool.call.id", id))));
    }

    assertThat(alerts).isEmpty();
  }

  @Test
  void modelThatAsksForTheSameCallAgainAndAgainIsALoop() throws Exception {
    String message =
        "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"%d\",\"name\":"
            + "\"search\",\"arguments\":{\"q\":\"secret\"}}],\"finish_reason\":\"tool_call\"}]";
    for (int i = 0; i < 3; i++) {
      accounting.write(
          processed(
              withId(chat("", "", "gpt-4o"))
                  .addAttributes(attribute("gen_ai.output.messages", message.formatted(i)))));
    }

    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).line()).contains("an agent called the tool search 3 times");
    assertThat(alerts.get(0).toString()).doesNotContain("secret");
  }

  private void run(String tool, String arguments) throws Exception {
    accounting.write(processed(tool(tool, arguments)));
  }

  private Span.Builder tool(String tool, String arguments) {
    return withId(span("", "", "execute_tool " + tool))
        .addAttributes(attribute("gen_ai.operation.name", "execute_tool"))
        .addAttributes(attribute("gen_ai.agent.name", "planner"))
        .addAttributes(attribute("gen_ai.tool.name", tool))
        .addAttributes(attribute("gen_ai.tool.call.arguments", arguments));
  }

  private Span.Builder withId(Span.Builder span) {
    ByteBuffer id = ByteBuffer.allocate(8).putLong(0, ++spans);
    return span.setSpanId(ByteString.copyFrom(id));
  }
}
