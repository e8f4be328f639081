package dev.tallyspan.collector.output.debug;

import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.ProtobufReader;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of a request.
 *
 * @param lines for each metric, its name, its type and the number of its data points
 */
record MetricLines(List<String> lines) {

  private static final int LENGTH_DELIMITED = 2;
  private static final int MESSAGE_1 = ProtobufReader.tag(1, LENGTH_DELIMITED);
  private static final int MESSAGE_2 = ProtobufReader.tag(2, LENGTH_DELIMITED);

  /**
   * @throws MalformedRequestException if the bytes are not a request of metrics
   */
  static MetricLines of(byte[] bytes) throws MalformedRequestException {
    List<String> lines = new ArrayList<>();
    ProtobufReader request = new ProtobufReader(bytes);
    while (request.next()) {
      if (request.tag() == MESSAGE_1) {
        resource(request.message(), lines);
      }
    }
    return new MetricLines(lines);
  }

  private static void resource(ProtobufReader resource, List<String> lines)
      throws MalformedRequestException {
    while (resource.next()) {
      if (resource.tag() == MESSAGE_2) {
        ProtobufReader scope = resource.message();
        while (scope.next()) {
          if (scope.tag() == MESSAGE_2) {
            lines.add(line(scope.message()));
          }
        }
      }
    }
  }

  private static String line(ProtobufReader metric) throws MalformedRequestException {
    String name = "";
    String type = "Empty";
    int points = 0;
    while (metric.next()) {
      if (metric.tag() == MESSAGE_1) {
        name = metric.string();
      } else if (metric.wireType() == LENGTH_DELIMITED && !type(metric.number()).isEmpty()) {
        points = type.equals(type(metric.number())) ? points : 0;
        type = type(metric.number());
        points += points(metric.message());
      }
    }
    return name + " " + type + " " + points;
  }

  /** The type of the data in a field; empty if the field has none. */
  private static String type(int field) {
    return switch (field) {
      case 5 -> "Gauge";
      case 7 -> "Sum";
      case 9 -> "Histogram";
      case 10 -> "ExponentialHistogram";
      case 11 -> "Summary";
      default -> "";
    };
  }

  private static int points(ProtobufReader data) throws MalformedRequestException {
    int points = 0;
    while (data.next()) {
      points += data.tag() == MESSAGE_1 ? 1 : 0;
    }
    return points;
  }
}
