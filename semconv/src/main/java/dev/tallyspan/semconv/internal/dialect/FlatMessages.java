package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.internal.json.JsonBytes;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.internal.message.MessageTranscriber;
import dev.tallyspan.semconv.internal.message.SchemaMessages;
import dev.tallyspan.semconv.internal.message.WrittenMessages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of the keys of a list are the role, the content and the calls of which message, where all
 * keys are usual ones of OpenInference. Follows from the keys alone, so it is found once per shape.
 * Immutable.
 */
final class FlatMessages {

  private static final int NONE = -1;

  /** More messages are read like anything else. */
  private static final int MAX_KEYS = 1024;

  /**
   * The numbers of the keys of one message; -1 where there is none.
   *
   * @param calls three numbers for each call of a tool: id, name, arguments; only these may be
   *     missing
   * @param contents two numbers for each part: type, text
   */
  private record FlatMessage(
      int role, int content, int name, int callId, int[] calls, int[] contents) {}

  private final List<FlatMessage> messages;

  private FlatMessages(List<FlatMessage> messages) {
    this.messages = messages;
  }

  /**
   * The messages of keys in order, each as the names between its dots; null if one of the keys is
   * none of those.
   */
  static @Nullable FlatMessages of(String[][] paths) {
    if (paths.length == 0 || paths.length > MAX_KEYS) {
      return null;
    }
    List<FlatMessage> messages = new ArrayList<>();
    int end;
    for (int start = 0; start < paths.length; start = end) {
      end = start + 1;
      while (end < paths.length && paths[end][0].equals(paths[start][0])) {
        end++;
      }
      FlatMessage message = message(paths, start, end);
      if (message == null) {
        return null;
      }
      messages.add(message);
    }
    return new FlatMessages(messages);
  }

  private static @Nullable FlatMessage message(String[][] paths, int start, int end) {
    int[] single = {NONE, NONE, NONE, NONE};
    int[] calls = {};
    int[] contents = {};
    String element = "";
    for (int i = start; i < end; i++) {
      String[] path = paths[i];
      if (path.length < 3 || !path[1].equals("message")) {
        return null;
      }
      if (path.length == 3) {
        int field = List.of("role", "content", "name", "tool_call_id").indexOf(path[2]);
        if (field < 0) {
          return null;
        }
        single[field] = i;
        continue;
      }
      boolean ofCall = path[2].equals("tool_calls") && path.length > 5;
      boolean ofContent = path[2].equals("contents") && path.length == 6;
      if (!ofCall && !ofContent || !Flattened.isIndex(path[3])) {
        return null;
      }
      boolean isNew = !element.equals(path[2] + path[3]);
      element = path[2] + path[3];
      if (ofCall) {
        calls = isNew ? more(calls, 3) : calls;
        int field = callField(path);
        if (field < 0) {
          return null;
        }
        calls[calls.length - 3 + field] = i;
      } else {
        contents = isNew ? more(contents, 2) : contents;
        int field = List.of("type", "text").indexOf(path[5]);
        if (field < 0 || !path[4].equals("message_content")) {
          return null;
        }
        contents[contents.length - 2 + field] = i;
      }
    }
    boolean parted = contents.length > 0 && single[1] != NONE;
    return single[0] == NONE || parted || hasNone(contents) || lacksIdOrName(calls)
        ? null
        : new FlatMessage(single[0], single[1], single[2], single[3], calls, contents);
  }

  private static int callField(String[] path) {
    if (!path[4].equals("tool_call")) {
      return NONE;
    }
    if (path.length == 6) {
      return path[5].equals("id") ? 0 : NONE;
    }
    int field = List.of("name", "arguments").indexOf(path[6]);
    return path.length == 7 && path[5].equals("function") && field >= 0 ? field + 1 : NONE;
  }

