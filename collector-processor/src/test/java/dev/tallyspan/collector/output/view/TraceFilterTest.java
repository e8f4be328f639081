package dev.tallyspan.collector.output.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFilterTest {

  private static final List<SpanRow> TRACE =
      List.of(
          Rows.span("1", "GET /ask").with("user.id", "maya").row(),
          Rows.chat("2", "gpt-4o-mini")
              .with("gen_ai.provider.name", "openai")
              .with("gen_ai.usage.input_tokens", 5L)
              .row());

  @ParameterizedTest
  @CsvSource({
    "user, maya, true",
    "user, MAYA, true",
    "user, may, false",
    "user, m*a, true",
    "user, *, true",
    "session, *, false",
    "model, gpt-4o, false",
    "model, gpt-4o*, true",
    "model, gpt.4o.mini, false",
    "name, GET /*, true",
    "operation, chat, true",
    "status, priced, true",
    "error, *, false",
  })
  void conditionIsMetByOneSpan(String key, String pattern, boolean selected) {
    assertThat(TraceFilter.ALL.and(key, pattern).selects(TRACE)).isEqualTo(selected);
  }

  @Test
  void allConditionsMustBeMet() {
    TraceFilter user = TraceFilter.ALL.and("user", "maya");

    assertThat(user.and("model", "gpt-4o-mini").selects(TRACE)).isTrue();
    assertThat(user.and("model", "o4-mini").selects(TRACE)).isFalse();
  }

  @Test
  void llmTracesHaveOneLlmSpan() {
    assertThat(TraceFilter.LLM.selects(TRACE)).isTrue();
    assertThat(TraceFilter.LLM.selects(TRACE.subList(0, 1))).isFalse();
  }

  @Test
  void unknownKeyNamesThoseThatExist() {
    assertThatThrownBy(() -> TraceFilter.ALL.and("team", "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("team: unknown key, use one of [error, model, name,");
    assertThatThrownBy(() -> TraceFilter.ALL.and("user", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("user=: has no value");
  }
}
