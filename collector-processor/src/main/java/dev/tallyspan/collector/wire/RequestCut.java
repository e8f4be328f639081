package dev.tallyspan.collector.wire;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/**
 * Cuts a request into parts. A request consists of units: spans, log records or, for metrics, whole
 * metrics with all of their data points. A part holds consecutive units, and for each of them the
 * same resource and scope as in the request. Threads may share it if it is published safely.
 *
 * <p>The parts share the bytes of the request, which must not be modified while they are in use.
 */
public final class RequestCut {

  /*
   * One walk notes where each unit is, and for each envelope the rest of it: the ranges that are
   * neither units nor other envelopes, such as the resource, the schema URL and unknown fields. A
   * part is written from these. Each of its envelopes gets a new header (the tag as it was, the new
   * length), then the rest, then what the part holds of the content. This changes the order of the
   * fields, which has no meaning in protobuf except between fields of the same number, and their
   * order stays. Fields that are split, padded or unknown are copied as they are.
   *
   * An envelope without units is in no part. The part with all units is the request itself.
   *
   * Writing a part takes time in proportion to the part, and not to the request: cutting a request
   * into its units takes about as long as the walk.
   */

  private final Slices whole;
  private final byte[] bytes;
  private final boolean metrics;

  private final Envelopes request = new Envelopes();
  private final Envelopes resources = new Envelopes();
  private final Envelopes scopes = new Envelopes();

  private int units;

  /** Where each unit starts, with its tag. */
  private int[] at = new int[64];

  /** The bytes of all units before each unit and, at the end, of all units. */
  private int[] bytesBefore = new int[64];

  /** For metrics, the data points before each unit and, at the end, of all units. */
  private int[] pointsBefore;

  private RequestCut(Slices request, boolean metrics) throws MalformedRequestException {
    this.metrics = metrics;
    bytes = request.contiguous();
    // Not the request, which may keep other arrays alive.
    whole = Slices.of(bytes);
    pointsBefore = new int[metrics ? 64 : 0];
    try {
      walk(this.request, 0, 0, 0, bytes.length);
    } catch (WireFault e) {
      throw e.relativeTo(0);
    }
  }

  /**
   * Returns the units of an {@code ExportTraceServiceRequest} or {@code ExportLogsServiceRequest}.
   * Copies the bytes, once, if they are in several slices.
   *
   * @throws MalformedRequestException if the request is not protobuf down to its units
   * @throws ArithmeticException if the request is larger than 2 GiB
   */
  public static RequestCut ofItems(Slices request) throws MalformedRequestException {
    return new RequestCut(request, /* metrics= */ false);
  }

  /**
   * As {@link #ofItems}, for an {@code ExportMetricsServiceRequest}.
   *
   * @throws MalformedRequestException if the request is not protobuf down to its data points
   * @throws ArithmeticException if the request is larger than 2 GiB
   */
  public static RequestCut ofMetrics(Slices request) throws MalformedRequestException {
    return new RequestCut(request, /* metrics= */ true);
  }

  /** The number of units. */
  public int units() {
    return units;
  }

  /**
   * The resource of a unit, as a number that no other resource of the request has: the position of
   * its envelope.
   *
   * @param unit from 0 to {@link #units} - 1
   */
  public int resourceAt(int unit) {
    Objects.checkIndex(unit, units);
    return resources.get(scopes.parent(scopes.of(unit)), Envelopes.AT);
  }

  /**
   * The number of items in the units from {@code from} (inclusive) to {@code to} (exclusive): the
   * data points of metrics, otherwise the units.
   */
  public int items(int from, int to) {
    Objects.checkFromToIndex(from, to, units);
    return metrics ? pointsBefore[to] - pointsBefore[from] : to - from;
  }

  /** The size in bytes of what {@link #cut} returns. */
  public long size(int from, int to) {
    Objects.checkFromToIndex(from, to, units);
    if (to - from == units) {
      return whole.size();
    }
    long size = from == to ? 0 : request.rest(0);
    for (int unit = from; unit < to; ) {
      int resource = scopes.parent(scopes.of(unit));
      int end = Math.min(to, endOfResource(resource));
      size += resources.encoded(resource, contentOfResource(resource, unit, end));
      unit = end;
    }
    return size;
  }

  /**
   * Returns the end of the longest part that starts with the unit {@code from}, ends before the
   * unit {@code to} at the latest, and is not larger than {@code maxBytes}. The part has at least
   * one unit, even if that alone is larger.
   *
   * @param to more than {@code from}
   */
  public int fit(int from, int to, long maxBytes) {
    Objects.checkFromToIndex(from, to, units);
    if (to - from == units && whole.size() <= maxBytes) {
      return to;
    }
    int fits = from + 1;
    int tooLarge = to + 1;
    // Doubling first keeps the time in proportion to the part.
    for (int count = 2; from + count <= to && tooLarge > to; count *= 2) {
      if (size(from, from + count) <= maxBytes) {
        fits = from + count;
      } else {
        tooLarge = from + count;
      }
    }
    while (tooLarge - fits > 1) {
      int middle = (fits + tooLarge) >>> 1;
      if (size(from, middle) <= maxBytes) {
        fits = middle;
      } else {
        tooLarge = middle;
      }
    }
    return fits;
  }

