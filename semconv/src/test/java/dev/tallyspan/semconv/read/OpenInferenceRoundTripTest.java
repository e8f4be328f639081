package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Every fact of a span comes back from its form in OpenInference. */
class OpenInferenceRoundTripTest {

  private static final OpenInferenceRenderer RENDERER =
      OpenInferenceRenderer.of(SpanRenderer.builder().build(), ConventionVersion.GENAI_DEV);

  /** Content under other names, so that what stands in the conventions was written. */
  private static final Normalizer READER =
      Normalizer.builder()
          .custom(
              CustomDialect.builder("acme")
                  .alias(Alias.of("acme.input", "gen_ai.input.messages"))
                  .alias(Alias.of("acme.output", "gen_ai.output.messages"))
                  .alias(Alias.of("acme.system", "gen_ai.system_instructions"))
                  .alias(Alias.of("acme.tools", "gen_ai.tool.definitions"))
                  .alias(Alias.of("acme.arguments", "gen_ai.tool.call.arguments"))
                  .alias(Alias.of("acme.result", "gen_ai.tool.call.result"))
                  .alias(Alias.of("acme.documents", "gen_ai.retrieval.documents"))
                  .build())
          .build();

  private static final Cost COST =
      Cost.builder(Cost.Status.PRICED).total(0.5, "0.5", "USD").build();

  @Property(tries = 400)
  void conversations(
      @ForAll("conversation") List<Message> asked, @ForAll("conversation") List<Message> answered) {
    TestSpan chat =
        TestSpan.chat()
            .with("gen_ai.response.model", "gpt-4o-2024-08-06")
            .with("gen_ai.response.finish_reasons", List.of("stop"))
            .with("acme.input", Messages.toJson(asked))
            .with("acme.output", Messages.toJson(ended(answered)))
            .with("gen_ai.usage.input_tokens", 100)
            .with("gen_ai.usage.output_tokens", 20)
            .with("gen_ai.usage.cache_read.input_tokens", 40)
            .with("gen_ai.usage.reasoning.output_tokens", 5)
            .with("gen_ai.conversation.id", "conv-7")
            .with("user.id", "maya");

    hasAllFacts(chat);
  }

  @Property(tries = 200)
  void systemInstructions(@ForAll("texts") String instructions, @ForAll("texts") String asked) {
    TestSpan chat =
        TestSpan.chat()
            .with("acme.system", Messages.partsToJson(List.of(new MessagePart.Text(instructions))))
            .with("acme.input", Messages.toJson(List.of(Message.user(asked))));

    LlmSpan back = back(chat);

    // There is no attribute for instructions: they are the first message.
    List<Message> all = new ArrayList<>();
    if (!back.systemInstructions().isEmpty()) {
      all.add(new Message("system", back.systemInstructions()));
    }
    all.addAll(back.inputMessages());
    assertThat(all).containsExactly(Message.system(instructions), Message.user(asked));
  }

  @Property(tries = 200)
  void toolCalls(@ForAll("values") Value<?> arguments, @ForAll("values") Value<?> result) {
    hasAllFacts(
        TestSpan.span("execute_tool lookup")
            .with("gen_ai.operation.name", "execute_tool")
            .with("gen_ai.tool.name", "lookup")
            .with("gen_ai.tool.call.id", "call_1")
            .with("acme.arguments", Json.of(arguments).asText())
            .with("acme.result", Json.of(result).asText()));
  }

  @Property(tries = 100)
  void retrievals(@ForAll("documents") List<String> documents) {
    hasAllFacts(
        TestSpan.span("retrieval kb")
            .with("gen_ai.operation.name", "retrieval")
            .with("gen_ai.retrieval.query.text", "refunds")
            .with("acme.documents", "[" + String.join(",", documents) + "]"));
  }

