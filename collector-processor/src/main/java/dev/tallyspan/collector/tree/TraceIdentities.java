package dev.tallyspan.collector.tree;

import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Reading;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.Strength;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who and what traces are about: the values that all spans of a trace agree on, and which spans
 * have them. Not thread-safe.
 */
final class TraceIdentities {

  /** No trace has an identity. */
  static final TraceIdentities NONE = new TraceIdentities();

  /** Conventions have no attribute for tags, so they are copied under the key of the sender. */
  private static final String TAGS = "";

  private static final Map<String, Slot<String>> SLOTS =
      Map.of(
          "user.id",
          Slot.USER_ID,
          "session.id",
          Slot.SESSION_ID,
          GenAiAttributes.GEN_AI_CONVERSATION_ID.getKey(),
          Slot.CONVERSATION_ID);

  /**
   * A value.
   *
   * @param key the attribute to copy it to
   * @param value text, or a list of texts
   */
  private record Copy(String key, Object value) {}

  private static final class Identity {
    /** By name; null where spans differ. */
    private final Map<String, @Nullable Copy> agreed = new LinkedHashMap<>();

    void add(String name, Copy copy) {
      if (!agreed.containsKey(name)) {
        agreed.put(name, copy);
        return;
      }
      Copy before = agreed.get(name);
      if (before != null && !before.value.equals(copy.value)) {
        agreed.put(name, null);
      }
    }
  }

  private final Map<TraceId, Identity> byTrace = new HashMap<>();

  /** The names that a span has a value for; spans that could not be read are not in it. */
  private final Map<TreeSpan, Set<String>> present = new HashMap<>();

  private TraceIdentities() {}

  static TraceIdentities of(List<TreePart> parts, String tenantAttribute) {
    TraceIdentities identities = new TraceIdentities();
    for (TreePart part : parts) {
      for (TreeSpan span : part.spans()) {
        if (span.isAboutLlm() && span.trace != null) {
          identities.byTrace.putIfAbsent(span.trace, new Identity());
        }
      }
    }
    for (TreePart part : parts) {
      part.forEach((span, view) -> identities.add(span, view, tenantAttribute));
    }
    return identities;
  }

  private void add(TreeSpan span, SpanView view, String tenantAttribute) {
    Identity identity = byTrace.get(span.trace);
    if (identity == null) {
      return;
    }
    Set<String> have = new HashSet<>();
    present.put(span, have);
    AttributeView attributes = view.attributes();
    LlmSpan llm = span.record == null ? null : span.record.llm();
    SLOTS.forEach(
        (key, slot) -> {
          String understood = llm == null ? null : llm.get(slot);
          add(have, identity, key, understood == null ? text(attributes, key) : understood);
        });
    add(have, identity, tenantAttribute, text(attributes, tenantAttribute));
    Reading<?> tags = llm == null ? null : llm.reading(Slot.TAGS);
    if (tags != null) {
      have.add(TAGS);
      Object sent =
          tags.strength() == Strength.STRUCTURED ? sent(attributes.get(tags.key())) : null;
      if (sent != null) {
        identity.add(TAGS, new Copy(tags.key(), sent));
      }
    }
  }

  private static void add(Set<String> have, Identity identity, String key, @Nullable String value) {
    if (value != null) {
      have.add(key);
      identity.add(key, new Copy(key, value));
    }
  }

  private static @Nullable String text(AttributeView attributes, String key) {
    Value<?> value = attributes.get(key);
    return value != null && value.getValue() instanceof String text && !text.isEmpty()
        ? text
        : null;
  }

  /** Returns tags as they were sent; null if they are part of a larger value. */
  private static @Nullable Object sent(@Nullable Value<?> value) {
    if (value == null || !(value.getValue() instanceof List<?> list)) {
      return value != null && value.getValue() instanceof String text ? text : null;
    }
    List<String> texts = new ArrayList<>();
    for (Object element : list) {
      if (!(element instanceof Value<?> one) || !(one.getValue() instanceof String text)) {
        return null;
      }
      texts.add(text);
    }
    return texts;
  }

  /** Returns what the span does not have of its trace's identity. */
  Attributes missing(TreeSpan span) {
    Identity identity = byTrace.get(span.trace);
    Set<String> has = present.get(span);
    if (identity == null || has == null) {
      return Attributes.empty();
    }
    AttributesBuilder missing = Attributes.builder();
    identity.agreed.forEach(
        (name, copy) -> {
          // Such a key would make the span one about an LLM, for Tallyspan and for backends.
          boolean marks = !span.isAboutLlm() && copy != null && Normalizer.isLlmKey(copy.key);
          if (copy == null || marks || has.contains(name)) {
            return;
          }
          if (copy.value instanceof String text) {
            missing.put(copy.key, text);
          } else if (copy.value instanceof List<?> list) {
            missing.put(
                AttributeKey.stringArrayKey(copy.key), list.stream().map(String::valueOf).toList());
          }
        });
    return missing.build();
  }
}
