package dev.tallyspan.sdk.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.incubator.config.DeclarativeConfigException;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.DeclarativeConfiguration;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LlmLogRecordProcessorProviderTest {

  private static final LlmLogRecordProcessorProvider PROVIDER = new LlmLogRecordProcessorProvider();

  @Test
  void isTheLogRecordProcessorTallyspan() {
    assertThat(PROVIDER.getName()).isEqualTo("tallyspan");
    assertThat(PROVIDER.getType()).isEqualTo(LogRecordProcessor.class);
  }

  @Test
  void settingsBelongToTheSpanProcessor() {
    assertThatThrownBy(() -> PROVIDER.create(yaml("join_logs: 1m")))
        .isInstanceOf(DeclarativeConfigException.class)
        .hasMessageContaining("has no settings");
  }

  @Test
  void keepsEventsForTheSpanProcessorEvenIfItIsCreatedFirst() {
    LogRecordProcessor events = (LogRecordProcessor) PROVIDER.create(yaml("{}"));
    SpanProcessor spans =
        (SpanProcessor) new LlmSpanProcessorProvider().create(yaml("join_logs: 30s"));
    try (SdkLoggerProvider logs =
            SdkLoggerProvider.builder().addLogRecordProcessor(events).build();
        SdkTracerProvider traces =
            SdkTracerProvider.builder()
                .addSpanProcessor(spans)
                .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
                .build()) {
      Span span =
          traces
              .get("app")
              .spanBuilder("chat")
              .setAttribute("gen_ai.operation.name", "chat")
              .setAttribute("gen_ai.request.model", "gpt-4o-mini")
              .startSpan();
      logs.get("app")
          .logRecordBuilder()
          .setContext(Context.root().with(span))
          .setEventName("gen_ai.user.message")
          .setBody(Value.of(Map.of("content", Value.of("Why?"))))
          .emit();
      span.end();

      assertThat(
              ((ReadableSpan) span).getAttribute(AttributeKey.stringKey("gen_ai.input.messages")))
          .contains("Why?");
    }
  }

  private static DeclarativeConfigProperties yaml(String text) {
    return DeclarativeConfiguration.toConfigProperties(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
