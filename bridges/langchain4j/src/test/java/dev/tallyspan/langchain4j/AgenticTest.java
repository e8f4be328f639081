package dev.tallyspan.langchain4j;

import static dev.tallyspan.bridges.testkit.Traces.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.observability.AgentListener;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.OpenAiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgenticTest {

  private final Traces traces = new Traces();
  private final FakeProvider provider = new FakeProvider();
  private final GenAi genAi = traces.genAi();

  @AfterEach
  void close() {
    provider.close();
    traces.close();
  }

  private ChatModel model() {
    return OpenAiChatModel.builder()
        .baseUrl(provider.baseUrl())
        .apiKey("none")
        .modelName("gpt-4o-mini")
        .maxRetries(0)
        .listeners(List.of(TallyspanLangChain4j.chatModelListener(genAi)))
        .build();
  }

  /** A tool of an agent. */
  public static final class Weather {
    @Tool(name = "get_weather")
    public String weather(@P("city") String city) {
      return "21 degrees";
    }
  }

  private UntypedAgent agent(String name, Object... tools) {
    var builder =
        AgenticServices.agentBuilder()
            .name(name)
            .chatModel(model())
            .description("Answers")
            .userMessage("About {{topic}}")
            .inputKey(String.class, "topic")
            .returnType(String.class)
            .outputKey(name);
    return tools.length == 0 ? builder.build() : builder.tools(tools).build();
  }

  private AgentListener listener() {
    return TallyspanAgentic.agentListener(genAi);
  }

  @Test
  void aSequenceIsAnAgentWithItsAgentsBelow() {
    provider.answersJson(OpenAiPayloads.TOOL_CALL);
    provider.answersJson(OpenAiPayloads.CHAT);
    provider.answersJson(OpenAiPayloads.CHAT);
    UntypedAgent sequence =
        AgenticServices.sequenceBuilder()
            .name("travel")
            .subAgents(agent("writer", new Weather()), agent("editor"))
            .outputKey("editor")
            .listener(listener())
            .build();

    assertThat(sequence.invoke(Map.of("topic", "Paris"))).isEqualTo("It is sunny.");

    SpanData travel = traces.named("invoke_agent travel");
    SpanData writer = traces.named("invoke_agent writer");
    SpanData editor = traces.named("invoke_agent editor");
    assertThat(List.of(writer, editor)).allSatisfy(it -> isChild(it, travel));
    assertThat(text(writer, "gen_ai.agent.id")).isNotEmpty();
    assertThat(text(writer, "gen_ai.output.messages")).contains("It is sunny.");
    isChild(traces.named("execute_tool get_weather"), writer);
    assertThat(traces.allNamed("chat gpt-4o-mini"))
        .extracting(SpanData::getParentSpanId)
        .containsExactly(writer.getSpanId(), writer.getSpanId(), editor.getSpanId());
    Traces.nothingIsCurrent();
  }

  @Test
  void agentsOnOtherThreadsAreBelowTheirWorkflow() {
    provider.answersJson(OpenAiPayloads.CHAT);
    provider.answersJson(OpenAiPayloads.CHAT);
    UntypedAgent parallel =
        AgenticServices.parallelBuilder()
            .name("both")
            .subAgents(agent("one"), agent("two"))
            .listener(listener())
            .build();

    parallel.invoke(Map.of("topic", "Paris"));

    SpanData both = traces.named("invoke_agent both");
    isChild(traces.named("invoke_agent one"), both);
    isChild(traces.named("invoke_agent two"), both);
    assertThat(traces.allNamed("chat gpt-4o-mini"))
        .extracting(SpanData::getTraceId)
        .containsOnly(both.getTraceId())
        .hasSize(2);
  }

  @Test
  void anErrorFailsTheAgents() {
    provider.answersError(429, OpenAiPayloads.RATE_LIMIT);
    UntypedAgent sequence =
        AgenticServices.sequenceBuilder()
            .name("travel")
            .subAgents(agent("writer"))
            .listener(listener())
            .build();

    assertThatThrownBy(() -> sequence.invoke(Map.of("topic", "Paris")))
        .isInstanceOf(RuntimeException.class);

    assertThat(text(traces.named("invoke_agent writer"), "error.type")).isNotEmpty();
    assertThat(text(traces.named("invoke_agent travel"), "error.type")).isNotEmpty();
    Traces.nothingIsCurrent();
  }

  private static void isChild(SpanData child, SpanData parent) {
    assertThat(child.getParentSpanId())
        .as("%s below %s", child, parent)
        .isEqualTo(parent.getSpanId());
  }
}
