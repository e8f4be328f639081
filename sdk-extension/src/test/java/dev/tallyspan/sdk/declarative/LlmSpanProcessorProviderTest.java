package dev.tallyspan.sdk.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.incubator.config.DeclarativeConfigException;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.DeclarativeConfiguration;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LlmSpanProcessorProviderTest {

  private static final LlmSpanProcessorProvider PROVIDER = new LlmSpanProcessorProvider();

  @Test
  void isTheSpanProcessorTallyspan() {
    assertThat(PROVIDER.getName()).isEqualTo("tallyspan");
    assertThat(PROVIDER.getType()).isEqualTo(SpanProcessor.class);
  }

  @Test
  void noKeyIsNeeded() {
    assertThat(chatConfiguredWith("{}"))
        .contains("tallyspan.cost.total")
        .contains("gen_ai.usage.cost");
  }

  @Test
  void genAiUsageCostCanBeSwitchedOff() {
    assertThat(chatConfiguredWith("gen_ai_usage_cost: false"))
        .contains("tallyspan.cost.total")
        .doesNotContain("gen_ai.usage.cost");
  }

  @Test
  void enrichmentCanBeSwitchedOff() {
    assertThat(chatConfiguredWith("enabled: false")).doesNotContain("tallyspan.cost.total");
  }

  @Test
  void unknownKeyFailsFast() {
    assertThatThrownBy(() -> chatConfiguredWith("catalogue: prices.json"))
        .isInstanceOf(DeclarativeConfigException.class)
        .hasMessageStartingWith(
            "tallyspan: unknown key catalogue; did you mean catalog?; known: aliases, ");
  }

  @Test
  void deploymentsEstimatesAndDialectsAreRead() {
    assertThat(
            chatConfiguredWith(
                "deployments: {gpt-4o-mini: no-such-model}",
                "estimate: true",
                "disabled_dialects: [langfuse]"))
        .contains("tallyspan.cost.status")
        .doesNotContain("tallyspan.cost.total");
  }

  @Test
  void sectionsAndNumbersOfYamlAreRead() {
    assertThat(
            chatConfiguredWith(
                "currency: {to: EUR, rates: {USD: {2020-01-01: 0.5}}}",
                "catalog: {file: /no/such.json, reload_interval: 5m, layered: true}",
                "estimate: {max_characters: 20000}",
                "max_content_length: 1000",
                "identity: {inherit: [session.id], baggage: []}",
                "dialects: {acme: {aliases: {acme.model: gen_ai.request.model}}, langfuse: false}"))
        .contains("tallyspan.cost.original.total");
  }

  @Test
  void dialectThatDoesNotExistFailsFast() {
    assertThatThrownBy(() -> chatConfiguredWith("disabled_dialects: [langfused]"))
        .isInstanceOf(DeclarativeConfigException.class)
        .hasMessageStartingWith("tallyspan: disabled_dialects: disable=langfused");
  }

  @Test
  void deploymentWithoutAModelFailsFast() {
    assertThatThrownBy(() -> chatConfiguredWith("deployments: {acme: [a]}"))
        .isInstanceOf(DeclarativeConfigException.class)
        .hasMessage("tallyspan: deployments: acme is not the name of a model");
  }

  @Test
  void flagThatIsNoneFailsFast() {
    assertThatThrownBy(() -> chatConfiguredWith("enabled: perhaps"))
        .isInstanceOf(DeclarativeConfigException.class)
        .hasMessageContaining("enabled");
  }

  @Test
  void targetThatIsNoTextFailsFast() {
    assertThatThrownBy(() -> chatConfiguredWith("target: 1"))
        .isInstanceOf(DeclarativeConfigException.class)
        .hasMessageContaining("target");
  }

  @Test
  void missingCatalogFailsFastIfTheSettingsAreStrict() {
    assertThatThrownBy(() -> chatConfiguredWith("catalog: /no/such.json", "strict: true"))
        .isInstanceOf(DeclarativeConfigException.class)
        .hasMessageStartingWith("tallyspan: catalog: ")
        .hasMessageContaining("/no/such.json");
  }

  /** Returns the keys that a chat span ends with, one a line. */
  private static String chatConfiguredWith(String... lines) {
    byte[] yaml = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    DeclarativeConfigProperties processor =
        DeclarativeConfiguration.toConfigProperties(new ByteArrayInputStream(yaml));
    SpanProcessor created = (SpanProcessor) PROVIDER.create(processor);
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(created)
            .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
            .build()) {
      Span span =
          provider
              .get("application")
              .spanBuilder("chat")
              .setAttribute("gen_ai.operation.name", "chat")
              .setAttribute("gen_ai.provider.name", "openai")
              .setAttribute("gen_ai.request.model", "gpt-4o-mini")
              .setAttribute("gen_ai.usage.input_tokens", 1117)
              .setAttribute("gen_ai.usage.output_tokens", 463)
              .startSpan();
      span.end();
      return ((ReadableSpan) span)
          .getAttributes().asMap().keySet().stream()
              .map(Object::toString)
              .collect(Collectors.joining("\n"));
    }
  }
}
