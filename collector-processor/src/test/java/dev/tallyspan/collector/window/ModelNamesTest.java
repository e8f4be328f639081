package dev.tallyspan.collector.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelNamesTest {

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, gpt-4o",
    "gpt-4o-2024-08-06, gpt-4o",
    "openai/gpt-4o, gpt-4o",
    "openrouter/openai/gpt-4o, gpt-4o",
    "models/gemini-2.5-pro, gemini-2.5-pro",
    "claude-sonnet-4-5-20250929, claude-sonnet-4-5",
    "claude-3-5-sonnet@20241022, claude-3-5-sonnet",
    "claude-3-5-sonnet-latest, claude-3-5-sonnet",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0, claude-sonnet-4-5",
    "anthropic.claude-3-haiku-20240307-v1:0, claude-3-haiku",
    "GPT-4O, gpt-4o",
    "gpt-4.1, gpt-4.1",
    "gpt-4o-mini, gpt-4o-mini",
    "gpt-3.5-turbo-0125, gpt-3.5-turbo",
  })
  void familyHasNoRouteAndNoDate(String name, String family) {
    assertThat(ModelNames.family(name)).isEqualTo(family);
  }
}
