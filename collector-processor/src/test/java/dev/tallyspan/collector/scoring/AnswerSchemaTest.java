package dev.tallyspan.collector.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerSchemaTest {

  private static final AnswerSchema ORDER =
      AnswerSchema.of(
          """
          {"type": "object",
           "properties": {"id": {"type": "integer"}, "code": {"type": "string", "pattern": "^[A-Z]{2}$"}},
           "patternProperties": {"^x_": {"type": "number"}},
           "additionalProperties": false,
           "required": ["id"]}
          """);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\": 7}",
        " {\"id\": 7.0, \"code\": \"DE\"}\n",
        "{\"id\": 1e3, \"x_a\": 1.5, \"x_b\": 2}"
      })
  void allows(String answer) {
    assertThat(ORDER.check(answer))
        .isEqualTo(new Check.Finding(true, "The answer is JSON that the schema allows."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "[]",
        "null",
        "{\"id\": 7.5}",
        "{\"id\": \"7\"}",
        "{\"id\": 7, \"code\": \"de\"}",
        "{\"id\": 7, \"x_a\": \"much\"}",
        "{\"id\": 7, \"y\": 1}"
      })
  void doesNotAllow(String answer) {
    assertThat(ORDER.check(answer))
        .isEqualTo(new Check.Finding(false, "The answer is JSON that the schema does not allow."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Here it is: {\"id\": 7}",
        "{\"id\": 7} {\"id\": 8}",
        "{\"id\": 7",
        "{\"id\": NaN}",
        "{\"id\": 1e999999999}",
        "{\"id\": 1e-999999999}",
        "[1,"
      })
  void whatIsNotJsonFails(String answer) {
    assertThat(ORDER.check(answer)).isEqualTo(new Check.Finding(false, "The answer is not JSON."));
  }

  @Test
  void nestingAndLengthHaveLimits() {
    AnswerSchema recursive = AnswerSchema.of("{\"items\": {\"$ref\": \"#\"}}");

    assertThat(recursive.check("[".repeat(90) + "]".repeat(90)).passed()).isTrue();
    assertThat(recursive.check("[".repeat(100_000)).passed()).isFalse();
    assertThat(recursive.check(" ".repeat(2_000_000) + "1")).isNull();
  }

  @Test
  void expressionThatTakesTooLongIsGivenUp() {
    AnswerSchema slow = AnswerSchema.of("{\"pattern\": \"^(a|aa)+$\"}");

    assertThatThrownBy(() -> slow.check('"' + "a".repeat(5_000) + "!\""))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\": | not JSON",
        "{\"type\": \"text\"} | not a JSON schema",
        "{\"pattern\": \"(\"} | not a JSON schema",
        "7 | not a JSON schema"
      })
  void whatIsNoSchemaIsRefused(String json, String why) {
    assertThatThrownBy(() -> AnswerSchema.of(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }
}
