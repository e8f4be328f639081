package dev.tallyspan.sdk;

import static dev.tallyspan.sdk.TestSpans.STATUS;
import static dev.tallyspan.sdk.TestSpans.TOTAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import io.opentelemetry.api.trace.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {

  private static final String SECRET = "my secret prompt";

  private final Logger logger = Logger.getLogger(Faults.class.getName());
  private final List<LogRecord> log = new ArrayList<>();
  private final Handler handler = new ListHandler();
  private final LlmEnrichment tracing = LlmEnrichment.create();
  private final TestSpans spans = new TestSpans(tracing);

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
    spans.close();
  }

  @Test
  void errorWhileReadingLeavesTheSpanAsItWas() {
    Attributes attributes = spans.attributes("chat", FaultsTest::chatThatCannotBeRead);

    assertThat(attributes.get(STATUS)).isNull();
    assertThat(attributes.size()).isEqualTo(6);
    assertThat(tracing.faults()).isEqualTo(1);
  }

  @Test
  void causeIsLoggedOnceAndWithoutContent() {
    spans.span("chat", FaultsTest::chatThatCannotBeRead);
    spans.span("chat", FaultsTest::chatThatCannotBeRead);

    assertThat(tracing.faults()).isEqualTo(2);
    assertThat(log).hasSize(1);
    assertThat(log.get(0).getThrown()).isNull();
    assertThat(log.get(0).getMessage())
        .startsWith("An LLM span was not enriched: java.lang.AssertionError at ")
        .doesNotContain(SECRET);
  }

  @Test
  void costFitsBesideManyAttributes() {
    Attributes attributes = spans.attributes("chat", span -> chatWithOthers(span, 105));

    assertThat(attributes.get(TOTAL)).isEqualTo(0.00044535);
    assertThat(tracing.faults()).isZero();
    assertThat(log).isEmpty();
  }

  @Test
  void costIsWrittenBeforeTheRest() {
    // Room for three more: status, total and exact total.
    Attributes attributes = spans.attributes("chat", span -> chatWithOthers(span, 120));

    assertThat(attributes.get(TOTAL)).isEqualTo(0.00044535);
    assertThat(tracing.faults()).isEqualTo(1);
  }

  @Test
  void fullSpanIsToldOf() {
    Attributes attributes = spans.attributes("chat", span -> chatWithOthers(span, 200));

    assertThat(attributes.size()).isEqualTo(128);
    assertThat(attributes.get(TOTAL)).isNull();
    assertThat(log).hasSize(1);
    assertThat(log.get(0).getMessage()).contains("otel.span.attribute.count.limit");
  }

  private static void chatWithOthers(Span span, int others) {
    TestSpans.chat(span);
    for (int i = 0; i < others; i++) {
      span.setAttribute("other." + i, i);
    }
  }

  private static void chatThatCannotBeRead(Span span) {
    TestSpans.chat(span);
    span.setAttribute(AttributeKey.valueKey("gen_ai.input.messages"), new FaultyValue());
  }

  /** The API lets anybody implement values. */
  private static final class FaultyValue implements Value<String> {
    @Override
    public ValueType getType() {
      throw new AssertionError(SECRET);
    }

    @Override
    public String getValue() {
      throw new AssertionError(SECRET);
    }

    @Override
    public String asString() {
      throw new AssertionError(SECRET);
    }
  }

  private final class ListHandler extends Handler {
    @Override
    public void publish(LogRecord record) {
      log.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
