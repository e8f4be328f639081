package dev.tallyspan.api;

import static dev.tallyspan.api.Telemetry.findings;
import static dev.tallyspan.api.Telemetry.keys;
import static dev.tallyspan.api.Telemetry.text;
import static dev.tallyspan.api.Telemetry.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Modalities;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of span, as the conventions define it. */
class ConventionsTest {

  private final Telemetry telemetry = new Telemetry();
  private final GenAi genAi = telemetry.genAi().content(ContentCapture.ALL).build();

  @AfterEach
  void nothingFailed() {
    assertThat(genAi.faults()).isZero();
    telemetry.close();
  }

  private static void fullChat(GenAi genAi) {
    genAi
        .chat("openai", "gpt-4o")
        .server("api.openai.com", 443)
        .conversation("c-1")
        .temperature(0.2)
        .topP(0.9)
        .topK(40)
        .maxTokens(100)
        .seed(7)
        .stopSequences("END", null)
        .frequencyPenalty(0.1)
        .presencePenalty(0.3f)
        .choiceCount(2)
        .outputType("json")
        .reasoningLevel("low")
        .previousResponseId("resp_0")
        .serviceTier("auto")
        .openAiApi("responses")
        .prompt("greeting", "3")
        .promptVariable("name", "Ada")
        .system("You are terse.")
        .input(Message.user("Look").blob("image/png", new byte[] {1, 2, 3}))
        .input(Message.assistant("I call").toolCall("call_1", "look", "{\"x\":1}"))
        .input(Message.toolResult("call_1", "{\"seen\":true}"))
        .tools("[{\"type\":\"function\",\"function\":{\"name\":\"look\",\"parameters\":{}}}]")
        .tool("listen", "Listens.", "{\"type\":\"object\"}")
        .run(
            call ->
                call.responseId("resp_1")
                    .responseModel("gpt-4o-2024-08-06")
                    .finishReasons("stop", "length")
                    .serviceTier("default")
                    .systemFingerprint("fp_1")
                    .output(Message.assistant("One"), Message.assistant("Two"))
                    .usage(
                        TokenUsage.inclusive()
                            .input(300)
                            .cacheRead(40)
                            .cacheWrite5m(10)
                            .output(30)
                            .reasoning(20)
                            .inputModalities(new Modalities(100, 200, -1, -1))));
  }

  @ParameterizedTest
  @EnumSource
  void chat(ConventionVersion generation) {
    fullChat(telemetry.genAi().content(ContentCapture.ALL).generation(generation).build());

    SpanData span = telemetry.span();
    assertThat(findings(span, generation)).isEmpty();
    assertThat(span.getName()).isEqualTo("chat gpt-4o");
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(text(span, "gen_ai.provider.name")).isEqualTo("openai");
    assertThat(text(span, "gen_ai.conversation.id")).isEqualTo("c-1");
    assertThat(whole(span, "gen_ai.request.max_tokens")).isEqualTo(100);
    assertThat(whole(span, "gen_ai.request.choice.count")).isEqualTo(2);
    assertThat(whole(span, "gen_ai.usage.cache_creation.input_tokens")).isEqualTo(10);
    assertThat(whole(span, "tallyspan.usage.cache_write_5m.input_tokens")).isEqualTo(10);
    assertThat(text(span, "gen_ai.system_instructions"))
        .isEqualTo("[{\"type\":\"text\",\"content\":\"You are terse.\"}]");
    assertThat(text(span, "gen_ai.output.messages"))
        .contains("\"finish_reason\":\"stop\"")
        .contains("\"finish_reason\":\"length\"");
    assertThat(text(span, "gen_ai.input.messages"))
        .contains("\"content\":\"AQID\"")
        .contains("\"arguments\":{\"x\":1}")
        .contains("\"response\":{\"seen\":true}");
    assertThat(text(span, "gen_ai.tool.definitions"))
        .isEqualTo(
            "[{\"type\":\"function\",\"name\":\"look\",\"parameters\":{}},"
                + "{\"type\":\"function\",\"name\":\"listen\",\"description\":\"Listens.\","
                + "\"parameters\":{\"type\":\"object\"}}]");
    if (generation == ConventionVersion.GENAI_DEV) {
      assertThat(whole(span, "gen_ai.usage.image.input_tokens")).isEqualTo(200);
      assertThat(whole(span, "gen_ai.request.top_k")).isEqualTo(40);
    } else {
      assertThat(keys(span))
          .doesNotContain(
              "gen_ai.usage.cache_write.input_tokens",
              "gen_ai.usage.image.input_tokens",
              "gen_ai.request.reasoning.level");
    }
  }

  @Test
  void otherOperationsOfAModel() {
    genAi.chat("gcp.gemini", "gemini-2.5-pro").operation("generate_content").start().end();

    SpanData span = telemetry.span("generate_content gemini-2.5-pro");
    assertThat(findings(span)).isEmpty();
    assertThat(text(span, "gen_ai.operation.name")).isEqualTo("generate_content");
  }

