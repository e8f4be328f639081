package dev.tallyspan.collector.output.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a provider or a gateway says was used.
 *
 * @param format who wrote the file
 * @param lines one for each entry of the file that has a time
 */
record UsageExport(Format format, List<Line> lines) {

  /** Who wrote a file. */
  enum Format {
    /**
     * @see <a href="https://platform.openai.com/docs/api-reference/usage">Usage and costs API</a>
     */
    OPENAI("openai"),
    /**
     * @see <a href="https://platform.claude.com/docs/en/api/admin/usage_and_cost">Usage and Cost
     *     API</a>
     */
    ANTHROPIC("anthropic"),
    /**
     * @see <a href="https://docs.litellm.ai/docs/proxy/cost_tracking">Spend logs</a>
     */
    LITELLM(null);

    private final @Nullable String provider;

    Format(@Nullable String provider) {
      this.provider = provider;
    }

    /** The provider whose calls the file is about; null for calls of any. */
    @Nullable String provider() {
      return provider;
    }
  }

  /**
   * An entry. What it does not say is null.
   *
   * @param day in UTC
   * @param input tokens, including those of caches
   */
  record Line(
      LocalDate day,
      String model,
      @Nullable Long calls,
      @Nullable Long input,
      @Nullable Long output,
      @Nullable BigDecimal cost) {}

  private static final JsonFactory JSON = new JsonFactory();
  private static final String NO_MODEL = "(no model)";

