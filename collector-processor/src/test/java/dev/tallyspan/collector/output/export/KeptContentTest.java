package dev.tallyspan.collector.output.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code content: keep}, with the recorded requests of all instrumentations. */
class KeptContentTest {

  private static final Path CAPTURES = Path.of("src/test/resources/captures/files");

  /** The attributes of the conventions for what people, models and tools said. */
  private static final Set<String> CONTENT =
      Slot.all().stream()
          .filter(slot -> slot.keyClass() == KeyClass.CONTENT)
          .map(slot -> String.valueOf(slot.key(ConventionVersion.GENAI_DEV)))
          .collect(Collectors.toSet());

  private static final Profile KEEP =
      new Profile(ConventionVersion.GENAI_DEV, WrittenContent.KEEP, null, Set.of(), Map.of(), true);

  private static final LlmProcessor READING = LlmProcessor.builder().build();
  private static final LlmProcessor KEEPING =
      LlmProcessor.builder().normalizer(Normalizer.builder().keepContent(true).build()).build();

  private final List<Throwable> failures = new ArrayList<>();

  static Stream<Path> traces() throws IOException {
    try (Stream<Path> files = Files.list(CAPTURES)) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*__traces__.*\\.pb"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("traces")
  void everythingButTheContentIsTheSameAndTheContentIsAsItCame(Path file) throws Exception {
    byte[] request = Files.readAllBytes(file);
    List<Span> sent = spans(ExportTraceServiceRequest.parseFrom(request));
    List<Span> written = rendered(READING, Profile.DEFAULT, request);
    List<Span> kept = rendered(KEEPING, KEEP, request);

    assertThat(failures).isEmpty();
    assertThat(kept).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      Map<String, AnyValue> before = attributes(sent.get(i));
      Map<String, AnyValue> after = attributes(kept.get(i));
      assertThat(facts(after)).isEqualTo(facts(attributes(written.get(i))));
      for (String key : CONTENT) {
        assertThat(after.get(key)).as(key).isEqualTo(before.get(key));
      }
      assertThat(kept.get(i).getEventsList()).isEqualTo(sent.get(i).getEventsList());
    }
  }

  /** One for each instrumentation. */
  static Stream<Path> someTraces() throws IOException {
    Set<String> seen = new HashSet<>();
    return traces().filter(file -> seen.add(file.getFileName().toString().split("__")[0]));
  }

  /** An exporter may keep content that another one, or the viewer, needs to be read. */
  @ParameterizedTest
  @MethodSource("someTraces")
  void itIsTheSameWhetherContentIsReadOrNot(Path file) throws Exception {
    byte[] request = Files.readAllBytes(file);

    assertThat(rendered(READING, KEEP, request)).isEqualTo(rendered(KEEPING, KEEP, request));
  }

  @ParameterizedTest
  @EnumSource(KeyClass.class)
  void originalsLeaveOnlyIfTheyAreNotContent(KeyClass dropped) throws Exception {
    Profile dropping =
        new Profile(
            ConventionVersion.GENAI_DEV,
            WrittenContent.KEEP,
            null,
            Set.of(dropped),
            Map.of(),
            true);
    byte[] request =
        Files.readAllBytes(
            CAPTURES.resolve("py-openinference__anthropic_tool_loop__traces__01.pb"));
    LlmProcessor noting =
        LlmProcessor.builder()
            .normalizer(Normalizer.builder().noteOriginals(true).keepContent(true).build())
            .build();
    List<Span> sent = spans(ExportTraceServiceRequest.parseFrom(request));
    List<Span> kept = rendered(noting, dropping, request);

    for (int i = 0; i < sent.size(); i++) {
      Map<String, AnyValue> after = attributes(kept.get(i));
      attributes(sent.get(i))
          .forEach(
              (key, value) -> {
                if (key.startsWith("llm.input_messages.")
                    || key.startsWith("llm.output_messages.")
                    || key.equals("input.value")
                    || key.equals("output.value")) {
                  assertThat(after).containsEntry(key, value);
                }
              });
    }
  }

  @Test
  void numbersThatOnlyAPayloadHasAreFound() throws Exception {
    Span span =
        Span.newBuilder()
            .setName("ChatCompletion")
            .addAttributes(text("openinference.span.kind", "LLM"))
            .addAttributes(text("llm.model_name", "gpt-4o-2024-08-06"))
            .addAttributes(text("llm.provider", "openai"))
            .addAttributes(text("llm.output_messages.0.message.content", "hello"))
            .addAttributes(
                text(
                    "output.value",
                    """
                    {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-2024-08-06",
                     "choices":[{"index":0,"finish_reason":"length",
                       "message":{"role":"assistant","content":"hello"}}],
                     "usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}
                    """))
            .build();
    byte[] request = request(span);

    Map<String, AnyValue> after = attributes(rendered(KEEPING, KEEP, request).get(0));

    assertThat(after.get("gen_ai.usage.input_tokens").getIntValue()).isEqualTo(1000);
    assertThat(after.get("gen_ai.response.id").getStringValue()).isEqualTo("chatcmpl-1");
    assertThat(after.get("tallyspan.cost.status").getStringValue()).isEqualTo("priced");
    assertThat(after.keySet()).doesNotContainAnyElementsOf(CONTENT);
  }

  private List<Span> rendered(LlmProcessor processor, Profile profile, byte[] request)
      throws Exception {
    Batch batch =
        processor.apply(
            Batch.of(
                new OtlpRequest(
                    Signal.TRACES, Slices.of(request), 1, new SenderAck(outcome -> {}))));
    Slices out = new ProfileRenderer(profile, failures::add).render(batch);
    return spans(ExportTraceServiceRequest.parseFrom(out.toByteArray()));
  }

  private static List<Span> spans(ExportTraceServiceRequest request) {
    return request.getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  private static Map<String, AnyValue> attributes(Span span) {
    Map<String, AnyValue> attributes = new LinkedHashMap<>();
    span.getAttributesList().forEach(it -> attributes.put(it.getKey(), it.getValue()));
    return attributes;
  }

  private static Map<String, AnyValue> facts(Map<String, AnyValue> attributes) {
    Map<String, AnyValue> facts = new LinkedHashMap<>(attributes);
    facts.keySet().removeAll(CONTENT);
    return facts;
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static byte[] request(Span span) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);
    return request.build().toByteArray();
  }
}
