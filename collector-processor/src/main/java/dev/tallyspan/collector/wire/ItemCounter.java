package dev.tallyspan.collector.wire;

import java.util.Objects;

/**
 * Counts the items of OTLP requests without reading them: walks through the envelopes, checks that
 * they are valid protobuf, and skips the items by their lengths.
 *
 * <p>Rejects requests that are not valid protobuf down to the level of the items. Does not look
 * into spans and log records, but does look into metrics, whose items are the data points in them.
 */
public final class ItemCounter {

  private ItemCounter() {}

  /**
   * Counts the spans in an {@code ExportTraceServiceRequest}.
   *
   * @throws MalformedRequestException if what was read is not valid protobuf
   */
  public static int spans(byte[] request, int offset, int length) throws MalformedRequestException {
    return count(request, offset, length, /* metrics= */ false);
  }

  /**
   * Counts the log records in an {@code ExportLogsServiceRequest}.
   *
   * @throws MalformedRequestException if what was read is not valid protobuf
   */
  public static int logRecords(byte[] request, int offset, int length)
      throws MalformedRequestException {
    return count(request, offset, length, /* metrics= */ false);
  }

  /**
   * Counts the data points, of all kinds, in an {@code ExportMetricsServiceRequest}.
   *
   * @throws MalformedRequestException if what was read is not valid protobuf
   */
  public static int dataPoints(byte[] request, int offset, int length)
      throws MalformedRequestException {
    return count(request, offset, length, /* metrics= */ true);
  }

  /**
   * Rejects a request that has fields, but none that an OTLP request has, because all of it would
   * be lost. Accepts a request of zero bytes, which is empty, and additional unknown fields, which
   * may be newer than this version.
   *
   * @throws MalformedRequestException if the request has only unknown fields or is not valid
   *     protobuf
   */
  public static void checkKnown(byte[] request) throws MalformedRequestException {
    try {
      int pos = 0;
      while (pos < request.length) {
        int at = pos;
        long read = Wire.varint(request, pos, request.length, "tag", at);
        int tag = (int) read;
        if (tag == OtlpFields.REQUEST_RESOURCES) {
          return;
        }
        pos = Wire.skip(request, Wire.high(read), request.length, tag, at, /* depth= */ 0);
      }
    } catch (WireFault e) {
      throw e.relativeTo(0);
    }
    if (request.length > 0) {
      throw new MalformedRequestException(
          "the request has none of the top-level fields of an OTLP request");
    }
  }

  private static int count(byte[] request, int offset, int length, boolean metrics)
      throws MalformedRequestException {
    Objects.checkFromIndexSize(offset, length, request.length);
    try {
      return countLevel(request, offset, offset + length, /* level= */ 0, metrics);
    } catch (WireFault e) {
      throw e.relativeTo(offset);
    }
  }

  /** Counts in a request (level 0), a resource's envelope (1) or a scope's (2). */
  private static int countLevel(byte[] b, int pos, int end, int level, boolean metrics)
      throws WireFault {
    int wanted = level == 0 ? OtlpFields.REQUEST_RESOURCES : OtlpFields.RESOURCE_SCOPES;
    int items = 0;
    while (pos < end) {
      int at = pos;
      int tag = b[pos++];
      if (tag < 0) {
        long read = Wire.varint(b, at, end, "tag", at);
        pos = Wire.high(read);
        tag = (int) read;
      }
      if (tag != wanted) {
        pos = Wire.skip(b, pos, end, tag, at, level);
        continue;
      }
      long content = Wire.content(b, pos, end, LEVELS[level], at);
      pos = (int) content;
      if (level < 2) {
        items += countLevel(b, Wire.high(content), pos, level + 1, metrics);
      } else {
        items += metrics ? countDataPoints(b, Wire.high(content), pos) : 1;
      }
    }
    return items;
  }

  private static final String[] LEVELS = {"resource", "scope", "item"};

  /**
   * Counts in a metric. If it has several kinds of data, the last one counts, with all of its
   * parts.
   */
  static int countDataPoints(byte[] b, int pos, int end) throws WireFault {
    int points = 0;
    int kind = 0;
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      pos = Wire.high(read);
      int tag = (int) read;
      switch (tag) {
        case OtlpFields.METRIC_GAUGE,
            OtlpFields.METRIC_SUM,
            OtlpFields.METRIC_HISTOGRAM,
            OtlpFields.METRIC_EXPONENTIAL_HISTOGRAM,
            OtlpFields.METRIC_SUMMARY -> {
          long content = Wire.content(b, pos, end, "metric data", at);
          pos = (int) content;
          int here = countPoints(b, Wire.high(content), pos);
          points = tag == kind ? points + here : here;
          kind = tag;
        }
        default -> pos = Wire.skip(b, pos, end, tag, at, OtlpFields.ITEM_DEPTH);
      }
    }
    return points;
  }

  private static int countPoints(byte[] b, int pos, int end) throws WireFault {
    int points = 0;
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      pos = Wire.high(read);
      int tag = (int) read;
      if (tag == OtlpFields.DATA_POINTS) {
        pos = (int) Wire.content(b, pos, end, "data point", at);
        points++;
      } else {
        pos = Wire.skip(b, pos, end, tag, at, OtlpFields.ITEM_DEPTH + 1);
      }
    }
    return points;
  }
}
