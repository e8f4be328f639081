package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.internal.json.FlatJson;
import dev.tallyspan.semconv.internal.json.JsonBytes;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages to a model in the schema's shape, one after the other, and finds out what is
 * asked about them as a whole.
 */
public final class SchemaMessages {

  /** The usual roles, the most frequent ones first. */
  private static final String[] USUAL_ROLES = {
    "user", "assistant", "tool", "system", "developer", "model", "human", "ai", "function"
  };

  private final JsonBytes out;
  private int messages;

  /** Where the role of the message at hand is written. */
  private int roleAt;

  private String role = "";
  private int parts;
  private int answers;
  private int calls;
  private boolean isText;

  /** Whether the message before is from the model, and whether its turn may go on. */
  private boolean afterModel;

  private boolean afterLoose;

  private boolean hasSystem;
  private boolean hasGap;
  private boolean callsTool;

  public SchemaMessages(JsonBytes out) {
    this.out = out;
    out.ascii('[');
  }

  /** The schema's name of this role; null if it is not one of the usual ones. */
  static @Nullable String role(FlatJson json, int value) {
    for (String usual : USUAL_ROLES) {
      if (json.is(value, usual)) {
        return MessageReader.ROLES.getOrDefault(usual, usual);
      }
    }
    return null;
  }

  /** The schema's name of this role; null if it is not one of the usual ones. */
  public static @Nullable String role(String role) {
    for (String usual : USUAL_ROLES) {
      if (role.equals(usual)) {
        return MessageReader.ROLES.getOrDefault(usual, usual);
      }
    }
    return null;
  }

  /** Starts a message; its parts follow. */
  public void start(String role) {
    out.ascii(messages++ == 0 ? "{\"role\":\"" : ",{\"role\":\"");
    roleAt = out.size();
    this.role = role;
    out.ascii(role);
    out.ascii("\",\"parts\":[");
    parts = 0;
    answers = 0;
    calls = 0;
    isText = false;
  }

  /** Starts a part; its other members follow. */
  public void startPart(String type) {
    out.ascii(parts++ == 0 ? "{\"type\":\"" : ",{\"type\":\"");
    out.ascii(type);
    out.ascii('"');
    isText = type.equals("text");
    calls += type.equals("tool_call") ? 1 : 0;
    answers += type.equals("tool_call_response") ? 1 : 0;
  }

  public void endPart() {
    out.ascii('}');
  }

  /** Ends the parts; members of the message may follow. */
  public void endParts() {
    out.ascii(']');
    if (parts > 0 && answers == parts && !role.equals("tool")) {
      out.replace(roleAt, roleAt + role.length(), "tool"); // who answers calls of tools
      role = "tool";
    }
    hasSystem |= role.equals("system");
    hasGap |= parts == 0;
    callsTool |= calls > 0;
  }

  /** Ends the message. Returns false if it would have to go on with the message before it. */
  public boolean end() {
    out.ascii('}');
    boolean ofModel = role.equals("assistant");
    boolean loose = parts == 1 && !isText;
    boolean goesOn = afterModel && ofModel && (afterLoose || loose);
    afterModel = ofModel;
    afterLoose = loose;
    return !goesOn;
  }

  /** Whether the message at hand calls a tool. */
  boolean hasCall() {
    return calls > 0;
  }

  /** A call of a tool has no id. */
  public void lacksId() {
    hasGap = true;
  }

  /**
   * The messages; null if there are none.
   *
   * @param source reads the same messages
   */
  public @Nullable WrittenMessages toMessages(Supplier<List<Message>> source) {
    out.ascii(']');
    return messages == 0 ? null : new WrittenMessages(out, hasSystem, hasGap, callsTool, source);
  }
}
