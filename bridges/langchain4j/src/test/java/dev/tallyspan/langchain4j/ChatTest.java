package dev.tallyspan.langchain4j;

import static dev.tallyspan.bridges.testkit.Traces.count;
import static dev.tallyspan.bridges.testkit.Traces.number;
import static dev.tallyspan.bridges.testkit.Traces.text;
import static dev.tallyspan.bridges.testkit.Traces.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.AnthropicPayloads;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.OpenAiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChatTest {

  private final Traces traces = new Traces();
  private final FakeProvider provider = new FakeProvider();

  @AfterEach
  void close() {
    provider.close();
    traces.close();
  }

  private OpenAiChatModel.OpenAiChatModelBuilder openAi(ChatModelListener... listeners) {
    return OpenAiChatModel.builder()
        .baseUrl(provider.baseUrl())
        .apiKey("none")
        .modelName("gpt-4o-mini")
        .maxRetries(0)
        .listeners(List.of(listeners));
  }

  private ChatModelListener listener() {
    return TallyspanLangChain4j.chatModelListener(traces.genAi());
  }

  @Test
  void chatIsASpanWithUsageCostAndSettings() {
    provider.answersJson(OpenAiPayloads.CHAT);

    openAi(listener())
        .temperature(0.5)
        .maxTokens(100)
        .stop(List.of("END"))
        .build()
        .chat("Weather?");

    SpanData span = traces.only();
    assertThat(span.getName()).isEqualTo("chat gpt-4o-mini");
    assertThat(text(span, "gen_ai.provider.name")).isEqualTo("openai");
    assertThat(number(span, "gen_ai.request.temperature")).isEqualTo(0.5);
    assertThat(count(span, "gen_ai.request.max_tokens")).isEqualTo(100);
    assertThat(texts(span, "gen_ai.request.stop_sequences")).containsExactly("END");
    assertThat(text(span, "gen_ai.response.id")).isEqualTo("chatcmpl-1");
    assertThat(text(span, "gen_ai.response.model")).isEqualTo("gpt-4o-mini-2024-07-18");
    assertThat(texts(span, "gen_ai.response.finish_reasons")).containsExactly("stop");
    assertThat(text(span, "openai.response.service_tier")).isEqualTo("default");
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(1117);
    assertThat(count(span, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(1024);
    assertThat(count(span, "gen_ai.usage.output_tokens")).isEqualTo(463);
    assertThat(count(span, "gen_ai.usage.reasoning.output_tokens")).isEqualTo(400);
    assertThat(text(span, "tallyspan.cost.status")).isEqualTo("priced");
    assertThat(text(span, "gen_ai.output.messages")).contains("It is sunny.");
  }

  @Test
  void messagesOfAllKindsAreRecorded() {
    provider.answersJson(OpenAiPayloads.TOOL_CALL);
    ToolSpecification tool =
        ToolSpecification.builder()
            .name("get_weather")
            .description("The weather of a city")
            .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
            .build();

    openAi(listener())
        .build()
        .chat(
            ChatRequest.builder()
                .messages(
                    SystemMessage.from("Be terse."),
                    UserMessage.from(
                        TextContent.from("Where is this?"), ImageContent.from("aW1n", "image/png")),
                    AiMessage.from(
                        ToolExecutionRequest.builder()
                            .id("call_0")
                            .name("locate")
                            .arguments("{\"n\":1}")
                            .build()),
                    ToolExecutionResultMessage.from("call_0", "locate", "Paris"))
                .toolSpecifications(tool)
                .build());

    SpanData span = traces.only();
    assertThat(text(span, "gen_ai.input.messages"))
        .contains("\"role\":\"system\"", "Be terse.", "Where is this?")
        .contains("\"type\":\"blob\"", "\"mime_type\":\"image/png\"", "\"content\":\"aW1n\"")
        .contains("\"type\":\"tool_call\"", "\"arguments\":{\"n\":1}")
        .contains("\"type\":\"tool_call_response\"", "\"id\":\"call_0\"", "Paris");
    assertThat(text(span, "gen_ai.tool.definitions"))
        .contains("\"name\":\"get_weather\"", "The weather of a city", "\"city\"");
    assertThat(text(span, "gen_ai.output.messages"))
        .contains("\"id\":\"call_1\"", "\"arguments\":{\"city\":\"Paris\"}")
        .contains("\"finish_reason\":\"tool_call\"");
    assertThat(texts(span, "gen_ai.response.finish_reasons")).containsExactly("tool_call");
  }

  @Test
  void inputOfAnthropicIncludesItsCacheTokens() {
    provider.answersJson(AnthropicPayloads.MESSAGE);

    AnthropicChatModel.builder()
        .baseUrl(provider.baseUrl())
        .apiKey("none")
        .modelName("claude-sonnet-4-5")
        .maxRetries(0)
        .listeners(List.of(listener()))
        .build()
        .chat("Weather?");

    SpanData span = traces.only();
    assertThat(text(span, "gen_ai.provider.name")).isEqualTo("anthropic");
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(10 + 2870 + 300);
    assertThat(count(span, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(2870);
    assertThat(count(span, "gen_ai.usage.cache_creation.input_tokens")).isEqualTo(300);
    assertThat(count(span, "gen_ai.usage.output_tokens")).isEqualTo(503);
  }

  @Test
  void anErrorFailsTheSpanAndReachesTheApplication() {
    provider.answersError(429, OpenAiPayloads.RATE_LIMIT);
    ChatModel model = openAi(listener()).build();

    assertThatThrownBy(() -> model.chat("Weather?")).isInstanceOf(RateLimitException.class);

    SpanData span = traces.only();
    assertThat(text(span, "error.type")).isEqualTo(RateLimitException.class.getName());
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(count(span, "gen_ai.usage.input_tokens")).isNull();
  }

  @Test
  void contentIsOnlyWrittenIfItIsCaptured() {
    provider.answersJson(OpenAiPayloads.CHAT);

    openAi(TallyspanLangChain4j.chatModelListener(GenAi.create(traces.openTelemetry())))
        .build()
        .chat("Weather?");

    SpanData span = traces.only();
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(1117);
    assertThat(span.getAttributes().toString()).doesNotContain("Weather?", "sunny");
  }

  @Test
  void theSameListenerTwiceWritesOneSpan() {
    provider.answersJson(OpenAiPayloads.CHAT);
    ChatModelListener listener = listener();

    openAi(listener, listener, listener()).build().chat("Weather?");

    assertThat(traces.all()).hasSize(1);
  }

  @Test
  void withoutOpenTelemetryTheModelWorks() {
    provider.answersJson(OpenAiPayloads.CHAT);

    String answer =
        openAi(TallyspanLangChain4j.chatModelListener(GenAi.noop())).build().chat("Weather?");

    assertThat(answer).isEqualTo("It is sunny.");
  }
}
