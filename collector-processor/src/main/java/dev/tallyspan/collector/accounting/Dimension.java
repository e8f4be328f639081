package dev.tallyspan.collector.accounting;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A property by which spans are grouped: a fact about the LLM, whichever dialect states it, the
 * service, or any attribute of the span or else of its resource.
 */
public final class Dimension {

  private static final String SERVICE_NAME = "service.name";

  /** Longer values are cut, so that no sender can fill the memory with labels. */
  private static final int MAX_LENGTH = 255;

  private final String key;
  private final @Nullable Slot<?> slot;

  private Dimension(String key, @Nullable Slot<?> slot) {
    this.key = key;
    this.slot = slot;
  }

  /** Returns the dimension with this attribute key, such as {@code gen_ai.agent.name}. */
  public static Dimension of(String key) {
    return new Dimension(requireNonNull(key, "key"), slot(key).orElse(null));
  }

  /** Returns the dimensions with these keys. */
  public static List<Dimension> of(Collection<String> keys) {
    return keys.stream().map(Dimension::of).toList();
  }

  private static Optional<Slot<?>> slot(String key) {
    return Slot.all().stream()
        .filter(
            slot -> Stream.of(ConventionVersion.values()).anyMatch(it -> key.equals(slot.key(it))))
        .<Slot<?>>map(slot -> slot)
        .findFirst();
  }

  /** The attribute key: on spans that follow the conventions, and as the label of a metric. */
  public String key() {
    return key;
  }

  /** Whether the value is an attribute that is not read as a fact about an LLM. */
  boolean readsAttributes() {
    return slot == null && !key.equals(SERVICE_NAME);
  }

  /** Returns the value for a span, cut after 255 characters; null if it has none. */
  public @Nullable String value(CountedSpan span) {
    String value = uncut(span);
    if (value == null || value.isEmpty()) {
      return null;
    }
    return value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH);
  }

  private @Nullable String uncut(CountedSpan span) {
    if (slot != null) {
      if (slot.keyClass() == KeyClass.CONTENT) {
        return null;
      }
      Object value = span.llm().get(slot);
      return value instanceof List<?> list
          ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
          : value == null ? null : value.toString();
    }
    if (key.equals(SERVICE_NAME)) {
      return span.record().serviceName();
    }
    String own = text(span.attributes());
    return own == null ? text(span.resource()) : own;
  }

  private @Nullable String text(AttributeView attributes) {
    Value<?> value = attributes.get(key);
    if (value == null) {
      return null;
    }
    ValueType type = value.getType();
    return type == ValueType.STRING || type == ValueType.LONG || type == ValueType.BOOLEAN
        ? String.valueOf(value.getValue())
        : null;
  }

  @Override
  public String toString() {
    return key;
  }
}
