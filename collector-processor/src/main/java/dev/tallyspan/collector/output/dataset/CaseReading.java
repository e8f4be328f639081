package dev.tallyspan.collector.output.dataset;

import static dev.tallyspan.collector.output.dataset.Json.objects;
import static dev.tallyspan.collector.output.dataset.Json.putFilled;
import static dev.tallyspan.collector.output.dataset.Json.putText;
import static dev.tallyspan.collector.output.dataset.Json.text;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes the record of a case from spans. */
final class CaseReading {

  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("yyyy-MM", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final List<SpanFacts> spans;
  private final SpanFacts asked;
  private final Optional<SpanFacts> answered;

  // The paths of what the content policy has changed.
  private final Set<String> redacted = new TreeSet<>();

  private CaseReading(List<SpanFacts> spans, SpanFacts asked, Optional<SpanFacts> answered) {
    this.spans = spans;
    this.asked = asked;
    this.answered = answered;
  }

  static Optional<DatasetCase> ofTrace(List<SpanFacts> spans) {
    Optional<SpanFacts> answered =
        spans.stream()
            .filter(span -> span.isAsked() && !span.output().isEmpty())
            .max(
                Comparator.comparing((SpanFacts span) -> !span.answer().isEmpty())
                    .thenComparing(SpanFacts::endNanos));
    return spans.stream()
        .filter(span -> span.isAsked() && !span.input().isEmpty())
        .findFirst()
        .map(asked -> new CaseReading(spans, asked, answered).read("tr-" + asked.traceId(), ""));
  }

  static Optional<DatasetCase> ofSpan(List<SpanFacts> branch) {
    SpanFacts span = branch.get(0);
    if (span.input().isEmpty() || !span.isAsked()) {
      return Optional.empty();
    }
    Optional<SpanFacts> answered = Optional.of(span).filter(it -> !it.output().isEmpty());
    return Optional.of(
        new CaseReading(branch, span, answered)
            .read("tr-" + span.traceId() + "-" + span.key(), span.key()));
  }

  private DatasetCase read(String id, String spanId) {
    Optional<Failure> failure = FailureReading.of(spans, answered);
    if (failure.isPresent()) {
      spans.forEach(span -> redacted(span, SpanFacts.MESSAGE, "$.failure.message"));
    }
    Map<String, @Nullable Object> input = input();
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    record.put("id", id);
    record.put("schema", DatasetCase.SCHEMA);
    record.put("input", input);
    record.put("input_digest", Json.digest(canonical(input)));
    record.put("output", output());
    record.put("expected", null);
    record.put("failure", failure.map(Failure::toJson).orElse(null));
    record.put("assertions", failure.map(this::assertions).orElse(List.of()));
    record.put("context", new LinkedHashMap<>(Map.of("documents", documents())));
    record.put("trajectory", trajectory());
    record.put("metadata", metadata());
    record.put("source", source(spanId));
    record.put("split", "regression");
    record.put("redaction", redaction());
    record.put("tags", tags());
    record.put("count", 1);
    return DatasetCase.of(record);
  }

  private Map<String, @Nullable Object> input() {
    Map<String, @Nullable Object> input = new LinkedHashMap<>();
    input.put("messages", asked.input());
    redacted(asked, SpanFacts.INPUT, "$.input.messages");
    // An agent is asked without the instructions and the tools that its calls of the model have.
    SpanFacts instructed = instructed(SpanFacts.SYSTEM);
    putText(input, "system", instructed.system());
    redacted(instructed, SpanFacts.SYSTEM, "$.input.system");
    SpanFacts equipped = instructed(SpanFacts.TOOLS);
    putFilled(input, "tools", equipped.tools());
    redacted(equipped, SpanFacts.TOOLS, "$.input.tools");
    return input;
  }

  private SpanFacts instructed(String what) {
    if (asked.isModelCall()) {
      return asked;
    }
    return spans.stream()
        .filter(
            span ->
                what.equals(SpanFacts.SYSTEM) ? !span.system().isEmpty() : !span.tools().isEmpty())
        .findFirst()
        .orElse(asked);
  }

  /** Ids of calls are new in each run, so they are numbered; how an answer ended is no input. */
  private static Object canonical(Map<String, @Nullable Object> input) {
    Map<String, @Nullable Object> canonical = new LinkedHashMap<>(input);
    Map<String, Integer> ids = new HashMap<>();
    List<@Nullable Object> messages = new ArrayList<>();
    for (Map<String, @Nullable Object> message : objects(input, "messages")) {
      Map<String, @Nullable Object> same = new LinkedHashMap<>(message);
      same.remove("finish_reason");
      List<@Nullable Object> parts = new ArrayList<>();
      for (Map<String, @Nullable Object> part : objects(message, "parts")) {
        Map<String, @Nullable Object> known = new LinkedHashMap<>(part);
        if (part.get("id") instanceof String id) {
          known.put("id", ids.computeIfAbsent(id, next -> ids.size()));
        }
        parts.add(known);
      }
      same.put("parts", parts);
      messages.add(same);
    }
    canonical.put("messages", messages);
    return canonical;
  }

  private Map<String, @Nullable Object> output() {
    Map<String, @Nullable Object> output = new LinkedHashMap<>();
    output.put("messages", answered.map(SpanFacts::output).orElse(List.of()));
    answered.ifPresent(span -> redacted(span, SpanFacts.OUTPUT, "$.output.messages"));
    return output;
  }

  /** Says as conditions what is wrong, as far as that can be said without the right answer. */
  private List<@Nullable Object> assertions(Failure failure) {
    List<@Nullable Object> assertions = new ArrayList<>();
    String answer = answered.map(SpanFacts::answer).orElse("");
    if (answered.map(SpanFacts::isJsonWanted).orElse(false)) {
      assertions.add(new LinkedHashMap<>(Map.of("type", "is-json")));
    }
    // What the policy has changed is not the answer that was given.
    if (failure.kind().isOfTheAnswer()
        && !answer.isEmpty()
        && !answered.orElseThrow().isRedacted(SpanFacts.OUTPUT)) {
      Map<String, @Nullable Object> other = new LinkedHashMap<>();
      other.put("type", "not-equals");
      other.put("value", answer);
      assertions.add(other);
    }
    return assertions;
  }

  private List<@Nullable Object> documents() {
    List<@Nullable Object> documents = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (SpanFacts span : spans) {
      for (Object document : span.documents()) {
        Object read =
            document instanceof String text
                ? new LinkedHashMap<>(Map.of("content", text))
                : document;
        if (read instanceof Map && known.add(Json.digest(read))) {
          documents.add(read);
          redacted(span, SpanFacts.DOCUMENTS, "$.context.documents");
        }
      }
    }
    return documents;
  }

  /** The calls of tools as they ran; if no span says so, as the models asked for them. */
  private List<@Nullable Object> trajectory() {
    List<@Nullable Object> steps = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (SpanFacts span : spans) {
      String id = span.fact("toolCallId");
      if (!span.isTool() || span.isDuplicate() || !id.isEmpty() && !ids.add(id)) {
        continue;
      }
      Map<String, @Nullable Object> step = step(span.fact("tool"), span.arguments());
      if (span.result() != null) {
        step.put("result_digest", "sha256:" + Json.digest(span.result()));
      }
      if (span.failed()) {
        step.put("error", span.errorType().isEmpty() ? "error" : span.errorType());
      }
      String path = "$.trajectory[" + steps.size() + "]";
      redacted(span, SpanFacts.ARGUMENTS, path + ".arguments");
      redacted(span, SpanFacts.RESULT, path + ".result_digest");
      steps.add(step);
    }
    if (steps.isEmpty()) {
      spans.stream().filter(SpanFacts::isModelCall).forEach(span -> addCalls(span, ids, steps));
    }
    return steps;
  }

  private void addCalls(SpanFacts span, Set<String> ids, List<@Nullable Object> steps) {
    for (Map<String, @Nullable Object> message : span.output()) {
      for (Map<String, @Nullable Object> part : objects(message, "parts")) {
        String id = text(part, "id");
        if (text(part, "type").equals("tool_call") && (id.isEmpty() || ids.add(id))) {
          redacted(span, SpanFacts.OUTPUT, "$.trajectory[" + steps.size() + "].arguments");
          steps.add(step(text(part, "name"), part.get("arguments")));
        }
      }
    }
  }

  private static Map<String, @Nullable Object> step(String tool, @Nullable Object arguments) {
    Map<String, @Nullable Object> step = new LinkedHashMap<>();
    step.put("tool", tool);
    step.put("arguments", arguments);
    return step;
  }

  private Map<String, @Nullable Object> metadata() {
    SpanFacts call = answered.filter(SpanFacts::isModelCall).or(() -> lastCall()).orElse(asked);
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    String model = call.fact("responseModel");
    putText(metadata, "model", model.isEmpty() ? call.fact("requestModel") : model);
    putText(metadata, "provider", call.fact("provider"));
    putText(metadata, "prompt_name", first("prompt"));
    putText(metadata, "prompt_version", first("promptVersion"));
    putText(metadata, "environment", environment());
    putText(metadata, "service", asked.service());
    putUsage(metadata);
    putCost(metadata);
    putTimes(metadata);
    return metadata;
  }

  private Optional<SpanFacts> lastCall() {
    return spans.stream()
        .filter(SpanFacts::isModelCall)
        .max(Comparator.comparing(SpanFacts::endNanos));
  }

  private String first(String fact) {
    return spans.stream()
        .map(span -> span.fact(fact))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  private String environment() {
    String name = asked.resource("deployment.environment.name");
    return name.isEmpty() ? asked.resource("deployment.environment") : name;
  }

  private void putUsage(Map<String, @Nullable Object> metadata) {
    Map<String, @Nullable Object> usage = new LinkedHashMap<>();
    Map<String, String> names = new LinkedHashMap<>();
    names.put("input", "input_tokens");
    names.put("cacheRead", "cache_read_tokens");
    names.put("cacheWrite", "cache_write_tokens");
    names.put("output", "output_tokens");
    names.put("reasoning", "reasoning_tokens");
    for (Map.Entry<String, String> name : names.entrySet()) {
      for (SpanFacts span : spans) {
        if (span.isBilled() && span.usage().containsKey(name.getKey())) {
          long before = Json.number(usage, name.getValue());
          usage.put(name.getValue(), before + Json.number(span.usage(), name.getKey()));
        }
      }
    }
    putFilled(metadata, "usage", usage);
  }

  /** Exact sums by currency, as texts; what is not known is said, and is not zero. */
  private void putCost(Map<String, @Nullable Object> metadata) {
    Map<String, BigDecimal> costs = new TreeMap<>();
    Set<String> catalogs = new LinkedHashSet<>();
    int open = 0;
    for (SpanFacts span : spans) {
      if (!span.isBilled()) {
        continue;
      }
      open += span.isCostOpen() ? 1 : 0;
      if (span.cost().isPresent() && span.currency().matches("[A-Z]{3}")) {
        costs.merge(span.currency(), span.cost().get(), BigDecimal::add);
        catalogs.add(span.catalog());
      }
    }
    costs.forEach(
        (currency, amount) ->
            metadata.put(
                "cost_" + currency.toLowerCase(Locale.ROOT),
                amount.stripTrailingZeros().toPlainString()));
    if (open > 0) {
      metadata.put("calls_without_full_cost", open);
    }
    catalogs.remove("");
    putText(metadata, "price_table", String.join(", ", catalogs));
  }

  private void putTimes(Map<String, @Nullable Object> metadata) {
    BigDecimal start =
        spans.stream()
            .map(SpanFacts::startNanos)
            .filter(nanos -> nanos.signum() > 0)
            .min(Comparator.naturalOrder())
            .orElse(BigDecimal.ZERO);
    BigDecimal end =
        spans.stream().map(SpanFacts::endNanos).max(Comparator.naturalOrder()).orElse(start);
    if (start.signum() > 0 && end.compareTo(start) > 0) {
      metadata.put("latency_ms", millis(end.subtract(start)));
    }
    answered
        .filter(span -> span.isModelCall() && span.firstTokenSeconds() != null)
        .or(() -> lastCall().filter(span -> span.firstTokenSeconds() != null))
        .ifPresent(
            span -> {
              BigDecimal seconds = span.firstTokenSeconds();
              if (seconds != null && seconds.signum() > 0 && start.signum() > 0) {
                metadata.put(
                    "ttft_ms",
                    millis(span.startNanos().subtract(start).add(seconds.movePointRight(9))));
              }
            });
  }

  private static BigDecimal millis(BigDecimal nanos) {
    return nanos.movePointLeft(6).setScale(0, RoundingMode.HALF_UP);
  }

  private Map<String, @Nullable Object> source(String spanId) {
    Map<String, @Nullable Object> source = new LinkedHashMap<>();
    source.put("trace_id", asked.traceId());
    putText(source, "span_id", spanId);
    putText(
        source,
        "session_id",
        spans.stream().map(SpanFacts::session).filter(id -> !id.isEmpty()).findFirst().orElse(""));
    started().ifPresent(time -> source.put("started", time.toString()));
    return source;
  }

  private Optional<Instant> started() {
    BigDecimal nanos = spans.get(0).startNanos();
    try {
      return nanos.signum() > 0
          ? Optional.of(Instant.EPOCH.plusNanos(nanos.longValueExact()))
          : Optional.empty();
    } catch (ArithmeticException | DateTimeException e) {
      return Optional.empty(); // A sender's clock; times after 2262 have no nanoseconds.
    }
  }

  private Map<String, @Nullable Object> redaction() {
    Map<String, @Nullable Object> redaction = new LinkedHashMap<>();
    redaction.put("policy", asked.contentMode());
    redaction.put("fields", List.copyOf(redacted));
    return redaction;
  }

  private void redacted(SpanFacts span, String contentKey, String path) {
    if (span.isRedacted(contentKey)) {
      redacted.add(path);
    }
  }

  private List<@Nullable Object> tags() {
    List<@Nullable Object> tags = new ArrayList<>();
    if (!environment().isEmpty()) {
      tags.add(environment());
    }
    started().ifPresent(time -> tags.add(MONTH.format(time)));
    return tags;
  }
}
