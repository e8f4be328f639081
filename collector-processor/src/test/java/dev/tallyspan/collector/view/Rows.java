package dev.tallyspan.collector.view;

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

  SpanRow row() {
    return new SpanRow(
        traceId,
        id,
        parent,
        name,
        (EPOCH_MILLIS + from) * 1_000_000,
        (EPOCH_MILLIS + to) * 1_000_000,
        error,
        message,
        "shop",
        attributes);
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
