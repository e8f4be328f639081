package dev.tallyspan.semconv.span;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TestSpan;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import org.junit.jupiter.api.Test;

class DialectFaultTest {

  @Test
  void saysWhereADialectFailedAndNothingOfWhatItRead() {
    LlmSpan llm =
        TestSpan.chat()
            .with("openinference.span.kind", "LLM")
            .with("output.value", new Unreadable())
            .read();

    assertThat(llm.requestModel()).isEqualTo("gpt-4o");
    assertThat(llm.faults())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.dialect()).isEqualTo("openinference");
              assertThat(fault.exception()).isEqualTo("java.lang.IllegalStateException");
              assertThat(fault.place()).contains("Unreadable.getType(DialectFaultTest.java:");
              assertThat(fault.toString()).doesNotContain("secret");
            });
  }

  /** A value as a broken adapter would show it. */
  private static final class Unreadable implements Value<String> {

    @Override
    public ValueType getType() {
      throw new IllegalStateException("secret");
    }

    @Override
    public String getValue() {
      throw new IllegalStateException("secret");
    }

    @Override
    public String asString() {
      throw new IllegalStateException("secret");
    }
  }
}
