package dev.tallyspan.collector.output.export;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static dev.tallyspan.collector.processor.LlmRequests.spans;
import static dev.tallyspan.collector.processor.LlmRequests.traces;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.Verdict;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.enrichment.SpanPricer;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.read.Normalizer;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProfileRendererTest {

  private final List<Throwable> failures = new ArrayList<>();

  @Test
  void batchWithoutLlmSpansKeepsItsBytes() throws Exception {
    Batch batch = processed(span("1", "", "GET /"));

    assertThat(renderer(Profile.DEFAULT).render(batch)).isSameAs(batch.request().bytes());
  }

  @Test
  void costIsWrittenUnderItsOwnNameAndItsUsualOne() throws Exception {
    assertThat(keys(rendered(Profile.DEFAULT, chat("1", "", "gpt-4o"))))
        .contains("tallyspan.cost.total", "gen_ai.usage.cost");
  }

  @Test
  void usualNameOfTheCostCanBeLeftOut() throws Exception {
    assertThat(keys(rendered(withoutGenAiUsageCost(), chat("1", "", "gpt-4o"))))
        .contains("tallyspan.cost.total")
        .doesNotContain("gen_ai.usage.cost");
  }

  @Test
  void costThatTheSenderReportsIsNotReplaced() throws Exception {
    Span out =
        rendered(
            Profile.DEFAULT,
            chat("1", "", "gpt-4o").addAttributes(attribute("gen_ai.usage.cost", 7.5)));

    assertThat(out.getAttributesList())
        .filteredOn(it -> it.getKey().equals("gen_ai.usage.cost"))
        .extracting(it -> it.getValue().getDoubleValue())
        .containsExactly(7.5);
  }

  @Test
  void originalsAreRemovedIfTheProfileSaysSo() throws Exception {
    Profile dropping = dropping(Set.of(KeyClass.values()), Map.of());

    assertThat(keys(rendered(dropping, openInference())))
        .contains("gen_ai.request.model", "gen_ai.usage.input_tokens")
        .doesNotContain("llm.model_name", "llm.token_count.prompt");
    assertThat(dropping.dropsOriginals()).isTrue();
    assertThat(Profile.DEFAULT.dropsOriginals()).isFalse();
    assertThat(keys(rendered(Profile.DEFAULT, openInference())))
        .contains("llm.model_name", "llm.token_count.prompt");
  }

  @Test
  void ruleForOneDialectReplacesTheGeneralOne() throws Exception {
    Profile profile =
        dropping(Set.of(KeyClass.values()), Map.of("openinference", Set.of(KeyClass.USAGE)));

    assertThat(keys(rendered(profile, openInference())))
        .contains("llm.model_name")
        .doesNotContain("llm.token_count.prompt");
  }

  @Test
  void spanThatWasProcessedBeforeKeepsItsBytes() throws Exception {
    byte[] once =
        renderer(Profile.DEFAULT)
            .render(processed(chat("1", "", "gpt-4o"), span("2", "1", "SELECT")))
            .toByteArray();

    Batch again =
        LlmProcessor.builder().build().apply(LlmRequests.batch(Signal.TRACES, once, outcome -> {}));

    assertThat(again.records()).hasSize(1);
    assertThat(renderer(withoutGenAiUsageCost()).render(again).toByteArray()).isEqualTo(once);
  }

  @Test
  void spanWhoseWritingFailsStaysUnchangedAndIsReported() throws Exception {
    Span.Builder broken = chat("1", "", "gpt-4o");
    Batch batch = processed(broken, chat("2", "", "gpt-4o"));
    SpanRecord first = batch.records().get(0);

    byte[] out =
        renderer(Profile.DEFAULT)
            .render(batch.with(batch.index(), List.of(unwritable(first), batch.records().get(1))))
            .toByteArray();

    assertThat(spans(out).get(0)).isEqualTo(broken.build());
    assertThat(keys(spans(out).get(1))).contains("tallyspan.cost.total");
    assertThat(failures).singleElement().isInstanceOf(NullPointerException.class);
  }

  /** A record without a cost, which no processor makes. */
  private static SpanRecord unwritable(SpanRecord record) {
    Enriched enriched = record.enriched();
    return record.with(
        new Enriched(
            enriched.llm(),
            new SpanPricer.Priced(null, null),
            enriched.epochNanos(),
            enriched.notEstimated(),
            enriched.pricer()),
        new Verdict(Verdict.Rule.SAME_SPAN, ""));
  }

  private static Span.Builder openInference() {
    return span("1", "", "ChatOpenAI")
        .addAttributes(attribute("openinference.span.kind", "LLM"))
        .addAttributes(attribute("llm.model_name", "gpt-4o"))
        .addAttributes(attribute("llm.provider", "openai"))
        .addAttributes(attribute("llm.token_count.prompt", 10))
        .addAttributes(attribute("llm.token_count.completion", 2));
  }

  private Span rendered(Profile profile, Span.Builder span) throws Exception {
    Batch batch =
        LlmProcessor.builder()
            .normalizer(Normalizer.builder().noteOriginals(profile.dropsOriginals()).build())
            .build()
            .apply(LlmRequests.batch(Signal.TRACES, traces(span), outcome -> {}));
    return spans(renderer(profile).render(batch).toByteArray()).get(0);
  }

  private ProfileRenderer renderer(Profile profile) {
    return new ProfileRenderer(profile, failures::add);
  }

  private static Profile withoutGenAiUsageCost() {
    return new Profile(
        ConventionVersion.GENAI_DEV, WrittenContent.JSON, null, Set.of(), Map.of(), false);
  }

  private static Profile dropping(Set<KeyClass> all, Map<String, Set<KeyClass>> ofDialects) {
    return new Profile(
        ConventionVersion.GENAI_DEV, WrittenContent.JSON, null, all, ofDialects, true);
  }

  private static List<String> keys(Span span) {
    return span.getAttributesList().stream().map(KeyValue::getKey).toList();
  }
}
