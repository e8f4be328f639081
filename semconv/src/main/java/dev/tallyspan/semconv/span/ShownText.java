package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The input and output of an operation as one plain text each, as lists of traces show them. */
public final class ShownText {

  private ShownText() {}

  /**
   * {@return what the operation was asked: the last text of the user, the arguments of a tool, or
   * the query of a retrieval; null if not known}
   *
   * @param llm the LLM span
   */
  public static @Nullable String input(LlmSpan llm) {
    List<Message> messages = llm.inputMessages();
    for (int i = messages.size() - 1; i >= 0; i--) {
      String text = messages.get(i).role().equals("user") ? text(messages.get(i)) : null;
      if (text != null) {
        return text;
      }
    }
    Value<?> arguments = llm.toolCallArguments();
    return arguments == null ? llm.retrievalQuery() : Json.of(arguments).asText();
  }

  /**
   * {@return what the operation answered: the text of the model, else the tools that it calls; or
   * the result of a tool; null if not known}
   *
   * @param llm the LLM span
   */
  public static @Nullable String output(LlmSpan llm) {
    List<Message> messages = llm.outputMessages();
    for (Message message : messages) {
      String text = text(message);
      if (text != null) {
        return text;
      }
    }
    List<String> calls = new ArrayList<>();
    for (Message message : messages) {
      for (MessagePart part : message.parts()) {
        if (part instanceof MessagePart.ToolCall call) {
          String arguments =
              call.arguments() == null ? "" : String.valueOf(Json.of(call.arguments()).asText());
          calls.add(call.name() + "(" + arguments + ")");
        }
      }
    }
    if (!calls.isEmpty()) {
      return String.join("\n", calls);
    }
    Value<?> result = llm.toolCallResult();
    return result == null ? null : Json.of(result).asText();
  }

  private static @Nullable String text(Message message) {
    List<String> texts = new ArrayList<>();
    for (MessagePart part : message.parts()) {
      if (part instanceof MessagePart.Text text && !text.content().isBlank()) {
        texts.add(text.content());
      }
    }
    return texts.isEmpty() ? null : String.join("\n", texts);
  }
}
