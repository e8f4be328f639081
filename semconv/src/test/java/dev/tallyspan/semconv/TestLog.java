package dev.tallyspan.semconv;

import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.Value;
import java.util.Map;

/**
 * A log record made of maps, to be read and rendered in tests; values are as {@link TestSpan}'s.
 */
public record TestLog(String name, Value<?> body, TestSpan span) implements LogView {

  /** A record with this in its field for the event's name. */
  public static TestLog named(String name) {
    return new TestLog(name, null, TestSpan.span("").scope("scope"));
  }

  /** A record with this in its attribute {@code event.name}. */
  public static TestLog event(String name) {
    return named("").with("event.name", name);
  }

  public TestLog body(Object plain) {
    return new TestLog(name, TestSpan.value(plain), span);
  }

  public TestLog with(String key, Object value) {
    span.with(key, value);
    return this;
  }

  public TestLog scope(String scopeName) {
    span.scope(scopeName);
    return this;
  }

  public LlmSpan read() {
    return Normalizer.create().readLog(this);
  }

  /** The attributes that rendering by a normalizer with defaults sets. */
  public Map<String, Object> changes() {
    return changes(Normalizer.create());
  }

  public Map<String, Object> changes(Normalizer normalizer) {
    LlmSpan llm = normalizer.readLog(this);
    return llm == null ? Map.of() : TestSpan.edits(edits -> normalizer.renderLog(llm, this, edits));
  }

  @Override
  public long epochNanos() {
    return 1;
  }

  @Override
  public AttributeView attributes() {
    return span.attributes();
  }

  @Override
  public AttributeView resource() {
    return span.resource();
  }

  @Override
  public String traceId() {
    return span.traceId();
  }

  @Override
  public String spanId() {
    return span.spanId();
  }

  @Override
  public String scopeName() {
    return span.scopeName();
  }

  @Override
  public String scopeVersion() {
    return span.scopeVersion();
  }
}
