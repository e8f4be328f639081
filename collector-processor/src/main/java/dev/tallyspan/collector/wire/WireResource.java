package dev.tallyspan.collector.wire;

/** The attributes of a {@code Resource} within the bytes of a request. */
final class WireResource {

  private final ValueBudget budget = new ValueBudget();
  private WireAttributes attributes = new WireAttributes(budget);
  private boolean split;
  private boolean tooLarge;

  WireAttributes attributes() {
    return attributes;
  }

  /** Whether a value came in parts. */
  boolean split() {
    return split;
  }

  /** Whether there are more attributes than the limit; the attributes are then empty. */
  boolean tooLarge() {
    return tooLarge;
  }

  /**
   * Makes this object represent the resource of the {@code ResourceSpans} from {@code start} to
   * {@code end}. Finds the resource anywhere in it; a resource in parts has the attributes of all
   * parts.
   */
  void find(byte[] b, int start, int end) throws WireFault {
    attributes.reset(b);
    budget.reset();
    split = false;
    tooLarge = false;
    int pos = start;
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      pos = Wire.high(read);
      int tag = (int) read;
      if (tag == OtlpFields.RESOURCE) {
        long content = Wire.content(b, pos, end, "resource", at);
        pos = (int) content;
        if (!tooLarge) {
          readWithinBudget(b, Wire.high(content), pos);
        }
      } else {
        pos = Wire.skip(b, pos, end, tag, at, OtlpFields.RESOURCES_DEPTH);
      }
    }
  }

  /** Releases the request, and memory beyond {@code capacity}. */
  void forget(int capacity) {
    if (attributes.memory() > capacity) {
      attributes = new WireAttributes(budget);
    } else {
      attributes.reset(Wire.NO_BYTES);
    }
  }

  private void readWithinBudget(byte[] b, int start, int end) throws WireFault {
    try {
      read(b, start, end);
    } catch (TooManyValuesException e) {
      tooLarge = true;
      attributes.reset(b);
    }
  }

  private void read(byte[] b, int pos, int end) throws WireFault {
    int depth = OtlpFields.RESOURCES_DEPTH + 1;
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      pos = Wire.high(read);
      int tag = (int) read;
      if (tag == OtlpFields.RESOURCE_ATTRIBUTES) {
        long content = Wire.content(b, pos, end, "resource attribute", at);
        pos = (int) content;
        split |= attributes.add(b, at, Wire.high(content), pos, depth);
      } else {
        pos = Wire.skip(b, pos, end, tag, at, depth);
      }
    }
  }
}