  /**
   * Returns a request of the units from {@code from} (inclusive) to {@code to} (exclusive), in
   * their order.
   */
  public Slices cut(int from, int to) {
    Objects.checkFromToIndex(from, to, units);
    if (to - from == units) {
      return whole;
    }
    Slices part = new Slices();
    if (from == to) {
      return part;
    }
    request.addRest(part, bytes, 0);
    for (int unit = from; unit < to; ) {
      int resource = scopes.parent(scopes.of(unit));
      int end = Math.min(to, endOfResource(resource));
      addResource(part, resource, unit, end);
      unit = end;
    }
    return part;
  }

  /**
   * Returns a request of the chosen units, in their order. Each envelope is written once.
   *
   * @throws IndexOutOfBoundsException if a chosen unit does not exist
   */
  public Slices cut(BitSet chosen) {
    Objects.checkFromToIndex(0, chosen.length(), units);
    if (chosen.cardinality() == units) {
      return whole;
    }
    Slices part = new Slices();
    int unit = chosen.nextSetBit(0);
    if (unit >= 0) {
      request.addRest(part, bytes, 0);
    }
    while (unit >= 0) {
      int resource = scopes.parent(scopes.of(unit));
      int end = endOfResource(resource);
      resources.addHeader(part, bytes, resource, contentOfResource(resource, chosen, unit, end));
      resources.addRest(part, bytes, resource);
      while (unit >= 0 && unit < end) {
        int scope = scopes.of(unit);
        int scopeEnd = endOfScope(scope);
        scopes.addHeader(part, bytes, scope, contentOfScope(scope, chosen, unit, scopeEnd));
        scopes.addRest(part, bytes, scope);
        for (; unit >= 0 && unit < scopeEnd; unit = chosen.nextSetBit(unit + 1)) {
          addUnits(part, unit, unit + 1);
        }
      }
    }
    return part;
  }

  private long contentOfResource(int resource, BitSet chosen, int from, int to) {
    long content = resources.rest(resource);
    for (int unit = from; unit >= 0 && unit < to; ) {
      int scope = scopes.of(unit);
      int end = endOfScope(scope);
      content += scopes.encoded(scope, contentOfScope(scope, chosen, unit, end));
      unit = chosen.nextSetBit(end);
    }
    return content;
  }

  private long contentOfScope(int scope, BitSet chosen, int from, int to) {
    long content = scopes.rest(scope);
    for (int unit = from; unit >= 0 && unit < to; unit = chosen.nextSetBit(unit + 1)) {
      content += bytesBefore[unit + 1] - bytesBefore[unit];
    }
    return content;
  }

  private void addResource(Slices part, int resource, int from, int to) {
    resources.addHeader(part, bytes, resource, contentOfResource(resource, from, to));
    resources.addRest(part, bytes, resource);
    int scope = scopes.of(from);
    for (int unit = from; unit < to; scope++) {
      int end = Math.min(to, endOfScope(scope));
      scopes.addHeader(part, bytes, scope, contentOfScope(scope, unit, end));
      scopes.addRest(part, bytes, scope);
      addUnits(part, unit, end);
      unit = end;
    }
  }

  private void addUnits(Slices part, int from, int to) {
    int start = from;
    for (int unit = from + 1; unit <= to; unit++) {
      // Adjacent units become one slice.
      if (unit == to || at[unit] != endOfUnit(unit - 1)) {
        part.add(bytes, at[start], endOfUnit(unit - 1) - at[start]);
        start = unit;
      }
    }
  }

  private long contentOfResource(int resource, int from, int to) {
    long content = resources.rest(resource);
    int scope = scopes.of(from);
    for (int unit = from; unit < to; scope++) {
      int end = Math.min(to, endOfScope(scope));
      content += scopes.encoded(scope, contentOfScope(scope, unit, end));
      unit = end;
    }
    return content;
  }

  private long contentOfScope(int scope, int from, int to) {
    return scopes.rest(scope) + bytesBefore[to] - bytesBefore[from];
  }

  private int endOfUnit(int unit) {
    return at[unit] + bytesBefore[unit + 1] - bytesBefore[unit];
  }

  private int endOfScope(int scope) {
    return scope + 1 < scopes.count ? scopes.firstUnit(scope + 1) : units;
  }

  private int endOfResource(int resource) {
    return resource + 1 < resources.count ? resources.firstUnit(resource + 1) : units;
  }

  /* The walk. */

