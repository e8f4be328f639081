package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TestLog;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogJoinTest {

  private static final Normalizer NORMALIZER = Normalizer.create();

  private final LogJoin join = new LogJoin();

  private LlmSpan read(TestSpan span) {
    return NORMALIZER.read(join.join(span));
  }

  @Test
  void messagesOfRecordsAreThoseOfTheirSpan() {
    join.keep(TestLog.event("gen_ai.user.message").body(Map.of("content", "Hi")));
    join.keep(
        TestLog.event("gen_ai.choice")
            .body(Map.of("index", 0, "finish_reason", "stop", "message", Map.of("content", "Ho"))));
    LlmSpan llm = read(TestSpan.chat());
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Hi"));
    assertThat(llm.outputMessages())
        .containsExactly(Message.text("assistant", "Ho").withFinishReason("stop"));
    assertThat(llm.dialects()).containsExactly("otel", "otel-legacy");
  }

  @Test
  void recordThatComesTwiceIsReadOnce() {
    TestLog log = TestLog.event("gen_ai.user.message").body(Map.of("content", "Hi"));
    join.keep(log);
    join.keep(log);
    assertThat(read(TestSpan.chat()).inputMessages()).hasSize(1);
  }

  // Content may be on the span, in its events and in log records, all at once.
  @Test
  void spanThatSaysItselfWhatWasSaidIsNotTold() {
    join.keep(TestLog.event("gen_ai.user.message").body(Map.of("content", "record")));
    assertThat(
            read(TestSpan.chat().event("gen_ai.user.message", "content", "event")).inputMessages())
        .containsExactly(Message.text("user", "event"));
    assertThat(
            read(TestSpan.chat().with("gen_ai.prompt", "old").with("gen_ai.input.messages", "own"))
                .inputMessages())
        .containsExactly(Message.text("user", "own"));
  }

  @Test
  void detailsOfRecordsFillWhatTheSpanLacks() {
    join.keep(
        TestLog.named("gen_ai.client.inference.operation.details")
            .with("gen_ai.system_instructions", List.of(Map.of("type", "text", "content", "Be.")))
            .with("gen_ai.output.messages", "[{\"role\":\"assistant\",\"content\":\"Ho\"}]"));
    LlmSpan llm = read(TestSpan.chat());
    assertThat(llm.systemInstructions()).containsExactly(new MessagePart.Text("Be."));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Ho"));
  }

  @Test
  void windowLetsGoOfWhatIsOldOrTooMuch() {
    AtomicLong now = new AtomicLong();
    LogJoin window =
        LogJoin.window(Duration.ofSeconds(30), 1000, () -> Instant.ofEpochMilli(now.get()));
    TestSpan span = TestSpan.chat();
    window.keep(TestLog.event("gen_ai.user.message").body(Map.of("content", "Hi")));
    now.set(30_000);
    assertThat(NORMALIZER.read(window.join(span)).inputMessages()).hasSize(1);
    now.set(30_001);
    assertThat(window.join(span)).isSameAs(span);

    window.keep(TestLog.event("gen_ai.user.message").body(Map.of("content", "x".repeat(1001))));
    assertThat(window.join(span)).isSameAs(span);
    window.keep(TestLog.event("gen_ai.user.message").body(Map.of("content", "Ho")));
    assertThat(NORMALIZER.read(window.join(span)).inputMessages()).hasSize(1);
  }

  @Test
  void otherRecordsChangeNothing() {
    join.keep(TestLog.event("order.paid").body(Map.of("content", "Hi")));
    TestSpan span = TestSpan.chat();
    assertThat(join.join(span)).isSameAs(span);
  }

  @Test
  void recordsThatWereForgottenAreNotJoined() {
    join.keep(TestLog.event("gen_ai.user.message").body(Map.of("content", "Hi")));
    TestSpan span = TestSpan.chat();
    assertThat(join.hasMessages(span.traceId(), span.spanId())).isTrue();

    join.forget(span.traceId(), span.spanId());

    assertThat(join.hasMessages(span.traceId(), span.spanId())).isFalse();
    assertThat(read(span).inputMessages()).isEmpty();
  }

  @Test
  void spanWithMoreThanItsShareHasNoMessagesAtAll() {
    LogJoin window =
        LogJoin.window(
            Duration.ofMinutes(1), 100_000, /* maxCharactersOfSpan= */ 1_000, () -> Instant.EPOCH);
    window.keep(TestLog.event("gen_ai.user.message").body(Map.of("content", "Hi")));
    window.keep(TestLog.event("gen_ai.user.message").body(Map.of("content", "x".repeat(1_000))));
    window.keep(TestLog.event("gen_ai.user.message").body(Map.of("content", "Ho")));

    assertThat(NORMALIZER.read(window.join(TestSpan.chat())).inputMessages()).isEmpty();
  }
}