  @Property(tries = 50)
  void toolDefinitions(@ForAll("texts") String description) {
    String name = description.replaceAll("[\"\\\\\\p{Cntrl}]", "");
    hasAllFacts(
        TestSpan.chat()
            .with(
                "acme.tools",
                "[{\"type\":\"function\",\"name\":\"f\",\"description\":\""
                    + name
                    + "\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":1}}},"
                    + "{\"type\":\"web_search\",\"name\":\"search\",\"limit\":3}]"));
  }

  /** With a finish reason in each message, which would be added otherwise. */
  private static List<Message> ended(List<Message> messages) {
    return messages.stream()
        .map(it -> it.finishReason() == null ? it.withFinishReason("stop") : it)
        .toList();
  }

  private static void hasAllFacts(TestSpan span) {
    LlmSpan before = READER.read(span);
    LlmSpan after = back(span);
    before.forEachReading(
        (slot, reading) ->
            assertThat(plain(slot, after)).as(slot.label()).isEqualTo(plain(slot, before)));
  }

  /** Text of structured values, whose members may come in another order. */
  private static Object plain(Slot<?> slot, LlmSpan llm) {
    return llm.get(slot) instanceof Value<?> value
        ? withoutUnknownScores(TestSpan.plain(value))
        : String.valueOf(llm.get(slot));
  }

  /** Documents without the score that says that there is none. */
  private static Object withoutUnknownScores(Object plain) {
    if (plain instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> map && Boolean.FALSE.equals(map.remove("score_known"))) {
          map.remove("score");
        }
      }
    }
    return plain;
  }

  /** What is read of a span that has what is written, but nothing of the original. */
  private static LlmSpan back(TestSpan original) {
    TestSpan empty = TestSpan.span("x");
    Map<String, Object> written =
        TestSpan.edits(edits -> RENDERER.render(READER.read(original), empty, edits, COST));
    written.keySet().removeIf(key -> key.startsWith("tallyspan."));
    LlmSpan back = TestSpan.span("x").with(written).read();
    assertThat(back).isNotNull();
    return back;
  }

  @Provide
  Arbitrary<List<Message>> conversation() {
    return message().list().ofMinSize(1).ofMaxSize(5);
  }

  private Arbitrary<Message> message() {
    Arbitrary<Message> plain =
        Combinators.combine(Arbitraries.of("system", "user", "assistant"), texts())
            .as((role, text) -> Message.text(role, text));
    Arbitrary<Message> parts =
        Combinators.combine(
                Arbitraries.of("user", "assistant"),
                part().list().ofMinSize(1).ofMaxSize(4),
                Arbitraries.of("stop", "length", "tool_call").injectNull(0.5))
            .as((role, all, reason) -> new Message(role, all, null, reason, Map.of()));
    Arbitrary<Message> results =
        Combinators.combine(Arbitraries.of("call_1", "call_2").injectNull(0.1), values())
            .as(
                (id, value) ->
                    new Message(
                        "tool", List.of(new MessagePart.ToolCallResponse(id, value, Map.of()))));
    return Arbitraries.oneOf(plain, parts, results);
  }

  private Arbitrary<MessagePart> part() {
    return Arbitraries.oneOf(
        texts().map(MessagePart.Text::new),
        texts().map(MessagePart.Reasoning::new),
        Combinators.combine(
                Arbitraries.of("call_1", "call_2", "call_3").injectNull(0.1),
                values().injectNull(0.2))
            .as((id, arguments) -> new MessagePart.ToolCall(id, "lookup", arguments, Map.of())),
        Arbitraries.of(
            new MessagePart.Blob("image/png", "image", "aGk=", Map.of()),
            new MessagePart.Blob("audio/wav", "audio", "aGk=", Map.of()),
            new MessagePart.Uri(null, "image", "https://example.com/a.png", Map.of()),
            new MessagePart.StoredFile("application/pdf", "document", "file-1", Map.of())));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withCharRange('a', 'z').withChars(' ', '\n', 'ü', '"').ofMinLength(1),
        Arbitraries.of("{\"a\":1}", "[1,2]", "\"quoted\"", "42", "true", "😀", "a\u0000b"));
  }

  @Provide
  Arbitrary<Value<?>> values() {
    return Arbitraries.oneOf(
        texts().map(Value::of),
        Arbitraries.of("city", "input", "output", "args", "value", "x")
            .flatMap(key -> texts().map(text -> Value.of(Map.of(key, Value.of(text))))),
        texts().map(text -> Value.of(Map.of("city", Value.of(text), "days", Value.of(3)))),
        texts()
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(list -> Value.of(list.stream().<Value<?>>map(Value::of).toList())));
  }

  @Provide
  Arbitrary<List<String>> documents() {
    return Arbitraries.of(
            "{\"id\":\"d1\",\"score\":0.5,\"content\":\"Thirty days.\"}",
            "{\"id\":\"d2\",\"content\":\"No score.\",\"metadata\":{\"page\":3}}",
            "{\"id\":\"d3\",\"score\":0.25,\"content\":\"More.\",\"title\":\"A\"}",
            "{\"id\":\"d4\",\"score\":1.5,\"content\":\"{\\\"a\\\":1}\"}")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }
}
