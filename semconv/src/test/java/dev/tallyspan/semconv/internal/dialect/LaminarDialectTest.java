package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaminarDialectTest {

  @Test
  void callIsReadWithUserSessionAndCost() {
    LlmSpan read =
        span("openai.chat")
            .with("lmnr.span.type", "LLM")
            .with("lmnr.span.input", "[{\"role\":\"user\",\"content\":\"Hi\"}]")
            .with("lmnr.span.output", "Hello")
            .with("gen_ai.system", "openai")
            .with("gen_ai.usage.input_tokens", 10)
            .with("gen_ai.usage.input_cost", 0.25)
            .with("gen_ai.usage.output_cost", "0.5")
            .with("lmnr.association.properties.user_id", "u")
            .with("lmnr.association.properties.session_id", "s")
            .with("lmnr.association.properties.tags", List.of("beta"))
            .read();
    assertThat(read.dialects()).containsExactly("laminar", "otel-legacy");
    assertThat(read.billing()).isEqualTo(Billing.CALL);
    assertThat(read.inputMessages()).containsExactly(Message.text("user", "Hi"));
    assertThat(read.outputMessages()).containsExactly(Message.text("assistant", "Hello"));
    assertThat(read.reportedCost().amount()).isEqualByComparingTo("0.75");
    assertThat(read.get(Slot.USER_ID)).isEqualTo("u");
    assertThat(read.get(Slot.SESSION_ID)).isEqualTo("s");
    assertThat(read.get(Slot.TAGS)).isEqualTo(List.of("beta"));
  }

  @Test
  void toolHasArgumentsAndResult() {
    LlmSpan read =
        span("get_weather")
            .with("lmnr.span.type", "TOOL")
            .with("lmnr.span.input", "{\"city\":\"Paris\"}")
            .with("lmnr.span.output", "{\"t\":21}")
            .read();
    assertThat(read.operation()).isEqualTo("execute_tool");
    assertThat(read.toolName()).isEqualTo("get_weather");
    assertThat(TestSpan.plain(read.toolCallArguments())).isEqualTo(Map.of("city", "Paris"));
  }

  @Test
  void observedFunctionHasNoOperation() {
    LlmSpan read = span("f").with("lmnr.span.type", "DEFAULT").with("lmnr.span.input", "1").read();
    assertThat(read.operation()).isNull();
    assertThat(read.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void pathAloneMakesNoLlmSpan() {
    assertThat(span("GET").with("lmnr.span.path", List.of("a", "GET")).read()).isNull();
  }
}
