package dev.tallyspan.api;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what content of people, models and tools is written, and in what form. Content is
 * personal data: by default, {@link #NONE} is written.
 *
 * <p>To write content in a changed form, implement this interface, or use {@link #redacting}.
 * Methods are called on the thread that records, before anything is written, and only for kinds
 * that {@link #captures}. They may return null to leave content out. If one throws, the content is
 * left out. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface ContentCapture {

  /** The kinds of content. */
  enum Kind {
    /** The messages that a model, agent or workflow gets. */
    INPUT_MESSAGES,
    /** The messages that a model, agent or workflow returns. */
    OUTPUT_MESSAGES,
    /** Instructions that the request has apart from its messages. */
    SYSTEM_INSTRUCTIONS,
    /** The tools that a model may call, with descriptions and parameters. */
    TOOL_DEFINITIONS,
    /** The arguments of a tool that runs. */
    TOOL_ARGUMENTS,
    /** The result of a tool that runs. */
    TOOL_RESULT,
    /** The text that is searched for. */
    QUERY,
    /** The documents that are found. */
    DOCUMENTS,
    /** The values of a prompt template's variables. */
    PROMPT_VARIABLES,
    /** The message and stack trace of an exception, which often contain content. */
    EXCEPTION
  }

  /** Nothing is written. */
  ContentCapture NONE = kind -> false;

  /** Everything is written as it is. */
  ContentCapture ALL = kind -> true;

  /** Whether content of this kind is written at all. */
  boolean captures(Kind kind);

  /** Returns the messages to write; null for none. Default: all, unchanged. */
  default @Nullable List<Message> messages(Kind kind, List<Message> messages) {
    return messages;
  }

  /** Returns the parts to write as instructions; null for none. Default: all, unchanged. */
  default @Nullable List<MessagePart> parts(Kind kind, List<MessagePart> parts) {
    return parts;
  }

  /** Returns the value to write; null for none. Default: the same. */
  default @Nullable Value<?> value(Kind kind, Value<?> value) {
    return value;
  }

  /** Returns the text to write; null for none. Default: the same. */
  default @Nullable String text(Kind kind, String text) {
    return text;
  }

  /**
   * Writes everything, with every text replaced by what the function returns for it: texts in
   * messages, arguments, results and documents, at any depth. Names, ids and roles are not passed
   * to it. Bytes in messages, such as images, are left out.
   */
  static ContentCapture redacting(UnaryOperator<String> redaction) {
    return new Redaction(redaction);
  }
}
