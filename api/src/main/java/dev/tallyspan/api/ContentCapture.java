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

  /**
   * {@return whether content of this kind is written at all}
   *
   * @param kind what the content is
   */
  boolean captures(Kind kind);

  /**
   * {@return the messages to write; null for none} Default: all, unchanged.
   *
   * @param kind messages of the request or of the response
   * @param messages not empty
   */
  default @Nullable List<Message> messages(Kind kind, List<Message> messages) {
    return messages;
  }

  /**
   * {@return the parts to write as instructions; null for none} Default: all, unchanged.
   *
   * @param kind {@link Kind#SYSTEM_INSTRUCTIONS}
   * @param parts not empty
   */
  default @Nullable List<MessagePart> parts(Kind kind, List<MessagePart> parts) {
    return parts;
  }

  /**
   * {@return the value to write; null for none} Default: the same.
   *
   * @param kind definitions, arguments, results or documents
   * @param value structured content, such as arguments or documents
   */
  default @Nullable Value<?> value(Kind kind, Value<?> value) {
    return value;
  }

  /**
   * {@return the text to write; null for none} Default: the same.
   *
   * @param kind queries, values of variables or exceptions
   * @param text the content
   */
  default @Nullable String text(Kind kind, String text) {
    return text;
  }

  /**
   * Writes everything, with every text replaced by what the function returns for it: texts in
   * messages, arguments, results and documents, at any depth. Names, ids and roles are not passed
   * to it. Bytes in messages, such as images, are left out.
   *
   * @param redaction gets a text and returns what to write for it; null writes an empty text; must
   *     be thread-safe
   * @return a capture of every kind of content
   */
  static ContentCapture redacting(UnaryOperator<String> redaction) {
    return new Redaction(redaction);
  }
}
