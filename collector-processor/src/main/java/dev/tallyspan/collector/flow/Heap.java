package dev.tallyspan.collector.flow;

/** The shares of the heap that limit what the parts of the collector hold. */
public final class Heap {

  /*
   * What the parts may hold adds up to thirteen sixteenths: receivers and exporters a quarter each,
   * windows an eighth, and a sixteenth each for forwarded spans that are remembered, the newest
   * requests of a queue and those that a queue has handed out. Prices and tables take the same memory
   * in any heap, and the garbage collector needs some room: both are left out before shares are
   * taken, or a small heap would be promised away twice.
   */

  /** Prices, dialects, tables of classes and libraries, and room to collect garbage in. */
  private static final long RESERVED = 64L << 20;

  private Heap() {}

  /**
   * Returns a share of the heap, in bytes: a part of what is left of the maximum size without 64
   * MiB, or of a quarter of it if that is more.
   *
   * @param parts of which the share is one; positive
   */
  public static long share(int parts) {
    return share(Runtime.getRuntime().maxMemory(), parts);
  }

  static long share(long heap, int parts) {
    return Math.max(heap / 4, heap - RESERVED) / parts;
  }
}