  private static int[] more(int[] numbers, int more) {
    int[] all = Arrays.copyOf(numbers, numbers.length + more);
    Arrays.fill(all, numbers.length, all.length, NONE);
    return all;
  }

  private static boolean hasNone(int[] numbers) {
    for (int number : numbers) {
      if (number == NONE) {
        return true;
      }
    }
    return false;
  }

  /** Whether a call lacks what a payload beside the keys may have. */
  private static boolean lacksIdOrName(int[] calls) {
    for (int i = 0; i < calls.length; i += 3) {
      if (calls[i] == NONE || calls[i + 1] == NONE) {
        return true;
      }
    }
    return false;
  }

  /** The messages to a model of this span; null if they are to be read. */
  @Nullable WrittenMessages write(Flattened keys, IndexedSpan span) {
    @Nullable String[] texts = new String[keys.keys().size()];
    int length = 128;
    for (int i = 0; i < texts.length; i++) {
      String text = span.get(keys.keys().get(i)).text();
      if (text == null) {
        return null;
      }
      texts[i] = text;
      length += 24 + text.length() + (text.length() >> 4);
    }
    Writing writing = new Writing(texts, length);
    for (FlatMessage message : messages) {
      if (!writing.write(message)) {
        return null;
      }
    }
    return writing.messages.toMessages(
        () -> List.copyOf(MessageReader.input().read(keys.list(texts))));
  }

  /** Writes the messages of one span. */
  private static final class Writing {

    private final @Nullable String[] texts;
    private final JsonBytes out;
    private final SchemaMessages messages;

    Writing(@Nullable String[] texts, int length) {
      this.texts = texts;
      out = new JsonBytes(length);
      messages = new SchemaMessages(out);
    }

    boolean write(FlatMessage message) {
      String role = SchemaMessages.role(text(message.role));
      if (role == null) {
        return false;
      }
      boolean ofTool = role.equals("tool");
      messages.start(role);
      if (ofTool) {
        if (message.calls.length > 0 || message.contents.length > 0 || !answer(message)) {
          return false;
        }
      } else if (!parts(message) || !calls(message)) {
        return false;
      }
      messages.endParts();
      if (!ofTool && message.name != NONE && !text(message.name).isEmpty()) {
        member("name", message.name);
      }
      return messages.end();
    }

    private boolean answer(FlatMessage message) {
      messages.startPart("tool_call_response");
      if (message.callId != NONE) {
        member("id", message.callId);
      }
      out.member("response");
      if (!MessageTranscriber.opened(message.content == NONE ? "" : text(message.content), out)) {
        return false;
      }
      if (message.name != NONE) {
        member("name", message.name);
      }
      messages.endPart();
      return true;
    }

    private boolean parts(FlatMessage message) {
      if (message.content != NONE && !text(message.content).isEmpty()) {
        textPart(message.content);
      }
      for (int i = 0; i < message.contents.length; i += 2) {
        if (!text(message.contents[i]).equals("text")) {
          return false;
        }
        textPart(message.contents[i + 1]);
      }
      return true;
    }

    private void textPart(int number) {
      messages.startPart("text");
      member("content", number);
      messages.endPart();
    }

    private boolean calls(FlatMessage message) {
      for (int i = 0; i < message.calls.length; i += 3) {
        int id = message.calls[i];
        int name = message.calls[i + 1];
        int arguments = message.calls[i + 2];
        messages.startPart("tool_call");
        if (text(id).isEmpty()) {
          messages.lacksId();
        } else {
          member("id", id);
        }
        member("name", name);
        if (arguments != NONE && !text(arguments).isBlank()) {
          out.member("arguments");
          if (!MessageTranscriber.opened(text(arguments), out)) {
            return false;
          }
        }
        messages.endPart();
      }
      return true;
    }

    private void member(String name, int number) {
      out.member(name);
      out.quote(text(number));
    }

    @SuppressWarnings("NullAway") // all were checked before
    private String text(int number) {
      return texts[number];
    }
  }
}
