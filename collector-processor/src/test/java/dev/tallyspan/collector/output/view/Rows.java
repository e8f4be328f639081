package dev.tallyspan.collector.output.view;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.enrichment.Enricher;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.SpanView;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows for tests, of one trace unless said otherwise, with times in milliseconds. */
final class Rows {

  static final long EPOCH_MILLIS = 1_780_000_000_000L;

  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private final String id;
  private final String name;
  private String traceId = "trace-1";
  private static final Enricher ENRICHER = Enricher.builder().build();

  private String parent = "";
  private long from;
  private long to = 1_000;
  private boolean error;
  private String message = "";

  private Rows(String id, String name) {
    this.id = id;
    this.name = name;
  }

  static Rows span(String id, String name) {
    return new Rows(id, name);
  }

  /** A chat call of {@code model}; without a price until it gets one. */
  static Rows chat(String id, String model) {
    return span(id, "chat " + model)
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.request.model", model);
  }

  Rows of(String traceId) {
    this.traceId = traceId;
    return this;
  }

  Rows below(String parent) {
    this.parent = parent;
    return this;
  }

  Rows at(long from, long to) {
    this.from = from;
    this.to = to;
    return this;
  }

  Rows with(String key, Object value) {
    attributes.put(key, value);
    return this;
  }

  Rows tokens(long input, long cached, long output) {
    return with("gen_ai.usage.input_tokens", input)
        .with("gen_ai.usage.cache_read.input_tokens", cached)
        .with("gen_ai.usage.output_tokens", output);
  }

  Rows cost(String status, String exact) {
    return with("tallyspan.cost.status", status)
        .with("tallyspan.cost.total", Double.parseDouble(exact))
        .with("tallyspan.cost.total_exact", exact)
        .with("tallyspan.cost.currency", "USD");
  }

  Rows priced(String exact) {
    return cost("priced", exact);
  }

  Rows failed(String message) {
    this.error = true;
    this.message = message;
    return this;
  }

  /** As the viewer has it once the span has been understood. */
  SpanRow row() {
    SpanView span = new MapSpan();
    Enriched enriched = ENRICHER.request().enrich(span);
    SpanRecord record =
        enriched == null
            ? null
            : new SpanRecord(
                0,
                traceId,
                id,
                parent,
                /* scopeName= */ "",
                /* serviceName= */ "",
                span.startEpochNanos(),
                span.endEpochNanos(),
                enriched,
                /* verdict= */ null);
    return SpanRow.of(span, record);
  }

  private final class MapSpan implements SpanView {

    @Override
    public String traceId() {
      return traceId;
    }

    @Override
    public String spanId() {
      return id;
    }

    @Override
    public String parentSpanId() {
      return parent;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public SpanKind kind() {
      return SpanKind.INTERNAL;
    }

    @Override
    public long startEpochNanos() {
      return (EPOCH_MILLIS + from) * 1_000_000;
    }

    @Override
    public long endEpochNanos() {
      return (EPOCH_MILLIS + to) * 1_000_000;
    }

    @Override
    public boolean failed() {
      return error;
    }

    @Override
    public String statusMessage() {
      return message;
    }

    @Override
    public String scopeName() {
      return "";
    }

    @Override
    public String scopeVersion() {
      return "";
    }

    @Override
    public List<EventView> events() {
      return List.of();
    }

    @Override
    public AttributeView attributes() {
      return view(attributes);
    }

    @Override
    public AttributeView resource() {
      return view(Map.of("service.name", "shop"));
    }
  }

  private static AttributeView view(Map<String, Object> map) {
    List<String> keys = List.copyOf(map.keySet());
    return new AttributeView() {
      @Override
      public int size() {
        return keys.size();
      }

      @Override
      public String key(int index) {
        return keys.get(index);
      }

      @Override
      public Value<?> value(int index) {
        return Rows.value(map.get(keys.get(index)));
      }
    };
  }

  private static Value<?> value(Object value) {
    if (value instanceof Map<?, ?> map) {
      return Value.of(
          map.entrySet().stream()
              .map(entry -> KeyValue.of((String) entry.getKey(), value(entry.getValue())))
              .toArray(KeyValue[]::new));
    }
    if (value instanceof List<?> list) {
      return Value.of(list.stream().<Value<?>>map(Rows::value).toList());
    }
    if (value instanceof Number number) {
      return number instanceof Double
          ? Value.of(number.doubleValue())
          : Value.of(number.longValue());
    }
    return value instanceof Boolean flag ? Value.of(flag) : Value.of(String.valueOf(value));
  }

  static TerminalOptions.Builder options() {
    return TerminalOptions.builder().zone(ZoneOffset.UTC);
  }

  static String print(TerminalOptions options, SpanRow... rows) {
    return print(options, List.of(rows));
  }

  static String print(TerminalOptions options, List<SpanRow> rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      TerminalTraces.print(out, TraceTree.of(rows), options);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The one line that holds {@code part}. */
  static String line(String screen, String part) {
    List<String> lines = screen.lines().filter(line -> line.contains(part)).toList();
    if (lines.size() != 1) {
      throw new AssertionError(lines.size() + " lines hold '" + part + "':\n" + screen);
    }
    return lines.get(0);
  }
}
