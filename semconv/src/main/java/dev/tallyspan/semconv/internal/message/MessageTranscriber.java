package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.internal.json.FlatJson;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonBytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Writes messages to a model in the schema's shape straight from where they are: what MessageReader
 * reads and Messages writes, without the messages in between.
 *
 * It knows the usual messages: with one of the usual roles, a content of text, or of parts that are
 * text, reasoning, calls of tools and their answers, and OpenAI's list of calls. Wherever something
 * else comes, also where it only might mean something to the readers, it gives up, and the readers
 * do it. So a rule that is missing here costs time and nothing else; but a rule that is changed in
 * the readers must be changed here. A property test holds both to the same.
 */
public final class MessageTranscriber {

  /** Members of a message that mean something to the readers, but nothing here. */
  private static final String[] REFUSED = {
    "parts",
    "contents",
    "refusal",
    "audio",
    "function_call",
    "function_call_name",
    "reasoning_content",
    "reasoning",
    "thinking",
    "finish_reason",
    "finishReason",
    "stop_reason",
    "stopReason",
    "output",
    "response",
    "kwargs",
    "choices",
    "message"
  };

  /** Members of a message that mean something to the readers unless they are empty. */
  private static final String[] REFUSED_UNLESS_EMPTY = {
    "additional_kwargs", "annotations", "cache_control", "phase"
  };

  private final FlatJson json;
  private final JsonBytes out;
  private final SchemaMessages messages;

  private MessageTranscriber(FlatJson json) {
    this.json = json;
    // Of the members that the schema adds, most take the room of others.
    out = new JsonBytes(json.text().length() + (json.text().length() >> 3) + 128);
    messages = new SchemaMessages(out);
  }

  /** The messages in this list of JSON text; null if the reader has to read them. */
  public static @Nullable WrittenMessages ofInput(String text) {
    FlatJson json = mayBeList(text) ? FlatJson.read(text) : null;
    if (json == null || !json.isArray(0)) {
      return null;
    }
    MessageTranscriber transcriber = new MessageTranscriber(json);
    for (int i = 1; i < json.next(0); i = json.next(i)) {
      if (!json.isObject(i) || !transcriber.message(i)) {
        return null;
      }
    }
    return transcriber.messages.toMessages(
        () -> List.copyOf(MessageReader.input().read(Json.of(text))));
  }

