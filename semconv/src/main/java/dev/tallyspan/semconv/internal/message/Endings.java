package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.FinishReasons;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why each output message ended. The schema requires a reason for each message, and a reader that
 * validates drops all messages of a span for one that does not; but many emitters say it for the
 * span alone, or not at all.
 *
 * <p>A message's own reason comes first. Next are the span's finish reasons, one for each message,
 * or else the last for the last message. Without any, it is what the message shows: a call of a
 * tool, the failure of the span, or that the model finished.
 */
public final class Endings {

  private final List<String> reasons;
  private final boolean failed;

  private Endings(List<String> reasons, boolean failed) {
    this.reasons = reasons;
    this.failed = failed;
  }

  /**
   * @param reasons the span's finish reasons; null if it has none
   * @param failed whether the operation did
   */
  public static Endings of(@Nullable List<String> reasons, boolean failed) {
    return new Endings(reasons == null ? List.of() : reasons, failed);
  }

  /** The reason, as a value of the schema, for a message without its own. */
  String reason(int index, int count, boolean callsTool) {
    boolean last = index == count - 1;
    String told = null;
    if (reasons.size() == count) {
      told = FinishReasons.canonical(reasons.get(index));
    } else if (last && !reasons.isEmpty()) {
      told = FinishReasons.canonical(reasons.get(reasons.size() - 1));
    }
    if (told != null) {
      return told;
    }
    return callsTool ? "tool_call" : failed && last ? "error" : "stop";
  }

  /** The messages, each with its reason. */
  public List<Message> complete(List<Message> messages) {
    List<Message> complete = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      boolean calls = message.parts().stream().anyMatch(p -> p instanceof MessagePart.ToolCall);
      complete.add(
          message.finishReason() != null
              ? message
              : message.withFinishReason(reason(i, messages.size(), calls)));
    }
    return complete;
  }

  /**
   * Returns messages that conform to the schema with a reason for each, and otherwise unchanged.
   */
  public Value<?> complete(Json messages) {
    List<Value<?>> complete = new ArrayList<>(messages.size());
    boolean changed = false;
    int i = 0;
    for (Json message : messages) {
      boolean has = FinishReasons.canonical(message.get("finish_reason").text()) != null;
      changed |= !has;
      complete.add(
          has
              ? message.value()
              : message.with(
                  "finish_reason", Value.of(reason(i, messages.size(), callsTool(message)))));
      i++;
    }
    return changed ? Value.of(complete) : messages.value();
  }

  private static boolean callsTool(Json message) {
    for (Json part : message.get("parts")) {
      if ("tool_call".equals(part.get("type").text())) {
        return true;
      }
    }
    return false;
  }
}