  /**
   * Reads a file.
   *
   * @throws LedgerException if the file cannot be read, or is none of the known exports
   */
  static UsageExport read(Path file) throws LedgerException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new LedgerException(file + ": no such file", e);
    } catch (MalformedInputException e) {
      throw new LedgerException(file + ": is not UTF-8", e);
    } catch (IOException e) {
      throw new LedgerException(file + ": cannot be read", e);
    }
    try {
      String stripped = text.startsWith("\uFEFF") ? text.substring(1) : text;
      return stripped.stripLeading().startsWith("{") || stripped.stripLeading().startsWith("[")
          ? ofJson(file, stripped)
          : ofCsv(file, stripped);
    } catch (DateTimeException | NumberFormatException | IOException e) {
      throw e instanceof LedgerException known
          ? known
          : new LedgerException(file + ": cannot be understood: " + LedgerDatabase.oneLine(e), e);
    }
  }

  private static LedgerException unknown(Path file) {
    return new LedgerException(
        file
            + ": is not a usage or cost export of OpenAI or Anthropic (JSON or CSV), nor LiteLLM's"
            + " spend log");
  }

  private static UsageExport ofJson(Path file, String text) throws IOException {
    List<Line> lines = new ArrayList<>();
    Format format = null;
    for (Map<?, ?> entry : entries(text)) {
      if (entry.get("results") instanceof List<?> results) {
        boolean anthropic = entry.containsKey("starting_at");
        format = anthropic ? Format.ANTHROPIC : Format.OPENAI;
        LocalDate day = day(String.valueOf(entry.get(anthropic ? "starting_at" : "start_time")));
        for (Object result : results) {
          if (result instanceof Map<?, ?> map) {
            lines.add(anthropic ? anthropic(day, map) : openai(day, map));
          }
        }
      } else if (entry.containsKey("spend") && entry.containsKey("startTime")) {
        format = Format.LITELLM;
        lines.add(litellm(texts(entry)));
      }
    }
    if (format == null) {
      throw unknown(file);
    }
    return new UsageExport(format, lines);
  }

  /** Returns the objects of an array, of the member {@code data}, or of lines. */
  private static List<Map<?, ?>> entries(String text) throws IOException {
    List<Map<?, ?>> entries = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      while (json.nextToken() != null) {
        Object value = tree(json);
        if (value instanceof Map<?, ?> map && map.get("data") instanceof List<?> data) {
          value = data;
        }
        for (Object each : value instanceof List<?> list ? list : List.of(value)) {
          if (each instanceof Map<?, ?> map) {
            entries.add(map);
          }
        }
      }
    }
    return entries;
  }

  /** Returns maps, lists, texts and decimals; the parser limits how deeply they are nested. */
  private static Object tree(JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          map.put(name, tree(json));
        }
        return map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          list.add(tree(json));
        }
        return list;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        return json.getDecimalValue();
      }
      case VALUE_NULL -> {
        return "";
      }
      default -> {
        return json.getText();
      }
    }
  }

  private static Line openai(LocalDate day, Map<?, ?> result) {
    if (result.get("amount") instanceof Map<?, ?> amount) {
      String item = text(result, "line_item");
      int comma = item.indexOf(',');
      return new Line(
          day,
          item.isEmpty() ? NO_MODEL : comma < 0 ? item : item.substring(0, comma),
          null,
          null,
          null,
          decimal(String.valueOf(amount.get("value"))));
    }
    return new Line(
        day,
        model(text(result, "model")),
        count(text(result, "num_model_requests")),
        count(text(result, "input_tokens")),
        count(text(result, "output_tokens")),
        null);
  }

  private static Line anthropic(LocalDate day, Map<?, ?> result) {
    if (result.containsKey("amount")) {
      BigDecimal cents = decimal(text(result, "amount"));
      return new Line(
          day,
          model(text(result, "model")),
          null,
          null,
          null,
          cents == null ? null : cents.movePointLeft(2));
    }
    Long input = count(text(result, "uncached_input_tokens"));
    input = sum(input, count(text(result, "cache_read_input_tokens")));
    if (result.get("cache_creation") instanceof Map<?, ?> writes) {
      input = sum(input, count(text(writes, "ephemeral_5m_input_tokens")));
      input = sum(input, count(text(writes, "ephemeral_1h_input_tokens")));
    }
    return new Line(
        day, model(text(result, "model")), null, input, count(text(result, "output_tokens")), null);
  }

  private static Line litellm(Map<String, String> entry) {
    return new Line(
        day(entry.getOrDefault("startTime", "")),
        model(entry.getOrDefault("model", "")),
        1L,
        count(entry.getOrDefault("prompt_tokens", "")),
        count(entry.getOrDefault("completion_tokens", "")),
        decimal(entry.getOrDefault("spend", "")));
  }

  private static UsageExport ofCsv(Path file, String text) throws LedgerException {
    List<List<String>> rows = csv(text);
    if (rows.isEmpty()) {
      throw unknown(file);
    }
    List<String> header = rows.get(0);
    List<Line> lines = new ArrayList<>();
    Format format = null;
    for (List<String> row : rows.subList(1, rows.size())) {
      Map<String, String> entry = new LinkedHashMap<>();
      for (int i = 0; i < Math.min(header.size(), row.size()); i++) {
        entry.put(header.get(i).strip(), row.get(i).strip());
      }
      if (entry.containsKey("usage_date_utc")) {
        format = Format.ANTHROPIC;
        lines.add(anthropicCsv(entry));
      } else if (entry.containsKey("spend") && entry.containsKey("startTime")) {
        format = Format.LITELLM;
        lines.add(litellm(entry));
      } else if (entry.containsKey("start_time")
          && (entry.containsKey("amount_value") || entry.containsKey("input_tokens"))) {
        format = Format.OPENAI;
        lines.add(openaiCsv(entry));
      } else {
        throw unknown(file);
      }
    }
    if (format == null) {
      throw unknown(file);
    }
    return new UsageExport(format, lines);
  }

  private static Line openaiCsv(Map<String, String> entry) {
    LocalDate day = day(entry.getOrDefault("start_time", ""));
    if (entry.containsKey("amount_value")) {
      String item = entry.getOrDefault("line_item", "");
      int comma = item.indexOf(',');
      return new Line(
          day,
          item.isEmpty() ? NO_MODEL : comma < 0 ? item : item.substring(0, comma),
          null,
          null,
          null,
          decimal(entry.getOrDefault("amount_value", "")));
    }
    return new Line(
        day,
        model(entry.getOrDefault("model", "")),
        count(entry.getOrDefault("num_model_requests", "")),
        count(entry.getOrDefault("input_tokens", "")),
        count(entry.getOrDefault("output_tokens", "")),
        null);
  }

  private static Line anthropicCsv(Map<String, String> entry) {
    LocalDate day = day(entry.getOrDefault("usage_date_utc", ""));
    if (entry.containsKey("cost_usd")) {
      return new Line(
          day,
          model(entry.getOrDefault("model", "")),
          null,
          null,
          null,
          decimal(entry.getOrDefault("cost_usd", "")));
    }
    Long input = count(entry.getOrDefault("usage_input_tokens_no_cache", ""));
    for (String cache :
        List.of(
            "usage_input_tokens_cache_write_5m",
            "usage_input_tokens_cache_write_1h",
            "usage_input_tokens_cache_read")) {
      input = sum(input, count(entry.getOrDefault(cache, "")));
    }
    return new Line(
        day,
        model(entry.getOrDefault("model_version", "")),
        null,
        input,
        count(entry.getOrDefault("usage_output_tokens", "")),
        null);
  }

  private static String model(String name) {
    return name.isEmpty() ? NO_MODEL : name;
  }

  private static String text(Map<?, ?> map, String key) {
    Object value = map.get(key);
    return value instanceof BigDecimal number
        ? number.toPlainString()
        : value == null ? "" : value.toString();
  }

  private static Map<String, String> texts(Map<?, ?> map) {
    Map<String, String> texts = new LinkedHashMap<>();
    map.keySet().forEach(key -> texts.put(String.valueOf(key), text(map, String.valueOf(key))));
    return texts;
  }

  private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : Long.valueOf(a + b);
  }

  private static @Nullable Long count(String text) {
    BigDecimal number = decimal(text);
    return number == null ? null : number.longValue();
  }

  private static @Nullable BigDecimal decimal(String text) {
    String number = text.replace("$", "").replace(",", "").strip();
    return number.isEmpty() ? null : new BigDecimal(number);
  }

  /** Reads seconds since the epoch, a day, or a time that begins with a day, in UTC. */
  private static LocalDate day(String text) {
    return text.matches("[0-9]{9,11}(\\.0+)?")
        ? LocalDate.ofInstant(
            Instant.ofEpochSecond(new BigDecimal(text).longValue()), ZoneOffset.UTC)
        : LocalDate.parse(text.substring(0, Math.min(10, text.length())));
  }

  /** Reads RFC 4180, and lines that end as on Unix. */
  static List<List<String>> csv(String text) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c != '"') {
          field.append(c);
        } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
          field.append(c);
          i++;
        } else {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == ',') {
        row.add(field.toString());
        field.setLength(0);
      } else if (c == '\n') {
        row.add(field.toString());
        field.setLength(0);
        add(rows, row);
        row = new ArrayList<>();
      } else if (c != '\r') {
        field.append(c);
      }
    }
    row.add(field.toString());
    add(rows, row);
    return rows;
  }

  private static void add(List<List<String>> rows, List<String> row) {
    if (row.size() > 1 || !row.get(0).isBlank()) {
      rows.add(row);
    }
  }
}
