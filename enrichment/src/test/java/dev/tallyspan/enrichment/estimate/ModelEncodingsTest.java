package dev.tallyspan.enrichment.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.api.EncodingType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelEncodingsTest {

  @ParameterizedTest
  @CsvSource({
    "azure/gpt-4o, O200K_BASE",
    "AZURE_AI/GPT-4o-Mini, O200K_BASE",
    "' gpt-4.1-nano ', O200K_BASE",
    "ft:gpt-4o, O200K_BASE",
    "ft:gpt-3.5-turbo-0125:acme:bot:x1, CL100K_BASE",
    "gpt-4-32k-0613, CL100K_BASE",
    "gpt-4-0125-preview, CL100K_BASE"
  })
  void encodingIsFoundWhateverTheSpelling(String model, EncodingType encoding) {
    assertThat(ModelEncodings.of(model)).isEqualTo(encoding);
    assertThat(ModelEncodings.isReasoning(model)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"o1", "openai/o3-mini", "gpt-5", "azure/gpt-5-mini", "gpt-oss-120b", "codex-mini"})
  void reasoningModelsAreKnownToHideOutput(String model) {
    assertThat(ModelEncodings.of(model)).isNull();
    assertThat(ModelEncodings.isReasoning(model)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gpt-4o-",
        "my-gpt-4o",
        "gpt-4o-realtime-preview",
        "gpt-4o-2024",
        "o10x",
        "claude-opus-4-1"
      })
  void nameThatOnlyResemblesAModelIsNotKnown(String model) {
    assertThat(ModelEncodings.of(model)).isNull();
    assertThat(ModelEncodings.isReasoning(model)).isFalse();
  }

  @Test
  void overlongNameIsNotLookedAt() {
    assertThat(ModelEncodings.isReasoning("gpt-5" + "x".repeat(195))).isTrue();
    assertThat(ModelEncodings.isReasoning("gpt-5" + "x".repeat(196))).isFalse();
  }
}
