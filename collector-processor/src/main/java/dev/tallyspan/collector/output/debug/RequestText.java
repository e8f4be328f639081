package dev.tallyspan.collector.output.debug;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.output.debug.DebugSettings.Verbosity;
import dev.tallyspan.collector.wire.ItemReader;
import dev.tallyspan.collector.wire.LogIndexer;
import dev.tallyspan.collector.wire.LogReader;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.ProtobufReader;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.SpanReader;
import dev.tallyspan.collector.wire.TooManyValuesException;
import dev.tallyspan.collector.wire.TraceIndexer;
import dev.tallyspan.collector.wire.WireEvent;
import dev.tallyspan.collector.wire.WireItem;
import dev.tallyspan.collector.wire.WireLog;
import dev.tallyspan.collector.wire.WireSpan;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** One request as text. Used once. */
final class RequestText {

  private static final TraceIndexer SPANS = TraceIndexer.ofAllSpans();
  private static final LogIndexer RECORDS = LogIndexer.ofAllRecords();

  /** A console is of no use for more, and it takes memory. */
  private static final int MOST_CHARACTERS = 1 << 20;

  private static final List<String> KINDS =
      List.of("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer");
  private static final List<String> STATUS_CODES = List.of("Unset", "Ok", "Error");

  private final Verbosity verbosity;
  private final StringBuilder out = new StringBuilder();
  private final AttributeText attributes;

  /** The resource and scope of the last item. */
  private String envelope = "";

  RequestText(DebugSettings settings) {
    verbosity = settings.verbosity();
    attributes = new AttributeText(settings.content(), out);
  }

  /**
   * Returns one line of counts and, if asked for, lines for each item.
   *
   * @throws MalformedRequestException if the bytes are not a request of their signal
   */
  String of(OtlpRequest request) throws MalformedRequestException {
    byte[] bytes = request.bytes().contiguous();
    switch (request.signal()) {
      case TRACES -> {
        summary("Traces", "resource spans", bytes, "spans", request.items(), "");
        items(SPANS.index(bytes, 0, bytes.length), new SpanReader(), this::line, this::details);
      }
      case LOGS -> {
        summary("Logs", "resource logs", bytes, "log records", request.items(), "");
        items(RECORDS.index(bytes, 0, bytes.length), new LogReader(), this::line, this::details);
      }
      case METRICS -> {
        MetricLines metrics = MetricLines.of(bytes);
        String count = ", \"metrics\": " + metrics.lines().size();
        summary("Metrics", "resource metrics", bytes, "data points", request.items(), count);
        if (verbosity != Verbosity.BASIC) {
          metrics.lines().forEach(line -> out.append('\n').append(line));
        }
      }
    }
    return out.toString();
  }

  private void summary(
      String signal, String resources, byte[] bytes, String items, int count, String more)
      throws MalformedRequestException {
    int envelopes = 0;
    ProtobufReader request = new ProtobufReader(bytes);
    while (request.next()) {
      envelopes += request.number() == 1 && request.wireType() == 2 ? 1 : 0;
    }
    out.append(signal).append(" {\"").append(resources).append("\": ").append(envelopes);
    out.append(more).append(", \"").append(items).append("\": ").append(count).append('}');
  }

  private <I extends WireItem> void items(
      RequestIndex index, ItemReader<I> items, Consumer<I> line, Consumer<I> details) {
    if (verbosity == Verbosity.BASIC) {
      return;
    }
    try (ItemReader<I> reader = items) {
      for (int i = 0; i < index.size(); i++) {
        if (out.length() > MOST_CHARACTERS) {
          out.append("\n... and ").append(index.size() - i).append(" more");
          return;
        }
        try {
          I item = reader.read(index, i);
          out.append('\n');
          if (verbosity == Verbosity.NORMAL) {
            line.accept(item);
          } else {
            envelope(item);
            details.accept(item);
          }
        } catch (MalformedRequestException | TooManyValuesException e) {
          out.append("\n(an item that cannot be read: ");
          out.append(e.getClass().getSimpleName()).append(')');
        }
      }
    }
  }

  private void line(WireSpan span) {
    out.append(span.name()).append(' ').append(span.traceId()).append(' ').append(span.spanId());
    attributes.keys(span.attributes());
  }

  private void line(WireLog log) {
    out.append(log.eventName().isEmpty() ? "log record" : log.eventName());
    if (!log.traceId().isEmpty()) {
      out.append(' ').append(log.traceId()).append(' ').append(log.spanId());
    }
    attributes.keys(log.attributes());
  }

  /** Writes the resource and the scope if they are not those of the item before. */
  private void envelope(WireItem item) {
    int start = out.length();
    out.append(item instanceof WireLog ? "ResourceLogs" : "ResourceSpans");
    attributes.lines("Resource attributes", item.resource());
    out.append("\nInstrumentationScope ").append(item.scopeName());
    out.append(' ').append(item.scopeVersion()).append('\n');
    String found = out.substring(start);
    if (found.equals(envelope)) {
      out.setLength(start);
    }
    envelope = found;
  }

  private void details(WireSpan span) {
    out.append("Span");
    field("Trace ID", span.traceId());
    field("Parent ID", span.parentSpanId());
    field("ID", span.spanId());
    field("Name", span.name());
    field("Kind", name(KINDS, span.kind()));
    field("Start time", time(span.startEpochNanos()));
    field("End time", time(span.endEpochNanos()));
    field("Status code", name(STATUS_CODES, span.statusCode()));
    field("Status message", "");
    attributes.text("status.message", span.statusMessage());
    attributes.lines("Attributes", span.attributes());
    for (int i = 0; i < span.eventCount(); i++) {
      WireEvent event = span.event(i);
      out.append("\nSpanEvent #").append(i);
      field("Name", event.name());
      field("Timestamp", time(event.epochNanos()));
      attributes.lines("Attributes", event.attributes());
    }
  }

  private void details(WireLog log) {
    out.append("LogRecord");
    field("Timestamp", time(log.epochNanos()));
    field("Observed", time(log.observedEpochNanos()));
    field("Severity", log.severityText());
    out.append(" (").append(log.severityNumber()).append(')');
    field("Event name", log.eventName());
    field("Trace ID", log.traceId());
    field("Span ID", log.spanId());
    field("Body", "");
    if (log.body().size() > 0) {
      attributes.value("body", log.body(), 0);
    }
    attributes.lines("Attributes", log.attributes());
  }

  private void field(String name, String value) {
    out.append("\n    ").append(name).append(" ".repeat(Math.max(0, 14 - name.length())));
    out.append(" : ").append(value);
  }

  private static String time(long epochNanos) {
    return epochNanos == 0 ? "" : Instant.ofEpochSecond(0).plusNanos(epochNanos).toString();
  }

  private static String name(List<String> names, int number) {
    return number >= 0 && number < names.size() ? names.get(number) : String.valueOf(number);
  }
}
