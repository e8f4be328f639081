package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.GenAiEvents;
import dev.tallyspan.semconv.LogView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.internal.dialect.LogEvent;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Nesting;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the results of evaluations from spans and log records.
 *
 * <p>The event {@code gen_ai.evaluation.result} of the GenAI conventions, on a span or as a log
 * record; the same attributes on a span; OpenInference's {@code annotations.N.annotation.*} and
 * {@code evaluations.N.evaluation.*}, of a span or of its trace; Braintrust's {@code
 * braintrust.scores}. Results of a whole session are not read. Never throws on what a span
 * contains: what is not valid is left out.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-events.md">GenAI
 *     events</a>
 * @see <a href="https://arize-ai.github.io/openinference/spec/feedback/annotations.html">
 *     OpenInference, annotations and evaluations</a>
 */
public final class Evaluations {

  /** The attribute with {@link Evaluation#id()}, which the conventions do not have. */
  public static final String ID = "tallyspan.evaluation.id";

  /** The most that is read from one span. */
  public static final int MOST = 64;

  private static final String NAME = GenAiAttributes.GEN_AI_EVALUATION_NAME.getKey();
  private static final String VALUE = GenAiAttributes.GEN_AI_EVALUATION_SCORE_VALUE.getKey();
  private static final String LABEL = GenAiAttributes.GEN_AI_EVALUATION_SCORE_LABEL.getKey();
  private static final String EXPLANATION = GenAiAttributes.GEN_AI_EVALUATION_EXPLANATION.getKey();
  private static final String RESPONSE_ID = GenAiAttributes.GEN_AI_RESPONSE_ID.getKey();
  private static final String ERROR_TYPE = "error.type";
  private static final String SCORES = "braintrust.scores";

  private static final Pattern INDEXED =
      Pattern.compile(
          "((?:trace\\.)?(?:annotations|evaluations))\\.([0-9]{1,4})"
              + "\\.(?:annotation|evaluation)\\.(name|score|label|explanation)");

  private Evaluations() {}

  /** {@return whether an event of this name is the result of an evaluation} */
  private static boolean isResult(@Nullable String name) {
    return GenAiEvents.GEN_AI_EVALUATION_RESULT.equals(name);
  }

  /**
   * {@return the results on the span, in the order of events and then attributes; at most {@link
   * #MOST}}
   *
   * @param span the span
   */
  public static List<Evaluation> of(SpanView span) {
    List<Evaluation> found = new ArrayList<>(0);
    for (EventView event : span.events()) {
      if (isResult(event.name())) {
        add(found, conventional(event.attributes(), event.body(), event.epochNanos()));
      }
    }
    Map<String, Map<Integer, Map<String, Value<?>>>> indexed = null;
    boolean own = false;
    AttributeView attributes = span.attributes();
    for (int i = 0; i < attributes.size(); i++) {
      String key = attributes.key(i);
      if (key == null) {
        continue;
      }
      own |= key.startsWith("gen_ai.evaluation.");
      boolean scores = key.equals(SCORES);
      // Values are read where they count only: those of a call may be long.
      Value<?> value = scores || mayBeIndexed(key) ? attributes.value(i) : null;
      if (value == null) {
        continue;
      }
      if (scores) {
        scores(value, found);
      } else {
        indexed = indexed == null ? new TreeMap<>() : indexed;
        index(key, value, indexed);
      }
    }
    if (own) {
      add(found, conventional(attributes, null, 0));
    }
    if (indexed != null) {
      indexed
          .values()
          .forEach(list -> list.values().forEach(fields -> add(found, annotation(fields))));
    }
    return List.copyOf(found);
  }

  /**
   * {@return the result that the log record is; null if it is something else}
   *
   * @param log the log record
   */
  public static @Nullable Evaluation of(LogView log) {
    LogEvent event = LogEvent.of(log);
    return isResult(event.name())
        ? conventional(event.attributes(), event.body(), event.epochNanos())
        : null;
  }

  private static void add(List<Evaluation> found, @Nullable Evaluation evaluation) {
    if (evaluation != null && found.size() < MOST) {
      found.add(evaluation);
    }
  }

  /**
   * Reads the attributes of the conventions, or where they are missing, the members of the body.
   */
  private static @Nullable Evaluation conventional(
      AttributeView attributes, @Nullable Value<?> body, long epochNanos) {
    Json members = body == null ? Json.ABSENT : Json.of(Nesting.bounded(body));
    return evaluation(
        text(json(ID, attributes, members)),
        json(NAME, attributes, members),
        json(VALUE, attributes, members),
        json(LABEL, attributes, members),
        json(EXPLANATION, attributes, members),
        text(json(RESPONSE_ID, attributes, members)),
        text(json(ERROR_TYPE, attributes, members)),
        "gen_ai",
        epochNanos);
  }

  private static Json json(String key, AttributeView attributes, Json members) {
    Value<?> value = attributes.get(key);
    return value == null ? members.get(key) : Json.of(Nesting.bounded(value));
  }

  private static boolean mayBeIndexed(String key) {
    return key.startsWith("annotations.")
        || key.startsWith("evaluations.")
        || key.startsWith("trace.annotations.")
        || key.startsWith("trace.evaluations.");
  }

  private static void index(
      String key, Value<?> value, Map<String, Map<Integer, Map<String, Value<?>>>> indexed) {
    Matcher parts = INDEXED.matcher(key);
    if (parts.matches()) {
      indexed
          .computeIfAbsent(parts.group(1), list -> new TreeMap<>())
          .computeIfAbsent(Integer.parseInt(parts.group(2)), index -> new HashMap<>())
          .putIfAbsent(parts.group(3), value);
    }
  }

  private static @Nullable Evaluation annotation(Map<String, Value<?>> fields) {
    return evaluation(
        /* id= */ null,
        Json.of(Nesting.bounded(fields.get("name"))),
        Json.of(Nesting.bounded(fields.get("score"))),
        Json.of(Nesting.bounded(fields.get("label"))),
        Json.of(Nesting.bounded(fields.get("explanation"))),
        /* responseId= */ null,
        /* errorType= */ null,
        "openinference",
        /* epochNanos= */ 0);
  }

  /** Reads an object of names and numbers. */
  private static void scores(Value<?> value, List<Evaluation> found) {
    Json object = Json.of(value).unwrapOrSelf();
    if (object.isObject()) {
      object
          .entries()
          .forEach(
              (name, score) -> {
                Double number = number(score);
                if (number != null) {
                  add(
                      found,
                      new Evaluation(null, name, number, null, null, null, null, "braintrust", 0));
                }
              });
    }
  }

  /** Returns null if there is no result. */
  private static @Nullable Evaluation evaluation(
      @Nullable String id,
      Json name,
      Json value,
      Json label,
      Json explanation,
      @Nullable String responseId,
      @Nullable String errorType,
      String source,
      long epochNanos) {
    Double number = number(value);
    String inWords = text(label);
    String why = text(explanation);
    if (number == null && inWords == null && why == null && errorType == null) {
      return null;
    }
    String named = text(name);
    return new Evaluation(
        id,
        named == null ? "" : named,
        number,
        inWords,
        why,
        responseId,
        errorType,
        source,
        epochNanos);
  }

  private static @Nullable String text(Json json) {
    String text = json.asText();
    return text == null || text.isEmpty() ? null : text;
  }

  private static @Nullable Double number(Json json) {
    Value<?> value = json.value();
    if (value != null && value.getValue() instanceof Number number) {
      double score = number.doubleValue();
      return Double.isFinite(score) ? score : null;
    }
    return null;
  }
}
