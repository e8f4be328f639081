package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.internal.json.JsonScan;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import dev.tallyspan.semconv.internal.json.Scalars;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Finds out whether content conforms to the schema without reading it into objects: most content
 * under the conventions' names stays as it was received.
 *
 * The scan accepts less than the readers do, and the readers read all that it accepts in full:
 * strict JSON, not truncated, with at least one element; in messages, instructions and tools only
 * the schema's members and none of them twice; parts with what their type requires. Content that is
 * not accepted is read as usual, so a member that is missing here costs time and nothing else.
 */
public final class SchemaScan extends JsonScan {

  /** Whether the message at hand has a part that calls a tool. */
  private boolean callsTool;

  /**
   * For each message where it ends, before its brace, doubled, and one more if it calls a tool; or
   * that it has a finish reason.
   */
  private final List<Integer> ends = new ArrayList<>(2);

  private SchemaScan(String text) {
    super(text);
  }

  /**
   * A text that is certain to be what the schema wants in a slot, but that the finish reasons of
   * messages may be missing.
   */
  public static final class Found {
    private static final int HAS_REASON = -1;

    private final String text;
    private final List<Integer> ends;

    private Found(String text, List<Integer> ends) {
      this.text = text;
      this.ends = ends;
    }

    public String text() {
      return text;
    }

    /** The text, each message with its finish reason; the same text if all had one. */
    public String withFinishReasons(Endings endings) {
      StringBuilder complete = null;
      int from = 0;
      for (int i = 0; i < ends.size(); i++) {
        int end = ends.get(i);
        if (end != HAS_REASON) {
          complete = complete == null ? new StringBuilder(text.length() + 64) : complete;
          complete.append(text, from, end >> 1).append(",\"finish_reason\":");
          JsonWriter.quote(endings.reason(i, ends.size(), (end & 1) != 0), complete);
          from = end >> 1;
        }
      }
      return complete == null ? text : complete.append(text, from, text.length()).toString();
    }
  }

  /** What a text may hold. */
  public enum Kind {
    MESSAGES(Shape.MESSAGE),
    INSTRUCTIONS(Shape.INSTRUCTION),
    TOOLS(Shape.TOOL);

    private final Shape element;

    Kind(Shape element) {
      this.element = element;
    }
  }

  /** The text, if it is certain to be what the schema wants of this kind; else null. */
  public static @Nullable Found find(Kind kind, String text) {
    SchemaScan scan = new SchemaScan(text);
    return scan.whole(kind.element) ? new Found(text, scan.ends) : null;
  }

  /** What an object is to be. */
  private enum Shape {
    MESSAGE,
    INSTRUCTION,
    PART,
    TOOL
  }

  private boolean whole(Shape element) {
    if (!list(element, 0)) {
      return false;
    }
    skipSpace();
    return at == text.length();
  }

  /** Steps over a list of such objects; only one of parts may be empty. */
  private boolean list(Shape element, int depth) {
    if (!next('[')) {
      return false;
    }
    if (next(']')) {
      return element == Shape.PART;
    }
    do {
      if (!object(element, depth + 1)) {
        return false;
      }
    } while (next(','));
    return next(']');
  }

  private boolean object(Shape shape, int depth) {
    if (!next('{') || next('}')) {
      return false;
    }
    Members members = new Members();
    callsTool &= shape != Shape.MESSAGE;
    do {
      skipSpace();
      int name = at;
      if (!string() || escaped) {
        return false;
      }
      int end = at;
      if (!next(':')) {
        return false;
      }
      skipSpace();
      if (!member(shape, name, end, members, depth)) {
        return false;
      }
    } while (next(','));
    if (!next('}') || !members.suffice(shape)) {
      return false;
    }
    if (shape == Shape.PART) {
      callsTool |= members.isCall;
    } else if (shape == Shape.MESSAGE) {
      ends.add(
          members.has(Members.REASON) ? Found.HAS_REASON : (at - 1) << 1 | (callsTool ? 1 : 0));
    }
    return true;
  }

  /** Steps over a member's value; whether the member may be there, for the first time. */
  private boolean member(Shape shape, int name, int end, Members members, int depth) {
    boolean isText = at < text.length() && text.charAt(at) == '"';
    if (shape == Shape.PART) {
      return partMember(name, end, isText, members, depth);
    }
    if (is(name, end, "type") && shape != Shape.MESSAGE) {
      return isText && members.first(Members.TYPE) && type(members);
    }
    return switch (shape) {
      case MESSAGE ->
          is(name, end, "parts")
              ? members.first(Members.PARTS) && list(Shape.PART, depth)
              : isText
                  && (is(name, end, "role") && members.first(Members.ROLE)
                      || is(name, end, "name") && members.first(Members.NAME)
                      || is(name, end, "finish_reason")
                          && saysSomething()
                          && members.first(Members.REASON))
                  && string();
      case INSTRUCTION ->
          isText && is(name, end, "content") && members.first(Members.CONTENT) && string();
      default ->
          is(name, end, "parameters")
              ? members.first(Members.PARTS) && value(depth)
              : isText
                  && (is(name, end, "name") && members.first(Members.NAME)
                      || is(name, end, "description") && members.first(Members.CONTENT))
                  && string();
    };
  }

  private boolean partMember(int name, int end, boolean isText, Members members, int depth) {
    if (is(name, end, "type")) {
      return isText && members.first(Members.TYPE) && type(members);
    }
    if (is(name, end, "content")) {
      members.contentIsText = isText;
      return members.first(Members.CONTENT) && value(depth);
    }
    if (is(name, end, "name")) {
      members.nameIsText = isText;
      return members.first(Members.NAME) && value(depth);
    }
    if (is(name, end, "response")) {
      members.hasResponse = !text.startsWith("null", at);
      return members.first(Members.RESPONSE) && value(depth);
    }
    return value(depth);
  }

  /** Whether the string that follows is a value, not a placeholder. */
  private boolean saysSomething() {
    int start = at;
    boolean says = string() && !Scalars.isPlaceholder(text.substring(start + 1, at - 1));
    at = start;
    return says;
  }

  private boolean type(Members members) {
    int start = at;
    boolean whole = string() && !escaped;
    members.isText = whole && is(start, at, "text");
    members.isCall = whole && is(start, at, "tool_call");
    members.isAnswer = whole && is(start, at, "tool_call_response");
    return whole;
  }

  /** The members of an object that matter here. */
  private static final class Members {
    static final int TYPE = 1;
    static final int CONTENT = 2;
    static final int NAME = 4;
    static final int RESPONSE = 8;
    static final int ROLE = 16;
    static final int PARTS = 32;
    static final int REASON = 64;

    private int seen;
    private boolean isText;
    private boolean isCall;
    private boolean isAnswer;
    private boolean contentIsText;
    private boolean nameIsText;
    private boolean hasResponse;

    boolean first(int member) {
      boolean first = (seen & member) == 0;
      seen |= member;
      return first;
    }

    boolean suffice(Shape shape) {
      return switch (shape) {
        case MESSAGE -> has(ROLE | PARTS);
        case INSTRUCTION -> has(TYPE | CONTENT) && !isCall && !isAnswer;
        case TOOL -> has(TYPE | NAME);
        case PART ->
            has(TYPE)
                && (!isText || contentIsText)
                && (!isCall || nameIsText)
                && (!isAnswer || hasResponse);
      };
    }

    private boolean has(int members) {
      return (seen & members) == members;
    }
  }
}
