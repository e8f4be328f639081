package dev.tallyspan.collector.flow;

import dev.tallyspan.collector.wire.ItemCounter;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestCut;
import dev.tallyspan.collector.wire.Slices;

/**
 * What a request holds: items, which the collector's own metrics count (spans, log records or data
 * points), and units, by which it is cut (spans, log records or metrics).
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

  /**
   * Finds the units of a request, to cut it into parts.
   *
   * @throws MalformedRequestException if the request is not protobuf down to its items
   * @throws ArithmeticException if the request is larger than 2 GiB
   */
  public static RequestCut cut(Signal signal, Slices request) throws MalformedRequestException {
    return signal == Signal.METRICS ? RequestCut.ofMetrics(request) : RequestCut.ofItems(request);
  }
}
