package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.read.SpanValidator.Finding;
import dev.tallyspan.semconv.read.SpanValidator.Rule;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpanValidatorTest {

  private static List<Rule> rules(TestSpan span) {
    return rules(span, ConventionVersion.GENAI_DEV);
  }

  private static List<Rule> rules(TestSpan span, ConventionVersion generation) {
    return SpanValidator.of(generation).check(span).stream().map(Finding::rule).toList();
  }

  @Test
  void goodSpanHasNoFindings() {
    TestSpan span =
        TestSpan.chat()
            .with("gen_ai.usage.input_tokens", 5)
            .with("gen_ai.response.finish_reasons", List.of("stop"))
            .with("gen_ai.input.messages", Messages.toJson(List.of(Message.text("user", "Hi"))));
    assertThat(rules(span)).isEmpty();
    assertThat(rules(span, ConventionVersion.CORE_1_41)).isEmpty();
  }

  @Test
  void otherSpansAreNotChecked() {
    assertThat(rules(TestSpan.span("GET /").error())).isEmpty();
  }

  @Test
  void missingAttributesAreFound() {
    assertThat(rules(TestSpan.span("x").with("gen_ai.request.model", "m")))
        .containsExactly(Rule.OPERATION_MISSING);
    assertThat(rules(TestSpan.span("chat").with("gen_ai.operation.name", "chat")))
        .containsExactly(Rule.PROVIDER_MISSING, Rule.MODEL_MISSING);
    assertThat(rules(TestSpan.span("execute_tool").with("gen_ai.operation.name", "execute_tool")))
        .containsExactly(Rule.TOOL_NAME_MISSING);
    assertThat(rules(TestSpan.chat().error())).containsExactly(Rule.ERROR_TYPE_MISSING);
  }

  @Test
  void requestsOverMcpNeedNoOperation() {
    TestSpan call =
        TestSpan.span("tools/call look")
            .kind(SpanKind.CLIENT)
            .with("mcp.method.name", "tools/call")
            .with("gen_ai.operation.name", "execute_tool")
            .with("gen_ai.tool.name", "look");
    TestSpan prompt =
        TestSpan.span("prompts/get")
            .kind(SpanKind.SERVER)
            .with("mcp.method.name", "prompts/get")
            .with("gen_ai.prompt.name", "greeting");
    assertThat(rules(call)).isEmpty();
    assertThat(rules(prompt)).containsExactly(Rule.SPAN_NAME);
  }

  @Test
  void wrongTypesAreFoundWithoutShowingValues() {
    List<Finding> findings =
        SpanValidator.of(ConventionVersion.GENAI_DEV)
            .check(TestSpan.chat().with("gen_ai.usage.input_tokens", "secret"));
    assertThat(findings)
        .containsExactly(
            new Finding(Rule.WRONG_TYPE, "gen_ai.usage.input_tokens", "should be int, is string"));
  }

  @Test
  void typeOfTopKDependsOnTheGeneration() {
    TestSpan span = TestSpan.chat().with("gen_ai.request.top_k", 40.0);
    assertThat(rules(span)).containsExactly(Rule.WRONG_TYPE);
    assertThat(rules(span, ConventionVersion.CORE_1_41)).isEmpty();
  }

  @Test
  void valuesAreCheckedAgainstTheWellKnown() {
    assertThat(rules(TestSpan.chat().with("gen_ai.provider.name", "bedrock")))
        .containsExactly(Rule.NOT_WELL_KNOWN);
    assertThat(rules(TestSpan.chat().with("gen_ai.provider.name", "ollama")))
        .containsExactly(Rule.CUSTOM_VALUE);
    assertThat(rules(TestSpan.chat().with("gen_ai.provider.name", "langchain")))
        .containsExactly(Rule.FRAMEWORK_AS_PROVIDER);
  }

  @Test
  void contentIsCheckedAgainstTheSchema() {
    assertThat(rules(TestSpan.chat().with("gen_ai.input.messages", "Hi")))
        .containsExactly(Rule.CONTENT_SHAPE);
    assertThat(
            rules(
                TestSpan.chat()
                    .with("gen_ai.input.messages", "[{\"role\":\"user\",\"content\":\"Hi\"}]")))
        .containsExactly(Rule.CONTENT_SHAPE);
    assertThat(rules(TestSpan.chat().with("gen_ai.input.messages", "[{\"role\":\"user\",")))
        .containsExactly(Rule.CONTENT_SHAPE);
  }

  @Test
  void partsLargerThanTheirTotalAreFound() {
    assertThat(
            rules(
                TestSpan.chat()
                    .with("gen_ai.usage.input_tokens", 5)
                    .with("gen_ai.usage.cache_read.input_tokens", 50)))
        .containsExactly(Rule.PARTS_EXCEED_TOTAL);
  }

  @Test
  void oldAndUnknownNamesAreFound() {
    assertThat(rules(TestSpan.chat().with("gen_ai.system", "openai")))
        .containsExactly(Rule.OLD_NAME);
    TestSpan cacheCreation = TestSpan.chat().with("gen_ai.usage.cache_creation.input_tokens", 1);
    assertThat(rules(cacheCreation)).containsExactly(Rule.OLD_NAME);
    assertThat(rules(cacheCreation, ConventionVersion.CORE_1_41)).isEmpty();
    assertThat(rules(TestSpan.chat().with("gen_ai.made_up", 1)))
        .containsExactly(Rule.UNKNOWN_ATTRIBUTE);
  }

  @Test
  void attributesOfAnotherGenerationAreFound() {
    TestSpan older = TestSpan.chat().with("gen_ai.token.type", "input");
    assertThat(rules(older)).containsExactly(Rule.OLD_NAME);
    assertThat(rules(older, ConventionVersion.CORE_1_41)).isEmpty();
    TestSpan newer = TestSpan.chat().with("gen_ai.conversation.compacted", true);
    assertThat(rules(newer)).isEmpty();
    assertThat(rules(newer, ConventionVersion.CORE_1_41)).containsExactly(Rule.OLD_NAME);
  }

  @Test
  void everySpanTypeIsCheckedForWhatItNeeds() {
    assertThat(
            rules(
                TestSpan.span("fetch_response")
                    .client()
                    .with("gen_ai.operation.name", "fetch_response")
                    .with("gen_ai.provider.name", "openai")
                    .with("gen_ai.usage.input_tokens", 5)))
        .containsExactly(Rule.RESPONSE_ID_MISSING, Rule.USAGE_NOT_OWN);
    TestSpan agent =
        TestSpan.span("invoke_agent travel")
            .with("gen_ai.operation.name", "invoke_agent")
            .with("gen_ai.agent.name", "travel");
    assertThat(rules(agent)).isEmpty();
    assertThat(rules(agent.client())).containsExactly(Rule.PROVIDER_MISSING);
    assertThat(rules(TestSpan.span("x").with("gen_ai.operation.name", "search_memory")))
        .containsExactly(Rule.SPAN_NAME);
  }

  @Test
  void attributesThatAreLeftAsTheyComeAreCheckedToo() {
    assertThat(
            rules(
                TestSpan.span("search_memory")
                    .client()
                    .with("gen_ai.operation.name", "search_memory")
                    .with("gen_ai.memory.record.count", "3")
                    .with("gen_ai.memory.records", "no list")
                    .with("gen_ai.prompt.variable.city", "Paris")))
        .containsExactly(Rule.WRONG_TYPE, Rule.CONTENT_SHAPE);
  }

  @Test
  void nameAndKindAreChecked() {
    assertThat(rules(TestSpan.chat().kind(SpanKind.SERVER))).containsExactly(Rule.SPAN_KIND);
    assertThat(rules(TestSpan.chat().with("gen_ai.request.model", "gpt-4.1")))
        .containsExactly(Rule.SPAN_NAME);
  }

  @Test
  void idsOfRulesAreDistinct() {
    assertThat(Arrays.stream(Rule.values()).map(Rule::id)).doesNotHaveDuplicates();
  }
}