  private void walk(Envelopes level, int fieldAt, int tagEnd, int start, int end) throws WireFault {
    int depth = level == request ? 0 : level == resources ? 1 : OtlpFields.SCOPES_DEPTH;
    int wanted = level == request ? OtlpFields.REQUEST_RESOURCES : OtlpFields.RESOURCE_SCOPES;
    int before = units;
    level.enter(fieldAt, tagEnd, units, level == scopes ? resources.count - 1 : 0);
    int pos = start;
    while (pos < end) {
      int field = pos;
      long read = Wire.varint(bytes, pos, end, "tag", field);
      int tag = (int) read;
      if (tag != wanted) {
        pos = Wire.skip(bytes, Wire.high(read), end, tag, field, depth);
        level.addToRest(field, pos);
        continue;
      }
      long content = Wire.content(bytes, Wire.high(read), end, LEVELS[depth], field);
      pos = (int) content;
      if (level == scopes) {
        addUnit(field, Wire.high(content), pos);
      } else {
        Envelopes inner = level == request ? resources : scopes;
        walk(inner, field, Wire.high(read), Wire.high(content), pos);
      }
    }
    if (units == before && level != request) {
      level.removeLast();
    }
  }

  private static final String[] LEVELS = {"resource", "scope", "item"};

  private void addUnit(int field, int start, int end) throws WireFault {
    int next = units + 1;
    if (next == at.length) {
      at = Arrays.copyOf(at, 2 * next);
      bytesBefore = Arrays.copyOf(bytesBefore, 2 * next);
      pointsBefore = Arrays.copyOf(pointsBefore, metrics ? 2 * next : 0);
    }
    at[units] = field;
    bytesBefore[next] = bytesBefore[units] + end - field;
    if (metrics) {
      pointsBefore[next] = pointsBefore[units] + ItemCounter.countDataPoints(bytes, start, end);
    }
    units = next;
  }

  /** The envelopes of one level, in the order of their bytes. */
  private static final class Envelopes {
    private static final int AT = 0;
    private static final int TAG_END = 1;
    private static final int FIRST_UNIT = 2;
    private static final int PARENT = 3;

    /** The index of its first range in {@code ranges}. */
    private static final int RANGES = 4;

    /** The sum of its ranges. */
    private static final int REST = 5;

    private static final int STRIDE = 6;

    int count;
    private int[] envelopes = new int[4 * STRIDE];
    private int rangeEnd;
    private int[] ranges = new int[16];

    void enter(int at, int tagEnd, int firstUnit, int parent) {
      int to = count * STRIDE;
      if (to == envelopes.length) {
        envelopes = Arrays.copyOf(envelopes, 2 * to);
      }
      envelopes[to + AT] = at;
      envelopes[to + TAG_END] = tagEnd;
      envelopes[to + FIRST_UNIT] = firstUnit;
      envelopes[to + PARENT] = parent;
      envelopes[to + RANGES] = rangeEnd;
      envelopes[to + REST] = 0;
      count++;
    }

    /** Adds a range to the rest of the envelope entered last. */
    void addToRest(int start, int end) {
      int last = count - 1;
      envelopes[last * STRIDE + REST] += end - start;
      if (rangeEnd > get(last, RANGES) && ranges[rangeEnd - 1] == start) {
        ranges[rangeEnd - 1] = end;
        return;
      }
      if (rangeEnd == ranges.length) {
        ranges = Arrays.copyOf(ranges, 2 * rangeEnd);
      }
      ranges[rangeEnd++] = start;
      ranges[rangeEnd++] = end;
    }

    void removeLast() {
      count--;
      rangeEnd = get(count, RANGES);
    }

    private int get(int index, int place) {
      return envelopes[index * STRIDE + place];
    }

    int firstUnit(int index) {
      return get(index, FIRST_UNIT);
    }

    int parent(int index) {
      return get(index, PARENT);
    }

    long rest(int index) {
      return get(index, REST);
    }

    /** Returns the envelope that holds a unit. */
    int of(int unit) {
      int from = 0;
      int to = count;
      while (to - from > 1) {
        int middle = (from + to) >>> 1;
        if (firstUnit(middle) <= unit) {
          from = middle;
        } else {
          to = middle;
        }
      }
      return from;
    }

    /** The size of an envelope with this content. */
    long encoded(int index, long content) {
      return get(index, TAG_END) - get(index, AT) + varintSize(content) + content;
    }

    void addHeader(Slices part, byte[] bytes, int index, long content) {
      int at = get(index, AT);
      int tagSize = get(index, TAG_END) - at;
      byte[] header = new byte[tagSize + varintSize(content)];
      System.arraycopy(bytes, at, header, 0, tagSize);
      int pos = tagSize;
      long left = content;
      for (; left > 0x7F; left >>>= 7) {
        header[pos++] = (byte) (left | 0x80);
      }
      header[pos] = (byte) left;
      part.add(header, 0, header.length);
    }

    void addRest(Slices part, byte[] bytes, int index) {
      int end = index + 1 < count ? get(index + 1, RANGES) : rangeEnd;
      for (int i = get(index, RANGES); i < end; i += 2) {
        part.add(bytes, ranges[i], ranges[i + 1] - ranges[i]);
      }
    }

    private static int varintSize(long value) {
      return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }
  }
}
