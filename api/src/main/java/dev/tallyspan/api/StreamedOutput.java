package dev.tallyspan.api;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the chunks of a stream together. Not thread-safe. */
final class StreamedOutput {

  /** A part that grows. */
  private static final class Draft {
    final Delta.Kind kind;
    final int toolIndex;
    final StringBuilder text = new StringBuilder();
    @Nullable String id;
    @Nullable String name;

    Draft(Delta.Kind kind, int toolIndex) {
      this.kind = kind;
      this.toolIndex = toolIndex;
    }

    MessagePart toPart() {
      return switch (kind) {
        case REASONING -> new MessagePart.Reasoning(text.toString());
        case TOOL_CALL -> MessagePart.ToolCall.of(id, name, text.toString());
        default -> new MessagePart.Text(text.toString());
      };
    }
  }

  private static final class Choice {
    final List<Draft> parts = new ArrayList<>();
    @Nullable String finishReason;

    void add(Delta delta) {
      Draft draft = draft(delta);
      draft.text.append(delta.text);
      if (delta.id != null && !delta.id.isEmpty()) {
        draft.id = delta.id;
      }
      if (delta.name != null && !delta.name.isEmpty()) {
        draft.name = delta.name;
      }
    }

    private Draft draft(Delta delta) {
      if (delta.kind == Delta.Kind.TOOL_CALL) {
        for (Draft part : parts) {
          if (part.kind == delta.kind && part.toolIndex == delta.toolIndex) {
            return part;
          }
        }
      } else if (!parts.isEmpty() && parts.get(parts.size() - 1).kind == delta.kind) {
        return parts.get(parts.size() - 1);
      }
      Draft draft = new Draft(delta.kind, delta.toolIndex);
      parts.add(draft);
      return draft;
    }
  }

  private final TreeMap<Integer, Choice> choices = new TreeMap<>();

  /**
   * @param keepsContent whether the output is needed; if not, only finish reasons are kept
   */
  void add(Delta delta, boolean keepsContent) {
    if (delta.kind == Delta.Kind.FINISH) {
      if (!delta.text.isEmpty()) {
        choice(delta).finishReason = delta.text;
      }
    } else if (keepsContent) {
      choice(delta).add(delta);
    }
  }

  private Choice choice(Delta delta) {
    return choices.computeIfAbsent(delta.choice, index -> new Choice());
  }

  /** One for each choice that has one, in order. */
  List<String> finishReasons() {
    List<String> reasons = new ArrayList<>();
    for (Choice choice : choices.values()) {
      if (choice.finishReason != null) {
        reasons.add(choice.finishReason);
      }
    }
    return reasons;
  }

  /** One for each choice, in order. */
  List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    for (Choice choice : choices.values()) {
      List<MessagePart> parts = choice.parts.stream().map(Draft::toPart).toList();
      messages.add(new Message("assistant", parts).withFinishReason(choice.finishReason));
    }
    return messages;
  }
}
