package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.internal.json.JsonBytes;
import java.util.List;
import java.util.function.Supplier;

/** Messages to a model that were written, and what is asked about them as a whole. */
public final class WrittenMessages extends WrittenContent<List<Message>> {

  private final boolean hasSystem;
  private final boolean hasGap;
  private final boolean callsTool;

  WrittenMessages(
      JsonBytes json,
      boolean hasSystem,
      boolean hasGap,
      boolean callsTool,
      Supplier<List<Message>> source) {
    super(json, source);
    this.hasSystem = hasSystem;
    this.hasGap = hasGap;
    this.callsTool = callsTool;
  }

  /** Whether there is a message of the system. */
  public boolean hasSystem() {
    return hasSystem;
  }

  /** Whether there is a message without parts, or a call of a tool without an id. */
  public boolean hasGap() {
    return hasGap;
  }

  /** Whether there is a call of a tool. */
  public boolean callsTool() {
    return callsTool;
  }
}
