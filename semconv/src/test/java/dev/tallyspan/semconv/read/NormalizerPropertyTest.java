package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.dialect.Dialect;
import dev.tallyspan.semconv.internal.dialect.Dialects;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NormalizerPropertyTest {

  private static final Normalizer NORMALIZER = Normalizer.create();

  @Property(tries = 500)
  void neverThrowsAndNeverFails(@ForAll("attributes") Map<String, Object> attributes) {
    TestSpan span = TestSpan.span("x").with(attributes);
    LlmSpan llm = NORMALIZER.read(span);
    if (llm != null) {
      assertThat(llm.faults()).isEmpty();
      assertThat(llm.readings()).isNotNull();
      span.normalized(NORMALIZER);
    }
  }

  @Property(tries = 500)
  void processingTwiceIsProcessingOnce(@ForAll("attributes") Map<String, Object> attributes) {
    TestSpan once = TestSpan.span("x").with(attributes).processed(NORMALIZER);
    assertThat(once.changes(NORMALIZER)).isEmpty();
  }

  @Property(tries = 300)
  void secondReadingFindsTheSameUsage(@ForAll("attributes") Map<String, Object> attributes) {
    TestSpan span = TestSpan.span("x").with(attributes);
    LlmSpan first = NORMALIZER.read(span);
    if (first == null || first.usage() == null || first.alreadyProcessed()) {
      return;
    }
    TokenUsage second = NORMALIZER.read(span.processed(NORMALIZER)).usage();
    assertThat(second.input()).isEqualTo(first.usage().input());
    assertThat(second.output()).isEqualTo(first.usage().output());
    assertThat(second.cacheRead()).isEqualTo(first.usage().cacheRead());
    assertThat(second.cacheWrite()).isEqualTo(first.usage().cacheWrite());
    assertThat(second.semantics()).isEqualTo(first.usage().semantics());
  }

  @Property(tries = 300)
  void orderOfAttributesDoesNotMatter(
      @ForAll("attributes") Map<String, Object> attributes, @ForAll long seed) {
    List<String> keys = new ArrayList<>(attributes.keySet());
    Collections.shuffle(keys, new Random(seed));
    Map<String, Object> shuffled = new LinkedHashMap<>();
    keys.forEach(key -> shuffled.put(key, attributes.get(key)));
    assertThat(TestSpan.span("x").with(shuffled).changes(NORMALIZER))
        .isEqualTo(TestSpan.span("x").with(attributes).changes(NORMALIZER));
  }

  @Property(tries = 300)
  void everyAttributeThatCameStays(@ForAll("attributes") Map<String, Object> attributes) {
    assertThat(TestSpan.span("x").with(attributes).normalized(NORMALIZER))
        .containsKeys(attributes.keySet().toArray(new String[0]));
  }

  @Property(tries = 300)
  void whatIsWrittenPassesTheValidator(@ForAll("attributes") Map<String, Object> attributes) {
    for (ConventionVersion generation : ConventionVersion.values()) {
      Normalizer normalizer = Normalizer.builder().target(generation).build();
      TestSpan span = TestSpan.span("x").with(attributes);
      Set<String> written = span.changes(normalizer).keySet();
      assertThat(SpanValidator.of(generation).check(span.processed(normalizer)))
          .filteredOn(finding -> written.contains(finding.key()))
          // What came under an old name may be mended there, but nothing is added under one.
          .filteredOn(
              finding ->
                  finding.rule() != SpanValidator.Rule.OLD_NAME
                      || !attributes.containsKey(finding.key()))
          // Texts to embed are no messages, and stay as they are.
          .filteredOn(
              finding -> finding.rule() != SpanValidator.Rule.CONTENT_SHAPE || !embeds(span))
          .extracting(SpanValidator.Finding::rule)
          .doesNotContain(
              SpanValidator.Rule.WRONG_TYPE,
              SpanValidator.Rule.CONTENT_SHAPE,
              SpanValidator.Rule.OLD_NAME,
              SpanValidator.Rule.FRAMEWORK_AS_PROVIDER);
    }
  }

  private static boolean embeds(TestSpan span) {
    LlmSpan llm = NORMALIZER.read(span);
    return llm != null && Operations.EMBEDDINGS.equals(llm.operation());
  }

  @Provide
  Arbitrary<Map<String, Object>> attributes() {
    return Arbitraries.maps(keys(), values()).ofMaxSize(25);
  }

  private static Arbitrary<String> keys() {
    List<String> known = new ArrayList<>();
    for (Dialect dialect : Dialects.ALL) {
      dialect.renames().forEach(rename -> known.add(rename.key()));
      dialect.markers().forEach(marker -> known.add(marker + "x"));
    }
    known.removeIf(key -> key.startsWith("tallyspan."));
    return Arbitraries.oneOf(
        Arbitraries.of(known), Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(20));
  }

  private static Arbitrary<Object> values() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(30).map(s -> (Object) s),
        Arbitraries.longs().map(n -> (Object) n),
        Arbitraries.integers().between(-2, 300).map(n -> (Object) n),
        Arbitraries.integers().between(0, 300).map(n -> (Object) String.valueOf(n)),
        Arbitraries.doubles().map(d -> (Object) d),
        Arbitraries.of(true, false).map(b -> (Object) b),
        Arbitraries.strings().ofMaxLength(9).list().ofMaxSize(4).map(l -> (Object) l),
        Arbitraries.of(
                "chat",
                "openai",
                "[{\"role\":\"user\",\"content\":\"hi\"}]",
                "{\"a\":",
                "[[[[",
                "\"[1]\"",
                "none")
            .map(s -> (Object) s),
        Arbitraries.of("role", "content", "parts", "type")
            .map(k -> (Object) Map.of(k, List.of(Map.of(k, "v")))));
  }
}
