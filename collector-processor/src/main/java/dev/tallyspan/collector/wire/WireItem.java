package dev.tallyspan.collector.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A span or a log record within the bytes of a request. Not thread-safe. */
public abstract sealed class WireItem permits WireSpan, WireLog {

  final ValueBudget budget = new ValueBudget();
  private final WireAttributes attributes = new WireAttributes(budget);
  private final WireResource resource;
  private final WireScope scope;

  byte[] bytes = Wire.NO_BYTES;

  /** Whether one of the item's own values came in parts. */
  boolean ownSplit;

  WireItem(WireResource resource, WireScope scope) {
    this.resource = resource;
    this.scope = scope;
  }

  /** The instrumentation scope's name; empty if there is none. */
  public final String scopeName() {
    return scope.name();
  }

  /** The instrumentation scope's version; empty if there is none. */
  public final String scopeVersion() {
    return scope.version();
  }

  public final WireAttributes attributes() {
    return attributes;
  }

  /** The resource's attributes. */
  public final WireAttributes resource() {
    return resource.attributes();
  }

  /**
   * Checks the item from {@code start} to {@code end}, and makes this object represent it.
   *
   * @throws TooManyValuesException if it has more keys and values than the limit
   */
  abstract void read(byte[] b, int start, int end) throws WireFault;

  /**
   * Returns the positions that {@link #read} found; null if they are not worth keeping, because
   * there are too many of them or some are in memory of this object.
   */
  int @Nullable [] save() {
    return null;
  }

  /** Does what {@link #read} did when it found the positions {@code saved}. */
  void restore(byte[] b, int[] saved) {
    throw new IllegalStateException("nothing was saved");
  }

  /** Whether a value came in parts. */
  final boolean split() {
    return ownSplit || resource.split();
  }

  /** Prepares for an item in {@code b}. */
  final void reset(byte[] b) {
    bytes = b;
    budget.reset();
    attributes.reset(b);
    ownSplit = false;
  }

  /** Releases the request. */
  void forget() {
    bytes = Wire.NO_BYTES;
    attributes.reset(Wire.NO_BYTES);
  }

  /** The approximate number of bytes of memory that this object needs. */
  int memory() {
    return attributes.memory();
  }

  final String text(int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
