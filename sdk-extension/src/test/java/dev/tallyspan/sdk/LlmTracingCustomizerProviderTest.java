package dev.tallyspan.sdk;

import static dev.tallyspan.sdk.TestSpans.GEN_AI_USAGE_COST;
import static dev.tallyspan.sdk.TestSpans.STATUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LlmTracingCustomizerProviderTest {

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
  void missingCatalogFailsFast() {
    assertThatThrownBy(() -> chatConfiguredWith(Map.of("otel.tallyspan.catalog", "/no/such.json")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("otel.tallyspan.catalog: ")
        .hasMessageContaining("/no/such.json")
        .hasMessageNotContaining("\n");
  }

  private static Attributes chatConfiguredWith(Map<String, String> settings) {
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
      TestSpans.chat(span);
      span.end();
      return exporter.getFinishedSpanItems().get(0).getAttributes();
    }
  }
}
