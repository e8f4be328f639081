package dev.tallyspan.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.PriceStatus;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing that prices are made of is forgotten between a span and its price. */
class PriceMappingTest {

  private static final Normalizer NORMALIZER = Normalizer.create();

  /** Spans that state everything that spans can state. */
  private static final List<MapSpan> SPANS =
      List.of(
          MapSpan.chat("anthropic", "claude")
              .with("gen_ai.usage.input_tokens", 1000)
              .with("gen_ai.usage.cache_read.input_tokens", 300)
              .with("gen_ai.usage.cache_creation.input_tokens", 200)
              .with("tallyspan.usage.cache_write_1h.input_tokens", 50)
              .with("gen_ai.usage.output_tokens", 90)
              .with("gen_ai.usage.reasoning.output_tokens", 40),
          MapSpan.chat("gcp.gemini", "gemini")
              .with("gen_ai.usage.input_tokens", 1000)
              .with("gen_ai.usage.cache_read.input_tokens", 250)
              .with("gen_ai.usage.audio.input_tokens", 100)
              .with("gen_ai.usage.image.input_tokens", 200)
              .with("llm.token_count.prompt_details.video", 100)
              .with("gen_ai.usage.audio.cache_read.input_tokens", 20)
              .with("gen_ai.usage.image.cache_read.input_tokens", 30)
              .with("gen_ai.usage.output_tokens", 500)
              .with("gen_ai.usage.audio.output_tokens", 60)
              .with("gen_ai.usage.image.output_tokens", 70),
          openInference(
              "sora",
              "{\"usage\":{\"output_tokens\":9,\"output_tokens_details\":"
                  + "{\"video_tokens\":7}}}"),
          openInference(
              "sonar",
              "{\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,"
                  + "\"citation_tokens\":3}}"),
          openInference("whisper", "{\"usage\":{\"type\":\"duration\",\"seconds\":3}}"),
          openInference("rerank", "{\"meta\":{\"billed_units\":{\"search_units\":1}}}"),
          openInference("embed", "{\"meta\":{\"billed_units\":{\"images\":2}}}"),
          openInference("ocr", "{\"usage_info\":{\"pages_processed\":2}}"),
          openInference(
              "claude",
              "{\"type\":\"message\",\"usage\":{\"input_tokens\":1,"
                  + "\"output_tokens\":1,\"server_tool_use\":{\"web_search_requests\":2}}}"),
          openInference(
              "gpt",
              "{\"object\":\"response\",\"usage\":{\"input_tokens\":1,"
                  + "\"output_tokens\":1},\"output\":[{\"type\":\"file_search_call\",\"id\":\"a\"},"
                  + "{\"type\":\"code_interpreter_call\",\"id\":\"b\",\"container_id\":\"c\"}]}"));

  @Test
  void everyUnitIsOnSpansOrListedAsNotOnThem() {
    Set<Unit> counted = EnumSet.noneOf(Unit.class);
    for (MapSpan span : SPANS) {
      LlmSpan llm = NORMALIZER.read(span);
      note(PriceMapping.usage(llm), counted);
      llm.sideUsages().forEach(side -> note(PriceMapping.usage(side), counted));
    }
    Set<Unit> expected = EnumSet.allOf(Unit.class);
    expected.removeAll(PriceMapping.UNITS_NOT_ON_SPANS);
    assertThat(counted).isEqualTo(expected);
  }

  @Test
  void everyConditionIsOnSpansOrListedAsNotOnThem() {
    LlmSpan llm =
        NORMALIZER.read(
            MapSpan.chat("anthropic", "claude")
                .with("openai.response.service_tier", "flex")
                .with("server.address", "api.acme.com")
                .with("cloud.region", "eu-west-1")
                .with(
                    "llm.invocation_parameters",
                    "{\"web_search_options\":{\"search_context_size\":\"low\"}}")
                .with("url.full", "https://x/v1/projects/p/locations/us-east5/models/m:predict")
                .with(
                    "output.value",
                    "{\"type\":\"message\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1,"
                        + "\"inference_geo\":\"us\",\"speed\":\"fast\"}}")
                .with("openinference.span.kind", "LLM"));
    PriceRequest.Builder request = PriceRequest.builder();
    PriceMapping.conditions(llm, request);

    Set<String> expected = new HashSet<>(PriceRequest.conditionNames());
    expected.removeAll(PriceMapping.CONDITIONS_NOT_ON_SPANS);
    assertThat(request.build().conditions().keySet()).isEqualTo(expected);
  }

  @Test
  void callIsOneRequestIfItUsedAnything() {
    LlmSpan used = NORMALIZER.read(MapSpan.chat("acme", "m").with("gen_ai.usage.input_tokens", 5));
    LlmSpan silent = NORMALIZER.read(MapSpan.chat("acme", "m"));

    assertThat(PriceMapping.usage(used).get(Unit.REQUEST)).isEqualTo(1);
    assertThat(PriceMapping.usage(silent).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(PriceStatus.class)
  void everyStatusHasItsOwn(PriceStatus status) {
    assertThat(PriceMapping.status(status).wireName()).isEqualTo(status.wireName());
  }

  @ParameterizedTest
  @EnumSource(CostPart.class)
  void everyPartHasItsOwn(CostPart part) {
    assertThat(PriceMapping.part(part).key()).isEqualTo("tallyspan.cost." + part.wireName());
  }

  private static void note(Usage usage, Set<Unit> counted) {
    for (Unit unit : Unit.values()) {
      if (usage.get(unit) != 0) {
        counted.add(unit);
      }
    }
  }

  private static MapSpan openInference(String model, String output) {
    return new MapSpan()
        .with("openinference.span.kind", "LLM")
        .with("llm.model_name", model)
        .with("output.value", output);
  }
}
