package dev.tallyspan.collector.wire;

/** Decides, from the keys of an item alone, whether it is wanted. Used by one thread. */
@FunctionalInterface
interface ItemScan {

  /** Whether the item from {@code start} to {@code end} is wanted. */
  boolean matches(byte[] b, int start, int end) throws WireFault;
}
