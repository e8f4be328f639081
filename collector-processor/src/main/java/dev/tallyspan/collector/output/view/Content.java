package dev.tallyspan.collector.output.view;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The beginnings of the question and answer of a span, as much as a terminal shows. Empty where
 * there is no content.
 *
 * @param asked the last message of the user
 * @param answers the texts of the answers
 * @param calls the tools that the answers call
 * @param arguments the arguments of a tool call
 * @param result the result of a tool call
 * @param query the query of a search
 * @param documents the documents found, in one line
 */
record Content(
    String asked,
    List<String> answers,
    List<ToolCall> calls,
    String arguments,
    String result,
    String query,
    String documents) {

  /** A tool call that an answer requests. */
  record ToolCall(String tool, String arguments) {}

  static final Content NONE = new Content("", List.of(), List.of(), "", "", "", "");

  /** More characters than any terminal has columns. */
  private static final int MAX = 4_000;

  Content {
    answers = List.copyOf(answers);
    calls = List.copyOf(calls);
  }

  static Content of(LlmSpan llm, SpanView span) {
    List<String> answers = new ArrayList<>();
    List<ToolCall> calls = new ArrayList<>();
    for (Message message : llm.outputMessages()) {
      answers.add(text(message));
      for (MessagePart part : message.parts()) {
        if (part instanceof MessagePart.ToolCall call) {
          calls.add(new ToolCall(call.name(), show(call.arguments())));
        }
      }
    }
    String query = llm.retrievalQuery();
    return new Content(
        asked(llm.inputMessages()),
        answers,
        calls,
        show(llm.toolCallArguments()),
        show(llm.toolCallResult()),
        query != null ? cut(query) : show(span.attributes().get("gen_ai.memory.query.text")),
        documents(llm.retrievalDocuments()));
  }

  /** Returns the number of characters. */
  long characters() {
    long sum = asked.length() + arguments.length() + result.length();
    sum += query.length() + documents.length();
    for (String answer : answers) {
      sum += answer.length();
    }
    for (ToolCall call : calls) {
      sum += call.tool.length() + call.arguments.length();
    }
    return sum;
  }

  private static String asked(List<Message> messages) {
    Message last = null;
    for (Message message : messages) {
      if ("user".equals(message.role()) || last == null) {
        last = message;
      }
    }
    return last == null ? "" : text(last);
  }

  private static String text(Message message) {
    StringBuilder text = new StringBuilder();
    for (MessagePart part : message.parts()) {
      if (part instanceof MessagePart.Text some && text.length() < MAX) {
        text.append(text.isEmpty() ? "" : " ").append(some.content());
      }
    }
    return cut(text.toString());
  }

  private static String documents(@Nullable Value<?> documents) {
    if (documents == null || !(documents.getValue() instanceof List<?> list)) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (Object document : list) {
      Value<?> id = member(document, "id");
      if (id != null && text.length() < MAX) {
        text.append(text.isEmpty() ? list.size() + ": " : ", ").append(show(id));
        Value<?> score = member(document, "score");
        if (score != null) {
          text.append(" (").append(show(score)).append(')');
        }
      }
    }
    return text.toString();
  }

  private static @Nullable Value<?> member(Object object, String key) {
    if (object instanceof Value<?> value && value.getValue() instanceof List<?> members) {
      for (Object member : members) {
        if (member instanceof KeyValue keyValue && keyValue.getKey().equals(key)) {
          return keyValue.getValue();
        }
      }
    }
    return null;
  }

  private static String show(@Nullable Value<?> value) {
    return value == null ? "" : ValueText.of(value, MAX);
  }

  private static String cut(String text) {
    return text.length() <= MAX ? text : text.substring(0, MAX);
  }
}