  private static boolean mayBeList(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > ' ') {
        return text.charAt(i) == '[';
      }
    }
    return false;
  }

  private boolean message(int message) {
    String role = null;
    for (int i = message + 1; i < json.next(message); i = json.next(i + 1)) {
      if (json.is(i, "role")) {
        role = SchemaMessages.role(json, i + 1);
      } else if (json.isOneOf(i, REFUSED) && !json.isNull(i + 1)
          || json.isOneOf(i, REFUSED_UNLESS_EMPTY) && !json.isNull(i + 1) && !json.isEmpty(i + 1)) {
        return false;
      }
    }
    if (role == null) {
      return false;
    }
    int content = json.get(message, "content");
    int calls = json.first(message, "tool_calls", "toolCalls");
    boolean ofTool = role.equals("tool");
    messages.start(role);
    if (ofTool && !hasAnswers(content)) {
      if (calls >= 0 || !answer(message, content)) {
        return false;
      }
    } else if (!content(content) || calls >= 0 && !calls(calls)) {
      return false;
    }
    messages.endParts();
    int name = json.get(message, "name");
    if (!ofTool
        && name >= 0
        && json.isString(name)
        && !json.isEmptyString(name)
        && !member("name", name)) {
      return false;
    }
    return messages.end();
  }

  /**
   * Whether one of the parts certainly answers a call of a tool; another one may be its wrapper.
   */
  private boolean hasAnswers(int content) {
    if (content < 0 || !json.isArray(content)) {
      return false;
    }
    for (int i = content + 1; i < json.next(content); i = json.next(i)) {
      int type = json.isObject(i) ? json.get(i, "type") : -1;
      if (type >= 0 && isAnswer(type)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAnswer(int type) {
    return json.is(type, "tool-result") || json.is(type, "tool_result");
  }

  /** A message that answers a call of a tool. */
  private boolean answer(int message, int content) {
    if (content >= 0 && !json.isString(content)) {
      return false;
    }
    messages.startPart("tool_call_response");
    int id = json.first(message, "tool_call_id", "toolCallId", "id");
    if (id >= 0 && !member("id", id)) {
      return false;
    }
    out.member("response");
    if (content < 0) {
      out.ascii("\"\"");
    } else if (!opened(content)) {
      return false;
    }
    int name = json.get(message, "name");
    if (name >= 0 && json.isString(name) && !member("name", name)) {
      return false;
    }
    messages.endPart();
    return true;
  }

  private boolean content(int content) {
    if (content < 0) {
      return true;
    }
    if (json.isString(content)) {
      return text(content);
    }
    if (!json.isArray(content)) {
      return false;
    }
    for (int i = content + 1; i < json.next(content); i = json.next(i)) {
      boolean written = json.isString(i) ? text(i) : json.isObject(i) && part(i);
      if (!written) {
        return false;
      }
    }
    return true;
  }

  private boolean text(int text) {
    if (json.isEmptyString(text)) {
      return true;
    }
    messages.startPart("text");
    boolean written = member("content", text);
    messages.endPart();
    return written;
  }

  private boolean part(int part) {
    int type = json.get(part, "type");
    if (type < 0 || json.get(part, "message_content") >= 0) {
      return false;
    }
    if (json.is(type, "text")) {
      return textPart(part);
    }
    if (json.is(type, "reasoning") || json.is(type, "thinking")) {
      return reasoning(part);
    }
    if (json.is(type, "tool-call") || json.is(type, "tool_use")) {
      return json.get(part, "tool_call") < 0 && call(part);
    }
    return isAnswer(type) && answerPart(part);
  }

  private boolean textPart(int part) {
    int text = json.get(part, "text");
    if (text < 0 || !json.isString(text) || json.first(part, "content", "value") >= 0) {
      return false;
    }
    messages.startPart("text");
    boolean written = member("content", text) && json.copyRest(part, PartReader.OF_TEXT, out);
    messages.endPart();
    return written;
  }

  private boolean reasoning(int part) {
    int text = json.first(part, "thinking", "text", "reasoning");
    if (text < 0
        || !json.isString(text)
        || json.isEmptyString(text)
        || json.get(part, "content") >= 0) {
      return false;
    }
    messages.startPart("reasoning");
    boolean written = member("content", text) && json.copyRest(part, PartReader.OF_REASONING, out);
    messages.endPart();
    return written;
  }

  private boolean calls(int calls) {
    if (!json.isArray(calls) || json.next(calls) > calls + 1 && messages.hasCall()) {
      return false;
    }
    for (int i = calls + 1; i < json.next(calls); i = json.next(i)) {
      if (!json.isObject(i) || json.get(i, "tool_call") >= 0 || !call(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean call(int call) {
    int function = json.get(call, "function");
    int from = function >= 0 && json.isObject(function) ? function : call;
    int name = json.first(from, PartReader.CALL_NAMES);
    if (name < 0 || !json.isString(name)) {
      return false;
    }
    messages.startPart("tool_call");
    int id = json.first(call, PartReader.CALL_IDS);
    if (id < 0 || json.isEmptyString(id)) {
      messages.lacksId();
    } else if (!member("id", id)) {
      return false;
    }
    int arguments = json.first(from, PartReader.CALL_ARGUMENTS);
    boolean written =
        member("name", name)
            && (arguments < 0 || isBlank(arguments) || opened("arguments", arguments))
            && json.copyRest(call, PartReader.OF_CALL, out);
    messages.endPart();
    return written;
  }

  private boolean answerPart(int part) {
    int id = json.first(part, PartReader.ANSWER_IDS);
    int response = json.first(part, PartReader.ANSWERS);
    messages.startPart("tool_call_response");
    if (id >= 0 && !json.isEmptyString(id) && !member("id", id)) {
      return false;
    }
    int inner = response < 0 ? -1 : inner(response);
    if (inner < 0) {
      out.ascii(",\"response\":\"\"");
    } else if (!opened("response", inner)) {
      return false;
    }
    boolean written = json.copyRest(part, PartReader.OF_ANSWER, out);
    messages.endPart();
    return written;
  }

  /** What answers, without what is around it alone. */
  private int inner(int response) {
    if (json.isArray(response)) {
      int only = response + 1;
      boolean alone = only < json.next(response) && json.next(only) == json.next(response);
      int text = alone && json.isObject(only) ? json.get(only, "text") : -1;
      return text >= 0 && json.isString(text) && members(only) <= 2 ? text : response;
    }
    int value =
        json.isObject(response) && members(response) == 2 ? json.get(response, "value") : -1;
    return value >= 0 ? value : response;
  }

  private int members(int object) {
    int members = 0;
    for (int i = object + 1; i < json.next(object); i = json.next(i + 1)) {
      members++;
    }
    return members;
  }

  /** Writes a text as a member. */
  private boolean member(String name, int text) {
    out.member(name);
    return json.isString(text) && json.copyString(text, out);
  }

  private boolean opened(String name, int value) {
    out.member(name);
    return opened(value);
  }

  /** Writes a value, or of JSON text the value in it. */
  private boolean opened(int value) {
    if (!json.isString(value) || startsText(json.text().charAt(json.start(value) + 1))) {
      return json.copy(value, out);
    }
    return opened(json.string(value), out);
  }

  /**
   * Writes the object or array in this text, or else the text. Returns false if only a reader can
   * tell.
   */
  public static boolean opened(String text, JsonBytes out) {
    char first = ' ';
    for (int i = 0; i < text.length() && first <= ' '; i++) {
      first = text.charAt(i);
    }
    if (first == '"' || Character.isWhitespace(first) && first > ' ') {
      return false;
    }
    if (first != '{' && first != '[') {
      out.quote(text);
      return true;
    }
    FlatJson inner = FlatJson.read(text);
    return inner != null && inner.copy(0, out);
  }

  private boolean isBlank(int value) {
    return json.isString(value)
        && (json.isEmptyString(value)
            || !startsText(json.text().charAt(json.start(value) + 1))
                && json.string(value).isBlank());
  }

  /** Whether text that starts so is neither blank nor JSON. */
  private static boolean startsText(char first) {
    return first < 0x80 && Character.isLetterOrDigit(first);
  }
}
