package dev.tallyspan.collector.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recorded requests of real instrumentation, with what the provider truly served. */
final class Captures {

  private static final Path ROOT = Path.of("src/test/resources/captures");

  /** US dollars per million: input, cache read, cache write (5 minutes), output. */
  private static final Map<String, String[]> PRICES =
      Map.ofEntries(
          Map.entry("gpt-4o", new String[] {"2.5", "1.25", "0", "10"}),
          Map.entry("gpt-4o-mini", new String[] {"0.15", "0.075", "0", "0.6"}),
          Map.entry("o4-mini", new String[] {"1.1", "0.275", "0", "4.4"}),
          Map.entry("gpt-4.1", new String[] {"2", "0.5", "0", "8"}),
          Map.entry("gpt-4.1-mini", new String[] {"0.4", "0.1", "0", "1.6"}),
          Map.entry("gpt-5-mini", new String[] {"0.25", "0.025", "0", "2"}),
          Map.entry("text-embedding-3-small", new String[] {"0.02", "0", "0", "0"}),
          Map.entry("claude-sonnet-4-5-20250929", new String[] {"3", "0.3", "3.75", "15"}),
          Map.entry("claude-opus-4-1-20250805", new String[] {"15", "1.5", "18.75", "75"}),
          // On Bedrock an id without a geography is a regional one, a tenth dearer.
          Map.entry(
              "anthropic.claude-sonnet-4-5-20250929-v1:0",
              new String[] {"3.3", "0.33", "4.125", "16.5"}),
          Map.entry("amazon.nova-lite-v1:0", new String[] {"0.06", "0.015", "0", "0.24"}));

  private Captures() {}

  /** One run of one instrumentation. */
  record Scenario(String library, String name, List<Path> files, List<Call> calls) {

    List<Path> traces() {
      return files.stream().filter(file -> file.toString().contains("__traces__")).toList();
    }

    @Override
    public String toString() {
      return library + " " + name;
    }
  }

  /** One call that the provider served; counts are inclusive, zero where there was no usage. */
  record Call(
      String model,
      boolean usageOnWire,
      long input,
      long output,
      long cacheRead,
      long cacheWrite) {}

  /**
   * What the call cost; without cache counts on the span, what it would have cost without a cache,
   * since then nobody can know better.
   */
  static BigDecimal price(Call call, boolean cacheKnown) {
    String[] rates = PRICES.get(call.model);
    if (rates == null) {
      throw new IllegalArgumentException("model=" + call.model + ": no price here");
    }
    long read = cacheKnown ? call.cacheRead : 0;
    long write = cacheKnown ? call.cacheWrite : 0;
    return times(call.input - read - write, rates[0])
        .add(times(read, rates[1]))
        .add(times(write, rates[2]))
        .add(times(call.output, rates[3]));
  }

  static List<Scenario> scenarios() throws IOException {
    Object root = read(ROOT.resolve("truth.json"));
    List<Scenario> scenarios = new ArrayList<>();
    for (Object each : list(map(root).get("scenarios"))) {
      Map<?, ?> scenario = map(each);
      List<Path> files = new ArrayList<>();
      for (Object file : list(scenario.get("files"))) {
        files.add(ROOT.resolve("files").resolve((String) file));
      }
      List<Call> calls = new ArrayList<>();
      for (Object call : list(scenario.get("calls"))) {
        calls.add(call(map(call)));
      }
      scenarios.add(
          new Scenario(
              (String) scenario.get("library"), (String) scenario.get("scenario"), files, calls));
    }
    return scenarios;
  }

  private static Call call(Map<?, ?> call) {
    Map<?, ?> usage = call.get("usage") == null ? Map.of() : map(call.get("usage"));
    boolean onWire = !usage.isEmpty() && Boolean.TRUE.equals(call.get("usage_sent_on_wire"));
    return new Call(
        (String) call.get("model_requested"),
        onWire,
        number(usage, "input"),
        number(usage, "output"),
        number(usage, "cached_input"),
        number(usage, "cache_creation"));
  }

  private static long number(Map<?, ?> usage, String key) {
    return usage.get(key) instanceof Number number ? number.longValue() : 0;
  }

  private static BigDecimal times(long tokens, String perMillion) {
    return new BigDecimal(perMillion).multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
  }

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }

  private static List<?> list(Object value) {
    return (List<?>) value;
  }

  private static Object read(Path file) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      json.nextToken();
      return value(json);
    }
  }

  private static Object value(JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String name = json.currentName();
          json.nextToken();
          map.put(name, value(json));
        }
        return map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(json));
        }
        return list;
      }
      case VALUE_STRING -> {
        return json.getText();
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return json.getBooleanValue();
      }
      case VALUE_NULL -> {
        return null;
      }
      default -> {
        return json.getNumberValue();
      }
    }
  }
}
