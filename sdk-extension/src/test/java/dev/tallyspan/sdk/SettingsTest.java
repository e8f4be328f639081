package dev.tallyspan.sdk;

import static dev.tallyspan.sdk.TestSpans.STATUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What settings do, whether they come from properties, from their file, or from a map. */
class SettingsTest {

  private static final AttributeKey<String> CURRENCY =
      AttributeKey.stringKey("tallyspan.cost.currency");
  private static final AttributeKey<Double> TOTAL = AttributeKey.doubleKey("tallyspan.cost.total");

  @TempDir Path directory;

  @Test
  void costsAreConverted() {
    Map<String, String> properties =
        Map.of(
            "otel.tallyspan.currency.to",
            "EUR",
            "otel.tallyspan.currency.rates",
            "USD=0.5,GBP=1.1");

    Attributes chat = withProperties(properties, TestSpans::chat);

    assertThat(chat.get(CURRENCY)).isEqualTo("EUR");
    assertThat(chat.get(TOTAL)).isEqualTo(0.00044535 / 2);
  }

  @Test
  void ratesMayDependOnTheDay() {
    Map<String, ?> values =
        Map.of("currency", Map.of("to", "EUR", "rates", Map.of("USD", Map.of("2020-01-01", 0.25))));

    assertThat(with(values, TestSpans::chat).get(TOTAL)).isEqualTo(0.00044535 / 4);
  }

  @Test
  void ownKeysAreReadAsAliases() {
    Map<String, String> properties =
        Map.of(
            "otel.tallyspan.aliases",
            "acme.model=gen_ai.request.model,acme.in=gen_ai.usage.input_tokens");

    Attributes call =
        withProperties(
            properties,
            span -> span.setAttribute("acme.model", "gpt-4o").setAttribute("acme.in", 1000));

    assertThat(call.get(AttributeKey.longKey("gen_ai.usage.input_tokens"))).isEqualTo(1000);
    assertThat(call.get(STATUS)).isEqualTo("priced");
  }

  @Test
  void fileHasWhatDoesNotFitIntoProperties() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("tallyspan.json"),
            """
            {"dialects": {
               "openinference": false,
               "acme": {
                 "aliases": {
                   "acme.model": "gen_ai.request.model",
                   "acme.in": {"attribute": "gen_ai.usage.input_tokens", "semantics": "exclusive"}},
                 "constants": {"gen_ai.provider.name": "openai"}}},
             "gen_ai_usage_cost": true}
            """);
    Map<String, String> properties =
        Map.of(
            "otel.tallyspan.config",
            file.toString(),
            "otel.tallyspan.gen-ai-usage-cost",
            "false"); // takes precedence

    Attributes call =
        withProperties(
            properties,
            span -> span.setAttribute("acme.model", "gpt-4o").setAttribute("acme.in", 1000));

    assertThat(call.get(AttributeKey.stringArrayKey("tallyspan.dialect"))).containsExactly("acme");
    assertThat(call.get(STATUS)).isEqualTo("priced");
    assertThat(call.get(TestSpans.GEN_AI_USAGE_COST)).isNull();
  }

  @Test
  void fileThatIsNotJsonFailsFast() throws IOException {
    Path file = Files.writeString(directory.resolve("tallyspan.json"), "{\n  \"target\": }");

    assertThatThrownBy(() -> settings(Map.of("otel.tallyspan.config", file.toString())))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("config: " + file + ":2 ")
        .hasMessageEndingWith("it must be JSON");
  }

  @Test
  void contractOfTheTenantApplies() throws IOException {
    Path contracts =
        Files.writeString(
            directory.resolve("contracts.json"),
            """
            {"format": "tallyspan-contracts/1", "version": "1", "tenants": {"acme": {"discounts": [{"provider": "openai", "factor": "0.5"}]}}}
            """);
    Map<String, String> properties =
        Map.of(
            "otel.tallyspan.contracts.file",
            contracts.toString(),
            "otel.tallyspan.contracts.attribute",
            "customer",
            "otel.tallyspan.strict",
            "true");
    Consumer<Span> chat =
        span -> {
          TestSpans.chat(span);
          span.setAttribute("customer", "acme");
        };

    assertThat(withProperties(properties, chat).get(TOTAL)).isEqualTo(0.00044535 / 2);
  }

  @Test
  void messagesAreShortened() {
    String prompt =
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\""
            + "x".repeat(500)
            + "\"}]}]";

    Attributes chat =
        withProperties(
            Map.of("otel.tallyspan.max-content-length", "200"),
            span -> {
              TestSpans.chat(span);
              span.setAttribute("gen_ai.prompt", prompt);
            });

    assertThat(chat.get(AttributeKey.stringKey("gen_ai.input.messages"))).hasSizeLessThan(201);
  }

  @Test
  void settingOfTheCollectorAloneIsRefusedWithTheReason() {
    assertThatThrownBy(() -> LlmEnrichment.builder().settings(Map.of("drop_originals", true)))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "drop_originals is a setting of the collector's processor alone: the SDK cannot remove"
                + " an attribute");
  }

  @Test
  void unknownKeyOfASectionIsNamedWithTheNearest() {
    assertThatThrownBy(
            () ->
                LlmEnrichment.builder().settings(Map.of("catalog", Map.of("fille", "prices.json"))))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("catalog: unknown key fille; did you mean file?");
  }

  @Test
  void urlIsNotShownBecauseItMayHaveAKey() {
    assertThatThrownBy(
            () ->
                LlmEnrichment.builder()
                    .settings(Map.of("catalog", Map.of("url", "ftp://h/?key=k"))))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("catalog.url: must be http")
        .hasMessageNotContaining("key=k");
  }

  @Test
  void unknownPropertiesAreNamedTogether() {
    assertThat(
            UnknownProperties.warning(
                List.of("otel.tallyspan.catalouge", "otel.tallyspan.gen.ai.usage.cost", "user.dir"),
                List.of("OTEL_TALLYSPAN_CURENCY_TO", "OTEL_TALLYSPAN_TARGET", "PATH")))
        .isEqualTo(
            "Tallyspan does not know and ignores: otel.tallyspan.catalouge (did you mean"
                + " otel.tallyspan.catalog?), OTEL_TALLYSPAN_CURENCY_TO (did you mean"
                + " OTEL_TALLYSPAN_CURRENCY_TO?)");
  }

  @Test
  void knownPropertiesAreNotWarnedOf() {
    List<String> all =
        List.of(Setting.values()).stream()
            .map(Setting::property)
            .filter(property -> property != null)
            .toList();

    assertThat(UnknownProperties.warning(all, List.of())).isNull();
  }

  private static ExtensionSettings settings(Map<String, String> properties) {
    return PropertySettings.read(DefaultConfigProperties.createFromMap(properties));
  }

  private static Attributes withProperties(Map<String, String> properties, Consumer<Span> span) {
    try (TestSpans spans = new TestSpans(new LlmEnrichment(settings(properties)))) {
      return spans.attributes("call", span);
    }
  }

  private static Attributes with(Map<String, ?> values, Consumer<Span> span) {
    try (TestSpans spans = new TestSpans(LlmEnrichment.builder().settings(values).build())) {
      return spans.attributes("call", span);
    }
  }
}
