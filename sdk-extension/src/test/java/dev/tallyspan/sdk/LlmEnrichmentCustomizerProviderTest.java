package dev.tallyspan.sdk;

import static dev.tallyspan.sdk.TestSpans.GEN_AI_USAGE_COST;
import static dev.tallyspan.sdk.TestSpans.STATUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LlmEnrichmentCustomizerProviderTest {

  @Test
  void spansAreEnrichedWithoutAnyConfiguration() {
    Attributes attributes = chatConfiguredWith(Map.of());

    assertThat(attributes.get(STATUS)).isEqualTo("priced");
    assertThat(attributes.get(GEN_AI_USAGE_COST)).isEqualTo(0.00044535);
  }

  @Test
  void enrichmentCanBeSwitchedOff() {
    assertThat(chatConfiguredWith(Map.of("otel.tallyspan.enabled", "false")).get(STATUS)).isNull();
  }

  @Test
  void genAiUsageCostCanBeSwitchedOff() {
    Attributes attributes = chatConfiguredWith(Map.of("otel.tallyspan.gen-ai-usage-cost", "FALSE"));

    assertThat(attributes.get(STATUS)).isEqualTo("priced");
    assertThat(attributes.get(GEN_AI_USAGE_COST)).isNull();
  }

  @Test
  void disabledDialectIsNotRead() {
    Map<String, String> off = Map.of("otel.tallyspan.disabled-dialects", "openinference,langfuse");

    assertThat(openInferenceConfiguredWith(Map.of()).get(STATUS)).isEqualTo("priced");
    assertThat(openInferenceConfiguredWith(off).get(STATUS)).isNull();
  }

  @Test
  void unknownDialectFailsFast() {
    assertThatThrownBy(
            () -> chatConfiguredWith(Map.of("otel.tallyspan.disabled-dialects", "openinferrence")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("otel.tallyspan.disabled-dialects: disable=openinferrence");
  }

  @Test
  void deploymentIsPricedAsItsModel() {
    Map<String, String> models = Map.of("otel.tallyspan.deployments", "acme-chat=gpt-4o");

    assertThat(callConfiguredWith(Map.of(), deployment()).get(STATUS)).isEqualTo("unpriced");
    assertThat(callConfiguredWith(models, deployment()).get(STATUS)).isEqualTo("priced");
  }

  @Test
  void tokensAreEstimatedIfThatIsAskedFor() {
    Attributes chat =
        Attributes.builder()
            .put("gen_ai.operation.name", "chat")
            .put("gen_ai.provider.name", "openai")
            .put("gen_ai.request.model", "gpt-4o")
            .put(
                "gen_ai.input.messages",
                "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Why?\"}]}]")
            .put(
                "gen_ai.output.messages",
                "[{\"role\":\"assistant\",\"finish_reason\":\"stop\","
                    + "\"parts\":[{\"type\":\"text\",\"content\":\"Because.\"}]}]")
            .build();

    assertThat(callConfiguredWith(Map.of(), chat).get(STATUS)).isEqualTo("unpriced");
    assertThat(callConfiguredWith(Map.of("otel.tallyspan.estimate", "true"), chat).asMap())
        .containsEntry(STATUS, "priced")
        .containsEntry(AttributeKey.stringKey("tallyspan.usage.source"), "estimated");
  }

  @Test
  void flagThatIsNoneFailsFast() {
    assertThatThrownBy(() -> chatConfiguredWith(Map.of("otel.tallyspan.enabled", "yes")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("otel.tallyspan.enabled=yes is neither true nor false");
  }

  @Test
  void unknownTargetFailsFast() {
    assertThatThrownBy(() -> chatConfiguredWith(Map.of("otel.tallyspan.target", "2019")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("otel.tallyspan.target=2019 is not a generation")
        .hasMessageContaining("genai-dev");
  }

  @Test
  void missingCatalogFailsFastIfTheSettingsAreStrict() {
    Map<String, String> strict =
        Map.of("otel.tallyspan.catalog", "/no/such.json", "otel.tallyspan.strict", "true");

    assertThatThrownBy(() -> chatConfiguredWith(strict))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("otel.tallyspan.catalog: ")
        .hasMessageContaining("/no/such.json")
        .hasMessageNotContaining("\n");
  }

  @Test
  void missingCatalogIsReplacedByTheOneInTheJar() {
    Attributes attributes = chatConfiguredWith(Map.of("otel.tallyspan.catalog", "/no/such.json"));

    assertThat(attributes.get(STATUS)).isEqualTo("priced");
  }

  private static Attributes chatConfiguredWith(Map<String, String> settings) {
    return spanConfiguredWith(settings, TestSpans::chat);
  }

  private static Attributes openInferenceConfiguredWith(Map<String, String> settings) {
    return callConfiguredWith(
        settings,
        Attributes.builder()
            .put("openinference.span.kind", "LLM")
            .put("llm.model_name", "gpt-4o")
            .put("llm.token_count.prompt", 12)
            .put("llm.token_count.completion", 5)
            .build());
  }

  private static Attributes deployment() {
    return Attributes.builder()
        .put("gen_ai.operation.name", "chat")
        .put("gen_ai.provider.name", "openai")
        .put("gen_ai.request.model", "acme-chat")
        .put("gen_ai.usage.input_tokens", 10)
        .put("gen_ai.usage.output_tokens", 5)
        .build();
  }

  private static Attributes callConfiguredWith(
      Map<String, String> settings, Attributes attributes) {
    return spanConfiguredWith(settings, span -> span.setAllAttributes(attributes));
  }

  private static Attributes spanConfiguredWith(
      Map<String, String> settings, Consumer<Span> attributes) {
    Map<String, String> properties = new HashMap<>(settings);
    for (String signal : new String[] {"traces", "metrics", "logs"}) {
      properties.put("otel." + signal + ".exporter", "none");
    }
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    try (var sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .disableShutdownHook()
            .addPropertiesSupplier(() -> properties)
            .addTracerProviderCustomizer(
                (provider, config) ->
                    provider.addSpanProcessor(SimpleSpanProcessor.create(exporter)))
            .build()
            .getOpenTelemetrySdk()) {
      SdkTracerProvider provider = sdk.getSdkTracerProvider();
      Span span = provider.get("application").spanBuilder("chat").startSpan();
      attributes.accept(span);
      span.end();
      return exporter.getFinishedSpanItems().get(0).getAttributes();
    }
  }
}