  @Test
  void embeddings() {
    genAi
        .embeddings("openai", "text-embedding-3-small")
        .dimensions(512)
        .encodingFormats("float")
        .run(call -> call.responseModel("text-embedding-3-small").inputTokens(11));

    SpanData span = telemetry.span("embeddings text-embedding-3-small");
    assertThat(findings(span)).isEmpty();
    assertThat(whole(span, "gen_ai.usage.input_tokens")).isEqualTo(11);
    assertThat(whole(span, "gen_ai.embeddings.dimension.count")).isEqualTo(512);
    assertThat(keys(span)).doesNotContain("gen_ai.usage.output_tokens");
  }

  @Test
  void retrieval() {
    genAi
        .retrieval("policies")
        .query("refunds")
        .topK(3)
        .run(call -> call.documents(Document.of("d1", "30 days", 0.83), null));

    SpanData span = telemetry.span("retrieval policies");
    assertThat(findings(span)).isEmpty();
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(text(span, "gen_ai.retrieval.query.text")).isEqualTo("refunds");
    assertThat(text(span, "gen_ai.retrieval.documents"))
        .isEqualTo("[{\"id\":\"d1\",\"score\":0.83,\"content\":\"30 days\"}]");
  }

  @Test
  void tool() {
    genAi
        .tool("get_weather")
        .callId("call_1")
        .type("function")
        .description("Tells the weather.")
        .arguments("{\"city\":\"Paris\"}")
        .run(run -> run.result("sunny"));

    SpanData span = telemetry.span("execute_tool get_weather");
    assertThat(findings(span)).isEmpty();
    assertThat(span.getKind()).isEqualTo(SpanKind.INTERNAL);
    assertThat(text(span, "gen_ai.tool.call.arguments")).isEqualTo("{\"city\":\"Paris\"}");
    assertThat(text(span, "gen_ai.tool.call.result")).isEqualTo("sunny");
  }

  @Test
  void agent() {
    genAi
        .agent("travel")
        .model("gpt-4o")
        .description("Plans trips.")
        .system("Be kind.")
        .input(Message.user("Plan"))
        .run(agent -> agent.output(Message.assistant("Planned")));

    SpanData span = telemetry.span("invoke_agent travel");
    assertThat(findings(span)).isEmpty();
    assertThat(span.getKind()).isEqualTo(SpanKind.INTERNAL);
    assertThat(text(span, "gen_ai.output.messages")).contains("\"finish_reason\":\"stop\"");
  }

  @Test
  void remoteAgent() {
    genAi
        .agent("helper")
        .remote("aws.bedrock")
        .version("2")
        .run(agent -> agent.id("a-1").usage(TokenUsage.inclusive().input(5).output(1)));

    SpanData span = telemetry.span("invoke_agent helper");
    assertThat(findings(span)).isEmpty();
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(text(span, "gen_ai.agent.id")).isEqualTo("a-1");
  }

  @Test
  void workflow() {
    genAi
        .workflow("onboarding")
        .input(Message.user("Start"))
        .run(workflow -> workflow.output(Message.assistant("Done")));

    SpanData span = telemetry.span("invoke_workflow onboarding");
    assertThat(findings(span)).isEmpty();
    assertThat(span.getKind()).isEqualTo(SpanKind.INTERNAL);
  }

  @Test
  void mcp() {
    genAi
        .mcpClient("tools/call")
        .tool("weather")
        .session("m-1")
        .requestId("1")
        .protocolVersion("2025-06-18")
        .arguments("{}")
        .run(call -> call.result("21"));
    genAi.mcpServer("prompts/get").prompt("greeting").run(call -> {});
    genAi.mcpServer("resources/read").resource("file:///a").run(call -> {});

    SpanData client = telemetry.span("tools/call weather");
    assertThat(findings(client)).isEmpty();
    assertThat(client.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(text(client, "gen_ai.operation.name")).isEqualTo("execute_tool");
    SpanData server = telemetry.span("prompts/get greeting");
    assertThat(findings(server)).isEmpty();
    assertThat(server.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(keys(server)).doesNotContain("gen_ai.operation.name");
    assertThat(findings(telemetry.span("resources/read"))).isEmpty();
  }

  @Test
  void structuredContent() {
    GenAi structured =
        telemetry
            .genAi()
            .content(ContentCapture.ALL)
            .contentFormat(ContentFormat.STRUCTURED)
            .build();
    structured.chat("openai", "gpt-4o").input(Message.user("Hi")).start().end();

    SpanData span = telemetry.span();
    assertThat(findings(span)).isEmpty();
    assertThat(span.getAttributes().get(AttributeKey.valueKey("gen_ai.input.messages")).asString())
        .contains("Hi");
  }

  @Test
  void anyAttribute() {
    genAi
        .chat("openai", "gpt-4o")
        .attribute(AttributeKey.longArrayKey("before"), List.of(1L, 2L))
        .run(call -> call.attribute(AttributeKey.booleanKey("after"), true));

    assertThat(telemetry.span().getAttributes().get(AttributeKey.longArrayKey("before")))
        .containsExactly(1L, 2L);
    assertThat(telemetry.span().getAttributes().get(AttributeKey.booleanKey("after"))).isTrue();
  }
}
