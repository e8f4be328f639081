package dev.tallyspan.api;

import static dev.tallyspan.api.Telemetry.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TokenUsage;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContentTest {

  private final Telemetry telemetry = new Telemetry();

  private static void everything(GenAi genAi) {
    genAi
        .agent("a")
        .system("secret")
        .input(Message.user("secret"))
        .run(agent -> agent.output(Message.assistant("secret")));
    genAi
        .chat("openai", "gpt-4o")
        .promptVariable("v", "secret")
        .system("secret")
        .input(Message.user("secret").blob("image/png", "secret".getBytes()))
        .input(
            Message.assistant("secret")
                .reasoning("secret")
                .toolCall("1", "f", "{\"a\":\"secret\"}"))
        .input(Message.toolResult("1", "[{\"b\":\"secret\"}]").uri("image/png", "https://secret"))
        .tool("f", "secret", "{\"c\":\"secret\"}")
        .run(
            call ->
                call.output(Message.assistant("secret"))
                    .chunk(Delta.text("secret"))
                    .usage(TokenUsage.inclusive().input(1).output(1))
                    .fail(new IllegalStateException("secret")));
    genAi.tool("f").arguments("{\"a\":\"secret\"}").run(tool -> tool.result("secret"));
    genAi
        .retrieval("r")
        .query("secret")
        .run(call -> call.documents(Document.of("1", "secret", 0.5)));
    genAi
        .mcpClient("tools/call")
        .arguments("{\"a\":\"secret\"}")
        .run(call -> call.result("secret"));
    genAi.workflow("w").input(Message.user("secret")).run(it -> it.output(Message.user("secret")));
  }

  @Test
  void noContentIsWrittenByDefault() {
    everything(telemetry.genAi().build());

    assertThat(telemetry.spans()).hasSize(6);
    assertThat(telemetry.spans().toString()).doesNotContain("secret");
  }

  @Test
  void kindsAreChosenOneByOne() {
    Set<ContentCapture.Kind> kinds = EnumSet.of(ContentCapture.Kind.QUERY);
    everything(telemetry.genAi().content(kinds::contains).build());

    assertThat(text(telemetry.span("retrieval r"), "gen_ai.retrieval.query.text"))
        .isEqualTo("secret");
    assertThat(telemetry.spans().toString().split("secret", -1)).hasSize(2);
  }

  @Test
  void everyTextIsRedacted() {
    GenAi genAi =
        telemetry
            .genAi()
            .content(ContentCapture.redacting(text -> text.replace("secret", "***")))
            .build();
    everything(genAi);

    assertThat(genAi.faults()).isZero();
    assertThat(telemetry.spans().toString()).doesNotContain("secret", "c2VjcmV0");
    assertThat(text(telemetry.span("chat gpt-4o"), "gen_ai.input.messages"))
        .contains("\"arguments\":{\"a\":\"***\"}")
        .contains("\"response\":[{\"b\":\"***\"}]")
        .contains("https://***");
    assertThat(telemetry.span("chat gpt-4o").getStatus().getDescription()).isEqualTo("***");
    assertThat(Telemetry.findings(telemetry.span("chat gpt-4o"))).isEmpty();
  }

  @Test
  void redactionThatReturnsNothingLeavesNothing() {
    everything(telemetry.genAi().content(ContentCapture.redacting(text -> null)).build());

    assertThat(telemetry.spans().toString()).doesNotContain("secret");
  }
}
