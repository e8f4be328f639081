package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.FinishReasons;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Scalars;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Converts a value that an emitter wrote to the value of a slot; null if there is no such value.
 * Lists as JSON text and what {@link Scalars} reads all occur, since tag-based tracers know no
 * other type than text.
 *
 * @param <T> the type of the slot's value
 */
public final class Coercion<T> {
  /** Text unchanged, whole numbers and booleans as text. */
  public static final Coercion<String> TEXT = new Coercion<>(Scalars::text);

  /**
   * A whole number from 0 to 1e17: no count is larger, and sums of such numbers do not overflow.
   */
  public static final Coercion<Long> COUNT = new Coercion<>(Scalars::count);

  /** A whole number of either sign. */
  public static final Coercion<Long> WHOLE = new Coercion<>(Scalars::whole);

  /** A finite number of either sign. */
  public static final Coercion<Double> NUMBER = new Coercion<>(Scalars::number);

  /** A finite number from 0, in seconds if it is a time. */
  public static final Coercion<Double> POSITIVE =
      new Coercion<>(json -> positive(Scalars.number(json), 1));

  /** A time in milliseconds, as seconds. */
  public static final Coercion<Double> MILLIS =
      new Coercion<>(json -> positive(Scalars.number(json), 1e3));

  /** A time in nanoseconds, as seconds. */
  public static final Coercion<Double> NANOS =
      new Coercion<>(json -> positive(Scalars.number(json), 1e9));

  static final Coercion<Boolean> FLAG = new Coercion<>(Scalars::flag);

  /** True or nothing: for flags that are only written if they are true. */
  public static final Coercion<Boolean> SET_FLAG =
      new Coercion<>(json -> Boolean.TRUE.equals(Scalars.flag(json)) ? Boolean.TRUE : null);

  /** A list of texts: also as JSON text, as Python prints it, or a single text. */
  public static final Coercion<List<String>> TEXTS = new Coercion<>(Coercion::texts);

  /** A list of texts, also separated by commas. */
  public static final Coercion<List<String>> TAGS = new Coercion<>(Coercion::tags);

  public static final Coercion<String> OPERATION =
      new Coercion<>(json -> Operations.canonical(Scalars.text(json)));
  public static final Coercion<String> PROVIDER =
      new Coercion<>(json -> Providers.canonical(Scalars.text(json)));
  public static final Coercion<List<String>> FINISH_REASONS =
      new Coercion<>(json -> FinishReasons.respell(texts(json)));
  public static final Coercion<String> OUTPUT_TYPE =
      new Coercion<>(json -> outputType(Scalars.text(json)));

  /** A number of choices; one is the default, and is ignored. */
  public static final Coercion<Long> CHOICES = new Coercion<>(json -> choices(Scalars.whole(json)));

  /** Messages to the model, in any shape: a list of {@link Message}. */
  public static final Coercion<List<Message>> INPUT_MESSAGES =
      new Coercion<>(json -> some(MessageReader.input().read(json)));

  /** Messages from the model, in any shape: a list of {@link Message}. */
  public static final Coercion<List<Message>> OUTPUT_MESSAGES =
      new Coercion<>(json -> some(MessageReader.output().read(json)));

  /** Instructions that are separate from the messages: a list of {@link MessagePart}. */
  public static final Coercion<List<MessagePart>> INSTRUCTIONS =
      new Coercion<>(Coercion::instructions);

  public static final Coercion<Value<?>> TOOL_DEFINITIONS = new Coercion<>(ToolDefinitions::read);
  public static final Coercion<Value<?>> ARGUMENTS = new Coercion<>(PartReader::arguments);
  public static final Coercion<Value<?>> RESULT = new Coercion<>(PartReader::response);
  public static final Coercion<Value<?>> DOCUMENTS = new Coercion<>(RetrievalDocuments::read);

  /** The location in a URL or path, {@code .../locations/us-east5/...}. */
  public static final Coercion<String> LOCATION =
      new Coercion<>(json -> location(Scalars.text(json)));

  private static final Pattern PLACE = Pattern.compile("/locations/([a-z0-9-]+)(?=[/?#:]|$)");

  private final Function<Json, T> function;

  private Coercion(Function<Json, T> function) {
    this.function = function;
  }

  /** The value for the slot; null if there is none. */
  public @Nullable T apply(Json json) {
    return json.isPresent() ? function.apply(json) : null;
  }

  private static @Nullable Double positive(@Nullable Double number, double divisor) {
    return number != null && number >= 0 ? Double.valueOf(number / divisor) : null;
  }

  private static @Nullable Long choices(@Nullable Long count) {
    return count == null || count < 0 || count == 1 ? null : count;
  }

  private static @Nullable List<String> texts(Json json) {
    Json list = json.unwrapOrSelf();
    List<String> texts = new ArrayList<>();
    if (list.isArray()) {
      for (Json element : list) {
        String text = Scalars.text(element);
        if (text != null) {
          texts.add(text);
        }
      }
    } else if (list.isText() && list.text().startsWith("[") && list.text().endsWith("]")) {
      // A list joined by hand: its elements' own quotes are not escaped.
      String inner = list.text().substring(1, list.text().length() - 1);
      for (String element : inner.split("\\s*,\\s*")) {
        String bare = element.replaceAll("^[\"']|[\"']$", "");
        if (!Scalars.isPlaceholder(bare)) {
          texts.add(bare);
        }
      }
    } else {
      String text = Scalars.text(list);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts.isEmpty() ? null : List.copyOf(texts);
  }

  private static @Nullable List<String> tags(Json json) {
    List<String> texts = texts(json);
    if (texts == null) {
      return null;
    }
    Set<String> tags = new LinkedHashSet<>();
    for (String text : texts.size() == 1 ? List.of(texts.get(0).split(",")) : texts) {
      if (!text.isBlank()) {
        tags.add(text.strip());
      }
    }
    return tags.isEmpty() ? null : List.copyOf(tags);
  }

  private static @Nullable List<MessagePart> instructions(Json json) {
    Json opened = json.unwrapOrSelf();
    List<MessagePart> parts = new ArrayList<>();
    for (Json element : opened.isArray() ? opened : List.of(opened)) {
      Json inner = element.first("parts", "content");
      boolean message = element.get("role").isText() || inner.isArray();
      parts.addAll(PartReader.readAll(message ? inner : element));
    }
    return some(parts);
  }

  private static <E> @Nullable List<E> some(List<E> list) {
    return list.isEmpty() ? null : list;
  }

  private static @Nullable String location(@Nullable String path) {
    if (path == null) {
      return null;
    }
    Matcher place = PLACE.matcher(path);
    return place.find() ? place.group(1) : null;
  }

  private static @Nullable String outputType(@Nullable String type) {
    if (type == null) {
      return null;
    }
    return switch (type.strip().toLowerCase(Locale.ROOT)) {
      case "json", "json_object", "json_schema", "object" -> "json";
      case "text" -> "text";
      case "image" -> "image";
      case "speech", "audio" -> "speech";
      default -> type;
    };
  }
}
