package dev.tallyspan.collector.output.dataset;

import static dev.tallyspan.collector.output.dataset.Json.list;
import static dev.tallyspan.collector.output.dataset.Json.object;
import static dev.tallyspan.collector.output.dataset.Json.objects;
import static dev.tallyspan.collector.output.dataset.Json.text;

import dev.tallyspan.semconv.span.Cost;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A span, as the viewer keeps it: its JSON, with what cases need of it. */
final class SpanFacts {

  static final String INPUT = "gen_ai.input.messages";
  static final String OUTPUT = "gen_ai.output.messages";
  static final String SYSTEM = "gen_ai.system_instructions";
  static final String TOOLS = "gen_ai.tool.definitions";
  static final String ARGUMENTS = "gen_ai.tool.call.arguments";
  static final String RESULT = "gen_ai.tool.call.result";
  static final String DOCUMENTS = "gen_ai.retrieval.documents";
  static final String MESSAGE = "status.message";

  private static final Set<String> MODEL_CALLS =
      Set.of("chat", "generate_content", "text_completion");
  private static final Set<String> NOT_ASKED = Set.of("embeddings", "execute_tool", "retrieval");

  private final Map<String, @Nullable Object> span;
  private final Map<String, @Nullable Object> llm;
  private final Map<String, @Nullable Object> cost;

  private SpanFacts(Map<String, @Nullable Object> span) {
    this.span = span;
    llm = object(span, "llm");
    cost = object(span, "cost");
  }

  /**
   * @throws IllegalArgumentException if it is not JSON
   */
  static SpanFacts of(byte[] detail) {
    try {
      return new SpanFacts(object(Json.parse(detail)));
    } catch (IOException e) {
      throw new IllegalArgumentException("a span is not JSON: " + e.getClass().getSimpleName(), e);
    }
  }

  String traceId() {
    return text(span, "traceId");
  }

  String key() {
    return text(span, "key");
  }

  String parent() {
    return text(span, "parentSpanId");
  }

  String session() {
    return text(span, "session");
  }

  String service() {
    return text(span, "service");
  }

  BigDecimal startNanos() {
    return nanos("startNanos");
  }

  BigDecimal endNanos() {
    return nanos("endNanos");
  }

  private BigDecimal nanos(String name) {
    String text = text(span, name);
    return text.isEmpty() ? BigDecimal.ZERO : new BigDecimal(text);
  }

  boolean failed() {
    return Json.isTrue(span, "failed");
  }

  String errorType() {
    return text(span, "errorType");
  }

  /** The text of the error: of the status, else of an exception, else its type. */
  String message() {
    String status = text(span, "statusMessage");
    if (!status.isEmpty()) {
      return status;
    }
    for (Map<String, @Nullable Object> event : objects(span, "events")) {
      String message = text(object(event, "attributes"), "exception.message");
      if (!message.isEmpty()) {
        return message;
      }
    }
    return errorType();
  }

  /**
   * The result of an evaluation.
   *
   * @param value null if it has only a label
   * @param label empty if it has only a value
   */
  record Result(String name, @Nullable BigDecimal value, String label, String explanation) {

    private static final Set<String> BAD = Set.of("fail", "failed", "false", "incorrect", "bad");
    private static final BigDecimal HALF = new BigDecimal("0.5");

    boolean isBad() {
      return label.isEmpty()
          ? value != null && value.signum() >= 0 && value.compareTo(HALF) < 0
          : BAD.contains(label.toLowerCase(Locale.ROOT));
    }
  }

  List<Result> evaluations() {
    List<Result> results = new ArrayList<>();
    for (Map<String, @Nullable Object> result : objects(span, "evaluations")) {
      results.add(
          new Result(
              text(result, "name"),
              result.get("value") instanceof Number value ? new BigDecimal(value.toString()) : null,
              text(result, "label"),
              text(result, "explanation")));
    }
    return results;
  }

  String resource(String key) {
    return text(object(span, "resource"), key);
  }

  String contentMode() {
    return text(span, "contentMode");
  }

  boolean isRedacted(String contentKey) {
    return list(span.get("redactedContent")).contains(contentKey);
  }

  String operation() {
    return text(llm, "operation");
  }

  String fact(String name) {
    return text(llm, name);
  }

  boolean isTool() {
    return operation().equals("execute_tool");
  }

  /** Whether it is a call of a model that answers, and not one that another span bills. */
  boolean isModelCall() {
    return !isDuplicate() && MODEL_CALLS.contains(operation());
  }

  /** Whether it may have the question or the answer of a case. */
  boolean isAsked() {
    return !NOT_ASKED.contains(operation());
  }

  boolean isDuplicate() {
    return text(cost, "status").equals(Cost.Status.DUPLICATE.wireName());
  }

  boolean isBilled() {
    return isWith(Cost.Status::isBilled);
  }

  /** Whether it is billed and its cost is not known, or not all of it. */
  boolean isCostOpen() {
    return isWith(status -> status == Cost.Status.UNPRICED || status == Cost.Status.PARTIAL);
  }

  private boolean isWith(Predicate<Cost.Status> condition) {
    for (Cost.Status status : Cost.Status.values()) {
      if (status.wireName().equals(text(cost, "status"))) {
        return condition.test(status);
      }
    }
    return false;
  }

  /** The exact cost; empty if it is not known. */
  Optional<BigDecimal> cost() {
    String total = text(cost, "total");
    return total.isEmpty() ? Optional.empty() : Optional.of(new BigDecimal(total));
  }

  String currency() {
    return text(cost, "currency");
  }

  String catalog() {
    return text(cost, "catalog");
  }

  Map<String, @Nullable Object> usage() {
    return object(llm, "usage");
  }

  @Nullable BigDecimal firstTokenSeconds() {
    return llm.get("firstTokenSeconds") instanceof Number seconds
        ? new BigDecimal(seconds.toString())
        : null;
  }

  List<Map<String, @Nullable Object>> input() {
    return objects(llm, "input");
  }

  List<Map<String, @Nullable Object>> output() {
    return objects(llm, "output");
  }

  /** The instructions as one text; empty if there are none. */
  String system() {
    return Messages.texts(objects(llm, "system"));
  }

  List<@Nullable Object> tools() {
    Object tools = llm.get("toolDefinitions");
    return tools instanceof Map ? List.of(tools) : list(tools);
  }

  @Nullable Object arguments() {
    return llm.get("arguments");
  }

  @Nullable Object result() {
    return llm.get("result");
  }

  List<@Nullable Object> documents() {
    Object documents = llm.get("documents");
    return documents instanceof Map ? List.of(documents) : list(documents);
  }

  /** The text of the answer; empty if there is none. */
  String answer() {
    List<String> texts = new ArrayList<>();
    for (Map<String, @Nullable Object> message : output()) {
      String text = Messages.texts(objects(message, "parts"));
      if (!text.isEmpty()) {
        texts.add(text);
      }
    }
    return String.join("\n", texts);
  }

  List<String> finishReasons() {
    List<String> reasons = new ArrayList<>();
    for (Object reason : list(llm.get("finishReasons"))) {
      if (reason instanceof String text) {
        reasons.add(text);
      }
    }
    for (Map<String, @Nullable Object> message : output()) {
      String reason = text(message, "finish_reason");
      if (!reason.isEmpty()) {
        reasons.add(reason);
      }
    }
    return reasons;
  }

  boolean isJsonWanted() {
    return text(object(span, "attributes"), "gen_ai.output.type").equals("json");
  }
}
