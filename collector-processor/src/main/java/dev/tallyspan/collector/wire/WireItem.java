package dev.tallyspan.collector.wire;

import java.nio.charset.StandardCharsets;

/** What a span and a log record within the bytes of a request have in common. */
public abstract sealed class WireItem permits WireSpan, WireLog {

  final ValueBudget budget = new ValueBudget();
  private final WireAttributes attributes = new WireAttributes(budget);
  private final WireResource resource;
  private final WireScope scope;

  byte[] bytes;

  /** Whether one of the item's own values was put together from parts. */
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
   * Checks the item from {@code start} to {@code end} and becomes it.
   *
   * @throws IllegalStateException if it has more keys and values than may be looked at
   */
  abstract void read(byte[] b, int start, int end) throws WireFault;

  /** Whether a value was put together from parts. */
  final boolean split() {
    return ownSplit || resource.split();
  }

  /** Starts to become an item in {@code b}. */
  final void reset(byte[] b) {
    bytes = b;
    budget.reset();
    attributes.reset(b);
    ownSplit = false;
  }

  /** Lets go of the request. */
  void forget() {
    bytes = null;
    attributes.reset(null);
  }

  /** About how many bytes this takes for itself. */
  int memory() {
    return attributes.memory();
  }

  final String text(int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
