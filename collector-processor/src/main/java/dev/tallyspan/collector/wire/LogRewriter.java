package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

/**
 * Edits the records of log requests in their encoded form. A record with at least one attribute key
 * of the given prefixes is shown to an editor, and so is one whose event's name, in its own field
 * or in the attribute {@code event.name}, begins with one; every other record leaves with the bytes
 * it came with, and so does everything else around the records, unknown fields included.
 *
 * <p>What is refused and what is not is the same as with {@link TraceRewriter}; the value of {@code
 * event.name} is looked into on every record, the body only on one that is shown.
 *
 * <p>Thread-safe. Keeps about 20 KB for each thread that uses it, up to some MB after large
 * requests. A result takes, beside the request that it refers to, what was added to it.
 */
public final class LogRewriter extends RequestRewriter<LogEditor> {

  private final KeyPrefixes keys;
  private final KeyPrefixes events;

  /**
   * @param keys begin the attribute keys of records to be shown
   * @param events begin the event names of records to be shown
   */
  public LogRewriter(KeyPrefixes keys, KeyPrefixes events) {
    this.keys = requireNonNull(keys, "keys");
    this.events = requireNonNull(events, "events");
  }

  @Override
  RewritePass<?, LogEditor> newPass() {
    return new LogPass(keys, events);
  }
}
