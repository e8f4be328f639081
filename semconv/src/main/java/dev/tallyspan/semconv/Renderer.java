package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Writes an {@link LlmSpan} as attributes of one generation. */
final class Renderer {

  private final Generation target;
  private final ContentFormat content;
  private final int maxContentLength;
  private final Originals originals;

  Renderer(Normalizer.Builder options) {
    target = options.target;
    content = options.content;
    maxContentLength = options.maxContentLength;
    Original.Policy policy = options.originals();
    originals = policy.keepsAll() ? null : new Originals(policy, target, maxContentLength);
  }

  /**
   * @param costIsWritten whether somebody writes the cost of a call beside it
   */
  void render(LlmSpan llm, AttributeView attributes, AttributeEdits edits, boolean costIsWritten) {
    llm.slots()
        .forEach(
            (slot, reading) -> {
              String key = slot.key(target);
              boolean stands = reading.isUnread() && reading.key().equals(key);
              if (key != null && !stands && belongs(key, llm)) {
                Value<?> present = Nesting.bounded(attributes.get(key));
                if (!(key.equals(reading.key()) && standsAsItCame(slot, present))
                    && !(present != null && isAnothers(key))) {
                  set(key, rendered(slot, reading.value(), llm), present, edits);
                }
              }
            });
    TokenUsage usage = llm.usage();
    if (usage != null) {
      edits.set(
          TallyspanAttributes.TALLYSPAN_USAGE_SEMANTICS.getKey(), usage.semantics().wireName());
      edits.set(TallyspanAttributes.TALLYSPAN_USAGE_SOURCE.getKey(), usage.source().wireName());
    }
    edits.set(TallyspanAttributes.TALLYSPAN_DIALECT.getKey(), llm.dialects());
    if (originals != null) {
      originals.remove(llm, attributes, edits, costIsWritten);
    }
  }

  boolean keepsOriginals() {
    return originals == null;
  }

  /** OpenAI's attributes are for what OpenAI or Azure served. */
  static boolean belongs(String key, LlmSpan llm) {
    String provider = llm.provider();
    return !key.startsWith("openai.")
        || "openai".equals(provider)
        || "azure.ai.openai".equals(provider);
  }

  /** What conventions beyond GenAI say on the span stays as it came: others read it, too. */
  static boolean isAnothers(String key) {
    return !key.startsWith("gen_ai.") && !key.startsWith("tallyspan.");
  }

  private Object rendered(Slot slot, Object value, LlmSpan llm) {
    if (slot == Slot.TOP_K && target == Generation.CORE_1_41) {
      return ((Long) value).doubleValue();
    }
    if (slot == Slot.OUTPUT_MESSAGES) {
      // Up to v1.41 each message tells why it ended; later the span does, once.
      boolean finishReasons = target == Generation.CORE_1_41;
      List<Message> messages = llm.outputMessages();
      return Messages.toValue(finishReasons ? withReasons(messages, llm) : messages, finishReasons);
    }
    return LlmSpan.content(value);
  }

  private static List<Message> withReasons(List<Message> messages, LlmSpan llm) {
    Object reasons = llm.get(Slot.FINISH_REASONS);
    if (!(reasons instanceof List<?> list) || list.size() != messages.size()) {
      return messages;
    }
    List<Message> complete = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Message message = messages.get(i);
      complete.add(
          message.finishReason() != null
              ? message
              : message.withFinishReason((String) list.get(i)));
    }
    return complete;
  }

  private void set(String key, Object value, Value<?> present, AttributeEdits edits) {
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

  private void setContent(String key, Value<?> value, Value<?> present, AttributeEdits edits) {
    Json there = Json.of(present).unwrapOrSelf();
    if (!there.truncated() && value.equals(there.value())) {
      return;
    }
    Value<?> fitting = maxContentLength == 0 ? value : ContentLimit.fit(value, maxContentLength);
    if (content == ContentFormat.STRUCTURED) {
      edits.set(key, fitting);
    } else {
      edits.set(key, Json.of(fitting).asText());
    }
  }

  /** Content that came under its own key, in the schema's shape, is left as it came. */
  private static boolean standsAsItCame(Slot slot, Value<?> present) {
    Json json = Json.of(present).unwrap();
    if (json.truncated()) {
      return false;
    }
    return switch (slot) {
      case INPUT_MESSAGES, OUTPUT_MESSAGES -> MessageReader.conforms(json);
      case SYSTEM_INSTRUCTIONS -> MessageReader.partsConform(json);
      case TOOL_DEFINITIONS -> ToolDefinitions.conforms(json);
      case RETRIEVAL_DOCUMENTS -> json.isArray();
      case TOOL_CALL_ARGUMENTS, TOOL_CALL_RESULT -> true;
      default -> false;
    };
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
}
