package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.internal.json.JsonBytes;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages to a model that were written in the schema's shape without being read: most of them are
 * never asked for. Who does gets what the reader makes of the source.
 */
public final class WrittenMessages implements Supplier<List<Message>> {

  private final JsonBytes json;
  private final boolean hasSystem;
  private final boolean hasGap;
  private final boolean callsTool;
  private final Supplier<List<Message>> source;
  private volatile @Nullable List<Message> messages;

  WrittenMessages(
      JsonBytes json,
      boolean hasSystem,
      boolean hasGap,
      boolean callsTool,
      Supplier<List<Message>> source) {
    this.json = json;
    this.hasSystem = hasSystem;
    this.hasGap = hasGap;
    this.callsTool = callsTool;
    this.source = source;
  }

  /** What {@link dev.tallyspan.semconv.Messages#toJson} writes of these messages. */
  public JsonBytes json() {
    return json;
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

  @Override
  public List<Message> get() {
    List<Message> read = messages;
    if (read == null) {
      read = source.get();
      messages = read;
    }
    return read;
  }
}
