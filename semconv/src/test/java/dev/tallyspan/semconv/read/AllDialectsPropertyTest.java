package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.dialect.Dialects;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import dev.tallyspan.semconv.read.SpanValidator.Finding;
import dev.tallyspan.semconv.read.SpanValidator.Rule;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds of every span, whatever mixture of dialects it is written in. */
class AllDialectsPropertyTest {

  private static final List<String> KEYS = KnownKeys.all();

  private static final Normalizer NORMALIZER = Normalizer.create();

  private static final Set<Rule> NEVER_WRITTEN =
      Set.of(
          Rule.WRONG_TYPE,
          Rule.CONTENT_SHAPE,
          Rule.OLD_NAME,
          Rule.UNKNOWN_ATTRIBUTE,
          Rule.FRAMEWORK_AS_PROVIDER,
          Rule.NOT_WELL_KNOWN,
          Rule.PARTS_EXCEED_TOTAL);

  /**
   * A span to be made.
   *
   * @param attributes in the order in which they are put
   */
  record Sketch(
      String name, String scope, SpanKind kind, boolean failed, Map<String, Object> attributes) {

    TestSpan span(Map<String, Object> inThisOrder) {
      TestSpan span = TestSpan.span(name).scope(scope).kind(kind).with(inThisOrder);
      if (scope.startsWith("llamaindex.")) {
        // What it has to say is on events.
        // The order of events matters, so it is not that of the attributes.
        new TreeMap<>(inThisOrder)
            .forEach((key, value) -> span.event("LLMChatEndEvent", key, value));
      }
      return failed ? span.error() : span;
    }

    TestSpan span() {
      return span(attributes);
    }
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void noDialectFails(@ForAll("sketches") Sketch sketch) {
    LlmSpan llm = NORMALIZER.read(sketch.span());
    if (llm != null) {
      assertThat(llm.faults()).isEmpty();
      assertThat(llm.readings()).doesNotContainNull();
    }
  }

  @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
  void processingTwiceIsProcessingOnce(@ForAll("sketches") Sketch sketch) {
    for (ConventionVersion generation : ConventionVersion.values()) {
      Normalizer normalizer = Normalizer.builder().target(generation).build();
      assertThat(sketch.span().processed(normalizer).changes(normalizer)).isEmpty();
    }
  }

  @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
  void orderOfAttributesDoesNotMatter(@ForAll("sketches") Sketch sketch, @ForAll long seed) {
    List<String> keys = new ArrayList<>(sketch.attributes.keySet());
    Collections.shuffle(keys, new Random(seed));
    Map<String, Object> shuffled = new LinkedHashMap<>();
    keys.forEach(key -> shuffled.put(key, sketch.attributes.get(key)));
    assertThat(sketch.span(shuffled).changes(NORMALIZER))
        .isEqualTo(sketch.span().changes(NORMALIZER));
  }

  /** Spans with the same keys share what follows from the keys, and nothing else. */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void spansWithTheSameKeysDoNotInfluenceEachOther(
      @ForAll("sketches") Sketch sketch, @ForAll("sketches") Sketch other, @ForAll long seed) {
    Random random = new Random(seed);
    Normalizer normalizer = Normalizer.create();
    for (int i = 0; i < 4; i++) {
      Map<String, Object> revalued = new LinkedHashMap<>();
      List<Object> values = new ArrayList<>(RECOGNISED_VALUES);
      values.addAll(other.attributes.values());
      sketch.attributes.forEach(
          (key, value) ->
              revalued.put(
                  key, random.nextBoolean() ? value : values.get(random.nextInt(values.size()))));
      Sketch same =
          new Sketch(
              random.nextBoolean() ? sketch.name : other.name,
              sketch.scope,
              other.kind,
              random.nextBoolean(),
              revalued);
      assertThat(same.span().changes(normalizer))
          .isEqualTo(same.span().changes(Normalizer.create()));
    }
  }

  @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
  void whatCameStaysSaveWhatIsPutRightUnderItsOwnName(@ForAll("sketches") Sketch sketch) {
    Map<String, Object> before = new LinkedHashMap<>();
    sketch.attributes.forEach(
        (key, value) -> before.put(key, TestSpan.plain(TestSpan.value(value))));
    Map<String, Object> after = sketch.span().normalized(NORMALIZER);
    assertThat(after).containsKeys(before.keySet().toArray(new String[0]));
    before.keySet().removeAll(writtenKeys());
    assertThat(after).containsAllEntriesOf(before);
  }

  @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
  void withoutOriginalsNothingGoesThatWasNotRead(@ForAll("sketches") Sketch sketch) {
    Normalizer normalizer = Normalizer.builder().keepOriginals(false).build();
    LlmSpan llm = normalizer.read(sketch.span());
    Set<String> gone = new HashSet<>(sketch.attributes.keySet());
    gone.removeAll(sketch.span().normalized(normalizer).keySet());
    assertThat(llm == null ? Set.of() : llm.originals().keySet()).containsAll(gone);
  }

  @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
  void whatIsWrittenPassesTheValidator(@ForAll("sketches") Sketch sketch) {
    for (ConventionVersion generation : ConventionVersion.values()) {
      // By default cache writes have their older name as well, of which the validator advises.
      Normalizer normalizer =
          Normalizer.builder()
              .target(generation)
              .cacheWriteNames(
                  generation == ConventionVersion.CORE_1_41
                      ? CacheWriteNames.LEGACY
                      : CacheWriteNames.CURRENT)
              .build();
      TestSpan written = TestSpan.span("x").with(sketch.span().changes(normalizer));
      LlmSpan llm = normalizer.read(sketch.span());
      boolean embeds = llm != null && Operations.EMBEDDINGS.equals(llm.operation());
      assertThat(SpanValidator.of(generation).check(written))
          // Texts to embed are no messages, and stay as they are.
          .filteredOn(finding -> finding.rule() != SpanValidator.Rule.CONTENT_SHAPE || !embeds)
          .extracting(Finding::rule)
          .doesNotContainAnyElementsOf(NEVER_WRITTEN);
    }
  }

  @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
  void contentThatIsWrittenFitsAndIsWhole(@ForAll("sketches") Sketch sketch) {
    Normalizer limited = Normalizer.builder().maxContentLength(80).build();
    sketch
        .span()
        .changes(limited)
        .forEach(
            (key, value) -> {
              Registry.Attribute attribute = Registry.attributes().get(key);
              if (attribute != null && attribute.type().equals("any")) {
                assertThat(((String) value).length()).as(key).isLessThanOrEqualTo(80);
              }
            });
  }

  // Properties of spans that nobody reads would hold of themselves.
  @Example
  void everyDialectIsAmongTheSpans() {
    Set<String> missing = new HashSet<>(Dialects.ids());
    Iterator<Sketch> sketches = sketches().sampleStream().limit(20_000).iterator();
    while (!missing.isEmpty() && sketches.hasNext()) {
      LlmSpan llm = NORMALIZER.read(sketches.next().span());
      if (llm != null) {
        missing.removeAll(llm.dialects());
      }
    }
    assertThat(missing).isEmpty();
  }

  private static Set<String> writtenKeys() {
    Set<String> keys = new HashSet<>();
    for (Slot<?> slot : Slot.all()) {
      keys.add(slot.key(ConventionVersion.GENAI_DEV));
    }
    return keys;
  }

  @Provide
  Arbitrary<Sketch> sketches() {
    return Combinators.combine(
            Arbitraries.of(
                "x",
                "chat m",
                "ChatOpenAI",
                "raw_gen_ai_request",
                "claude_code.llm_request",
                "Model invoke",
                "agent run",
                "llm_request",
                ""),
            Arbitraries.of(
                "",
                "ai",
                "litellm",
                "openrouter",
                "pydantic-ai",
                "gcp.vertex.agent",
                "gemini-cli",
                "codex_cli_rs",
                "strands.telemetry.tracer",
                "com.anthropic.claude_code.tracing",
                "openlit.instrumentation.x",
                "@traceloop/instrumentation-openai",
                "org.springframework.boot",
                "agent_framework",
                "dev.langchain4j",
                "llamaindex.opentelemetry.tracer",
                "ai-gateway"),
            Arbitraries.of(SpanKind.class),
            Arbitraries.of(true, false),
            attributes())
        .as(Sketch::new);
  }

  /** Some keys of any dialect, and some more of the family that the first belongs to. */
  private static Arbitrary<Map<String, Object>> attributes() {
    Arbitrary<String> key = Arbitraries.of(KEYS);
    return key.flatMap(
            first -> {
              List<String> family = KEYS.stream().filter(other -> isFamily(first, other)).toList();
              return Combinators.combine(
                      Arbitraries.maps(Arbitraries.of(family), values()).ofMaxSize(12),
                      Arbitraries.maps(key, values()).ofMaxSize(8))
                  .as(Tuple::of);
            })
        .map(
            both -> {
              Map<String, Object> all = new LinkedHashMap<>(both.get1());
              all.putAll(both.get2());
              return all;
            });
  }

  /** Keys of one namespace; plain words are found beside the conventions' keys. */
  private static boolean isFamily(String key, String other) {
    String namespace = namespace(key);
    return namespace.isEmpty()
        ? namespace(other).isEmpty() || other.startsWith("gen_ai.provider.")
        : other.startsWith(namespace);
  }

  private static String namespace(String key) {
    int end = key.indexOf(key.indexOf(':') > 0 ? ':' : '.');
    return end < 0 ? "" : key.substring(0, end + 1);
  }

  private static Arbitrary<Object> values() {
    return Arbitraries.oneOf(
        Arbitraries.of(
                "LLM",
                "TOOL",
                "AGENT",
                "generation",
                "tool",
                "llm",
                "chat",
                "embedding",
                "openai",
                "Anthropic",
                "azure",
                "langchain",
                "gpt-4o",
                "ai.generateText.doGenerate",
                "ai.embed",
                "model_inference",
                "llm_request",
                "ERROR",
                "stop",
                "none",
                "",
                "true",
                "1970",
                "-1")
            .map(text -> (Object) text),
        Arbitraries.of(PAYLOADS).map(text -> (Object) text),
        Arbitraries.of(PAYLOADS).map(text -> structured(text)),
        Arbitraries.of(PAYLOADS).list().ofMaxSize(2).map(list -> (Object) list),
        Arbitraries.of(PAYLOADS).map(text -> (Object) JsonWriter.write(TestSpan.value(text))),
        Arbitraries.of(PAYLOADS)
            .map(text -> (Object) text.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        Arbitraries.longs().map(n -> (Object) n),
        Arbitraries.integers().between(-2, 300).map(n -> (Object) n),
        Arbitraries.doubles().map(d -> (Object) d),
        Arbitraries.of(true, false).map(b -> (Object) b),
        Arbitraries.strings().ofMaxLength(12).map(text -> (Object) text));
  }

  private static Object structured(String json) {
    Object plain = TestSpan.plain(Json.parse(json).value());
    return plain == null ? json : plain;
  }

  /** Values by which dialects recognise their spans. */
  private static final List<Object> RECOGNISED_VALUES =
      List.of(
          "strands-agents",
          "gemini-cli",
          "openlit",
          "tools/call",
          "pending_span",
          "dify",
          "LLM",
          "span",
          7);

  private static final List<String> PAYLOADS =
      List.of(
          "[{\"role\":\"user\",\"content\":\"hi\"}]",
          "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"hi\"}]}]",
          "{\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"c\","
              + "\"name\":\"f\",\"input\":{}}]}],\"model\":\"m\",\"tools\":[{\"name\":\"f\"}]}",
          "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}",
          "[{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\",\"tool_calls\":[7]}}]}]",
          "{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}],"
              + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":-4,"
              + "\"prompt_tokens_details\":{\"cached_tokens\":90}}}",
          "{\"usage\":{\"input_tokens\":3,\"cache_read_input_tokens\":40,\"output_tokens\":\"x\"}}",
          "{\"usageMetadata\":{\"promptTokenCount\":3,\"thoughtsTokenCount\":9},\"candidates\":[{}]}",
          "{\"generations\":[[{\"message\":{\"kwargs\":{\"content\":3,\"id\":7}}}]]}",
          "{\"input\":5,\"output\":7,\"total\":1,\"input_cached_tokens\":900}",
          "{\"type\":\"llm\",\"name\":\"n\"}",
          "{\"text\":\"b'\\\\x89'\",\"image\":\"b'\\\\x8'\",\"type\":\"image\"}",
          "{\"a\":[{\"b\":",
          "[[[[[[[[1]]]]]]]]",
          "[]",
          "{}",
          "null");
}
