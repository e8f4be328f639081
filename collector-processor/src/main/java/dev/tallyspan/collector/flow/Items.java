package dev.tallyspan.collector.flow;

import dev.tallyspan.collector.wire.ItemCounter;
import dev.tallyspan.collector.wire.MalformedRequestException;

/**
 * Counts what a request holds, in the units of the collector's own metrics: spans, log records or
 * data points.
 */
public final class Items {

  private Items() {}

  /**
   * The number of items in a request.
   *
   * @throws MalformedRequestException if it is not protobuf down to its items
   */
  public static int count(Signal signal, byte[] request) throws MalformedRequestException {
    return switch (signal) {
      case TRACES -> ItemCounter.spans(request, 0, request.length);
      case LOGS -> ItemCounter.logRecords(request, 0, request.length);
      case METRICS -> ItemCounter.dataPoints(request, 0, request.length);
    };
  }
}
