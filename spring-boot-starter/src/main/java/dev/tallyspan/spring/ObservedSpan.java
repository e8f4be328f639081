package dev.tallyspan.spring;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.ValueSupport;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The span of an observation that is about to stop. What it is given goes to the span alone, and
 * not into the key values of the observation, which other handlers may log.
 */
final class ObservedSpan {

  private final Observation.Context context;
  private final Span span;
  private final @Nullable ContentPolicy policy;

  private ObservedSpan(Observation.Context context, Span span, @Nullable ContentPolicy policy) {
    this.context = context;
    this.span = span;
    this.policy = policy;
  }

  /**
   * Returns the span of the observation; null if it has none or it is not recorded.
   *
   * @param policy what content is written; null for none, without a change to what Spring AI writes
   */
  static @Nullable ObservedSpan of(Observation.Context context, @Nullable ContentPolicy policy) {
    Span span = spanOf(context);
    return span == null || span.isNoop() ? null : new ObservedSpan(context, span, policy);
  }

  static @Nullable Span spanOf(Observation.ContextView context) {
    TracingContext tracing = context.get(TracingContext.class);
    return tracing == null ? null : tracing.getSpan();
  }

  void set(String key, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      span.tag(key, value);
    }
  }

  void set(String key, long value) {
    span.tag(key, value);
  }

  void set(String key, double value) {
    span.tag(key, value);
  }

  void set(String key, boolean value) {
    span.tag(key, value);
  }

  void set(String key, List<String> values) {
    span.tagOfStrings(key, values);
  }

  /** Whether anything of the content may be written. */
  boolean takesContent() {
    return policy != null && policy.mode() != ContentMode.NONE;
  }

  void setMessages(AttributeKey<?> key, List<Message> messages) {
    if (policy != null && !messages.isEmpty()) {
      List<Message> allowed = policy.messages(key.getKey(), messages).value();
      if (allowed != null && !allowed.isEmpty()) {
        span.tag(key.getKey(), Messages.toJson(allowed));
      }
    }
  }

  void setContent(AttributeKey<?> key, Value<?> content) {
    if (policy != null) {
      Value<?> allowed = policy.value(key.getKey(), content).value();
      if (allowed != null) {
        span.tag(key.getKey(), ValueSupport.toJson(allowed));
      }
    }
  }

  void setContent(AttributeKey<?> key, @Nullable String content) {
    if (policy != null && content != null) {
      set(key.getKey(), policy.text(key.getKey(), content).value());
    }
  }

  /** Applies the policy to what Spring AI writes itself; without a policy, it stays as it is. */
  void restrict(String key) {
    KeyValue present = context.getHighCardinalityKeyValue(key);
    if (policy == null || present == null) {
      return;
    }
    String allowed = policy.text(key, present.getValue()).value();
    context.removeHighCardinalityKeyValue(key);
    if (allowed != null && policy.mode() != ContentMode.NONE) {
      context.addHighCardinalityKeyValue(KeyValue.of(key, allowed));
    }
  }

  /**
   * Replaces a number or flag that Spring AI writes as text. Older SDKs cannot replace the text
   * later, because a key and its type together identify an attribute.
   */
  <T> void retype(String key, Function<String, @Nullable T> parser, Setter<T> setter) {
    KeyValue text = context.getHighCardinalityKeyValue(key);
    T value = text == null ? null : parser.apply(text.getValue());
    if (value != null) {
      context.removeHighCardinalityKeyValue(key);
      setter.set(this, key, value);
    }
  }

  /** Removes a key value of Spring AI. */
  void remove(String key) {
    context.removeHighCardinalityKeyValue(key);
  }

  /** Removes a key value of Spring AI, in favour of the attribute that is set instead. */
  void replace(String key, List<String> values) {
    remove(key);
    if (!values.isEmpty()) {
      set(key, values);
    }
  }

  /** One of the methods {@code set}. */
  interface Setter<T> {
    void set(ObservedSpan span, String key, T value);
  }
}
