package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Objects;

/** Writes an {@link LlmSpan} as attributes of one generation. */
final class Renderer {

  private final Generation target;
  private final ContentFormat content;
  private final boolean keepOriginals;

  Renderer(Generation target, ContentFormat content, boolean keepOriginals) {
    this.target = target;
    this.content = content;
    this.keepOriginals = keepOriginals;
  }

  void render(LlmSpan llm, SpanView span, AttributeEdits edits) {
    AttributeView attributes = span.attributes();
    llm.slots()
        .forEach(
            (slot, reading) -> {
              String key = slot.key(target);
              if (key != null && belongs(key, llm)) {
                set(key, rendered(slot, reading.value()), attributes, edits);
              }
            });
    TokenUsage usage = llm.usage();
    if (usage != null) {
      edits.set(
          TallyspanAttributes.TALLYSPAN_USAGE_SEMANTICS.getKey(), usage.semantics().wireName());
      edits.set(TallyspanAttributes.TALLYSPAN_USAGE_SOURCE.getKey(), usage.source().wireName());
    }
    edits.set(TallyspanAttributes.TALLYSPAN_DIALECT.getKey(), llm.dialects());
    if (!keepOriginals) {
      removeOriginals(llm, edits);
    }
  }

  /** OpenAI's attributes are for what OpenAI or Azure served. */
  private static boolean belongs(String key, LlmSpan llm) {
    String provider = llm.provider();
    return !key.startsWith("openai.")
        || "openai".equals(provider)
        || "azure.ai.openai".equals(provider);
  }

  private Object rendered(Slot slot, Object value) {
    if (slot == Slot.TOP_K && target == Generation.CORE_1_41) {
      return ((Long) value).doubleValue();
    }
    return value;
  }

  private void set(String key, Object value, AttributeView attributes, AttributeEdits edits) {
    Value<?> present = attributes.get(key);
    if (value instanceof Value<?> any) {
      setContent(key, any, present, edits);
    } else if (!same(value, present)) {
      if (value instanceof String text) {
        edits.set(key, text);
      } else if (value instanceof Long number) {
        edits.set(key, number.longValue());
      } else if (value instanceof Double number) {
        edits.set(key, number.doubleValue());
      } else if (value instanceof Boolean flag) {
        edits.set(key, flag.booleanValue());
      } else if (value instanceof List<?> list) {
        edits.set(key, list.stream().map(String::valueOf).toList());
      }
    }
  }

  /** Content that is there already, in whichever form, is left alone. */
  private void setContent(String key, Value<?> value, Value<?> present, AttributeEdits edits) {
    if (present != null && value.equals(Json.of(present).unwrapOrSelf().value())) {
      return;
    }
    if (content == ContentFormat.STRUCTURED) {
      edits.set(key, value);
    } else {
      edits.set(key, Json.of(value).asText());
    }
  }

  private static boolean same(Object value, Value<?> present) {
    if (present == null) {
      return false;
    }
    if (value instanceof List<?> list) {
      Json json = Json.of(present);
      if (!json.isArray() || json.size() != list.size()) {
        return false;
      }
      for (int i = 0; i < list.size(); i++) {
        if (!Objects.equals(json.at(i).text(), list.get(i))) {
          return false;
        }
      }
      return true;
    }
    return value.equals(present.getValue());
  }

  private void removeOriginals(LlmSpan llm, AttributeEdits edits) {
    for (String key : llm.consumedKeys()) {
      if (!isTarget(key)) {
        edits.remove(key);
      }
    }
  }

  /** Whether the key is one that is written, or one of the conventions beyond GenAI. */
  private boolean isTarget(String key) {
    for (Slot slot : Slot.values()) {
      if (key.equals(slot.key(target))) {
        return true;
      }
    }
    return key.startsWith("tallyspan.") || key.startsWith("cloud.") || key.startsWith("enduser.");
  }
}
