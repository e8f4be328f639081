package dev.tallyspan.collector.output.recent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.window.KeptCall;
import dev.tallyspan.pricing.Bill;
import dev.tallyspan.pricing.LineItem;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.ReportedCost;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.SlotReading;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import io.opentelemetry.api.trace.SpanKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the spans of batches into what the store keeps. Thread-safe. */
final class SpanReading {

  private static final JsonFactory JSON = new JsonFactory();

  /** What lists show of a question or an answer. */
  private static final int BEGINNING = 600;

  /** What is kept of why an evaluation has its result. */
  private static final int EXPLANATION_BEGINNING = 8_000;

  private static final String INPUT = "gen_ai.input.messages";
  private static final String OUTPUT = "gen_ai.output.messages";
  private static final String SYSTEM = "gen_ai.system_instructions";
  private static final String TOOLS = "gen_ai.tool.definitions";
  private static final String ARGUMENTS = "gen_ai.tool.call.arguments";
  private static final String RESULT = "gen_ai.tool.call.result";
  private static final String QUERY = "gen_ai.retrieval.query.text";
  private static final String DOCUMENTS = "gen_ai.retrieval.documents";
  private static final String SCORE_NAME = "gen_ai.evaluation.name";
  private static final String SCORE_LABEL = "gen_ai.evaluation.score.label";
  private static final String SCORE_EXPLANATION = "gen_ai.evaluation.explanation";

  private final @Nullable ContentPolicy policy;
  private final String featureKey;

  /**
   * @param policy what of the content is kept; null = everything
   * @param featureKey the attribute that names a feature of the application
   */
  SpanReading(@Nullable ContentPolicy policy, String featureKey) {
    this.policy = policy;
    this.featureKey = featureKey;
  }

  /**
   * @param key identifies the span in its trace
   * @param record null if the span is not about an LLM
   * @param evaluations of the span
   */
  RecentSpan read(
      SpanView span, @Nullable SpanRecord record, List<Evaluation> evaluations, String key) {
    KeptContent kept = new KeptContent(policy);
    Map<String, Value<?>> attributes = kept.attributes(span.attributes());
    Map<String, Value<?>> resource = kept.attributes(span.resource());
    String name = kept.text("span.name", span.name());
    String message = kept.text("status.message", span.statusMessage());
    LlmSpan llm = record == null ? null : record.llm();
    Content content = llm == null ? null : Content.of(llm, kept);
    String errorType =
        first(llm == null ? null : llm.errorType(), text(attributes.get("error.type")));
    boolean failed = span.failed() || llm != null && llm.errorType() != null;
    String service = text(resource.get("service.name"));
    List<Evaluation> scores = evaluations.stream().map(it -> score(it, kept)).toList();
    String session =
        first(
            llm == null ? null : llm.sessionId(),
            text(attributes.get("session.id")),
            llm == null ? null : llm.conversationId());
    byte[] detail;
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
      try (JsonGenerator json = JSON.createGenerator(out)) {
        json.writeStartObject();
        json.writeStringField("traceId", span.traceId());
        json.writeStringField("spanId", span.spanId());
        json.writeStringField("key", key);
        json.writeStringField("parentSpanId", span.parentSpanId());
        json.writeStringField("name", name);
        json.writeStringField("kind", span.kind().name().toLowerCase(Locale.ROOT));
        json.writeStringField("startNanos", Long.toString(span.startEpochNanos()));
        json.writeStringField("endNanos", Long.toString(span.endEpochNanos()));
        json.writeBooleanField("failed", failed);
        json.writeStringField("errorType", errorType);
        json.writeStringField("statusMessage", message);
        json.writeStringField("service", service);
        json.writeStringField("session", session);
        json.writeStringField("scope", span.scopeName());
        json.writeStringField("scopeVersion", span.scopeVersion());
        if (record != null && content != null) {
          llm(record, content, json);
        }
        object("attributes", attributes, json);
        object("resource", resource, json);
        events(span, kept, json);
        json.writeStringField("contentMode", kept.mode().wireName());
        json.writeBooleanField("redacted", kept.changed());
        texts("redactedContent", kept.changedKeys(), json);
        json.writeArrayFieldStart("evaluations");
        for (Evaluation score : scores) {
          ScoreJson.write(score, json);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      detail = out.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e); // Written in memory.
    }
    return new RecentSpan(
        span.traceId(),
        key,
        span.parentSpanId(),
        name,
        service,
        span.startEpochNanos(),
        span.endEpochNanos(),
        failed,
        errorType,
        message,
        first(
            llm == null ? null : llm.userId(),
            text(attributes.get("user.id")),
            text(attributes.get("enduser.id"))),
        session,
        first(text(attributes.get(featureKey)), text(resource.get(featureKey))),
        record == null || content == null
            ? null
            : facts(record, content, span.kind() == SpanKind.SERVER),
        kept.changed(),
        scores,
        detail);
  }

  /** Returns what may be kept of an evaluation that came as a log record. */
  Evaluation score(Evaluation evaluation) {
    return score(evaluation, new KeptContent(policy));
  }

  private static Evaluation score(Evaluation evaluation, KeptContent kept) {
    return new Evaluation(
        evaluation.id() == null ? null : beginning(evaluation.id()),
        beginning(kept.text(SCORE_NAME, evaluation.name())),
        evaluation.value(),
        scored(SCORE_LABEL, evaluation.label(), BEGINNING, kept),
        scored(SCORE_EXPLANATION, evaluation.explanation(), EXPLANATION_BEGINNING, kept),
        evaluation.responseId() == null ? null : beginning(evaluation.responseId()),
        scored("error.type", evaluation.errorType(), BEGINNING, kept),
        evaluation.source(),
        evaluation.epochNanos());
  }

  private static @Nullable String scored(
      String key, @Nullable String text, int longest, KeptContent kept) {
    String left = text == null ? "" : beginning(kept.text(key, text), longest);
    return left.isEmpty() ? null : left;
  }

  /** The content of an LLM operation that may be kept. */
  private record Content(
      @Nullable Value<?> system,
      @Nullable Value<?> input,
      @Nullable Value<?> output,
      @Nullable Value<?> tools,
      @Nullable Value<?> arguments,
      @Nullable Value<?> result,
      String query,
      @Nullable Value<?> documents) {

    static Content of(LlmSpan llm, KeptContent kept) {
      return new Content(
          llm.systemInstructions().isEmpty()
              ? null
              : kept.value(SYSTEM, Messages.partsToValue(llm.systemInstructions())),
          llm.inputMessages().isEmpty()
              ? null
              : kept.value(INPUT, Messages.toValue(llm.inputMessages())),
          llm.outputMessages().isEmpty()
              ? null
              : kept.value(OUTPUT, Messages.toValue(llm.outputMessages())),
          kept.value(TOOLS, llm.toolDefinitions()),
          kept.value(ARGUMENTS, llm.toolCallArguments()),
          kept.value(RESULT, llm.toolCallResult()),
          kept.text(QUERY, first(llm.retrievalQuery())),
          kept.value(DOCUMENTS, llm.retrievalDocuments()));
    }
  }

  private static RecentSpan.Facts facts(SpanRecord record, Content content, boolean server) {
    LlmSpan llm = record.llm();
    TokenUsage usage = llm.usage();
    String model = first(llm.responseModel(), llm.requestModel());
    return new RecentSpan.Facts(
        first(llm.operation()),
        first(llm.provider()),
        model,
        first(llm.toolName(), llm.agentName(), model),
        usage == null ? 0 : TokenUsage.known(usage.input()),
        usage == null ? 0 : TokenUsage.known(usage.cacheRead()),
        usage == null ? 0 : TokenUsage.known(usage.output()),
        usage == null ? 0 : TokenUsage.known(usage.reasoning()),
        llm.timeToFirstChunk() == null ? 0 : llm.timeToFirstChunk(),
        record.cost(),
        record.cost().totalExact() == null ? null : new BigDecimal(record.cost().totalExact()),
        record.verdict() == null ? "" : record.verdict().rule().text(),
        /* late= */ false,
        KeptCall.of(record, server),
        beginning(lastText(content.input, "user")),
        beginning(lastText(content.output, null)),
        beginning(first(llm.responseId())));
  }

  private static void llm(SpanRecord record, Content content, JsonGenerator json)
      throws IOException {
    LlmSpan llm = record.llm();
    json.writeObjectFieldStart("llm");
    json.writeStringField("operation", first(llm.operation()));
    json.writeStringField("provider", first(llm.provider()));
    json.writeStringField("requestModel", first(llm.requestModel()));
    json.writeStringField("responseModel", first(llm.responseModel()));
    json.writeStringField("responseId", first(llm.responseId()));
    json.writeStringField("agent", first(llm.agentName()));
    json.writeStringField("tool", first(llm.toolName()));
    json.writeStringField("toolCallId", first(llm.get(Slot.TOOL_CALL_ID)));
    json.writeStringField("toolDescription", first(llm.get(Slot.TOOL_DESCRIPTION)));
    json.writeStringField("dataSource", first(llm.get(Slot.DATA_SOURCE_ID)));
    json.writeStringField("prompt", first(llm.get(Slot.PROMPT_NAME)));
    json.writeStringField("promptVersion", first(llm.get(Slot.PROMPT_VERSION)));
    texts("dialects", llm.dialects(), json);
    List<String> finish = llm.get(Slot.FINISH_REASONS);
    texts("finishReasons", finish == null ? List.of() : finish, json);
    if (llm.timeToFirstChunk() != null && Double.isFinite(llm.timeToFirstChunk())) {
      json.writeNumberField("firstTokenSeconds", llm.timeToFirstChunk());
    }
    value("system", content.system, json);
    value("input", content.input, json);
    value("output", content.output, json);
    value("toolDefinitions", content.tools, json);
    value("arguments", content.arguments, json);
    value("result", content.result, json);
    if (!content.query.isEmpty()) {
      json.writeStringField("query", content.query);
    }
    value("documents", content.documents, json);
    usage(llm, json);
    json.writeEndObject();
    cost(record, json);
  }

  private static void usage(LlmSpan llm, JsonGenerator json) throws IOException {
    TokenUsage usage = llm.usage();
    if (usage != null) {
      json.writeObjectFieldStart("usage");
      count("input", usage.input(), json);
      count("cacheRead", usage.cacheRead(), json);
      count("cacheWrite", usage.cacheWrite(), json);
      count("output", usage.output(), json);
      count("reasoning", usage.reasoning(), json);
      json.writeStringField("source", usage.source().wireName());
      json.writeStringField("semantics", usage.semantics().wireName());
      json.writeEndObject();
    }
    json.writeArrayFieldStart("readings");
    for (SlotReading reading : llm.tokenReadings()) {
      json.writeStartObject();
      json.writeStringField("slot", reading.slot());
      json.writeStringField("value", reading.value());
      json.writeStringField("source", reading.sourceKey());
      json.writeStringField("dialect", reading.dialect());
      json.writeStringField("rule", reading.rule());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void cost(SpanRecord record, JsonGenerator json) throws IOException {
    Cost cost = record.cost();
    json.writeObjectFieldStart("cost");
    json.writeStringField("status", cost.status().wireName());
    text("total", cost.totalExact(), json);
    text("currency", cost.currency(), json);
    text("originalTotal", cost.originalTotal(), json);
    text("originalCurrency", cost.originalCurrency(), json);
    text("exchangeRate", cost.exchangeRate(), json);
    text("price", cost.priceKey(), json);
    text("catalog", cost.catalogVersion(), json);
    text("duplicateOf", cost.duplicateOf(), json);
    text("possibleDuplicateOf", cost.possibleDuplicateOf(), json);
    texts("missing", cost.missing(), json);
    if (record.verdict() != null) {
      json.writeStringField("rule", record.verdict().rule().text());
      json.writeStringField("decidedBy", record.verdict().other());
    }
    ReportedCost reported = record.llm().clientCost();
    if (reported != null) {
      json.writeStringField("clientTotal", reported.amount().toPlainString());
      json.writeStringField("clientCurrency", reported.currency());
    }
    Bill bill = record.enriched().priced().bill();
    if (bill != null) {
      text("reason", bill.price().reason(), json);
      json.writeArrayFieldStart("lines");
      lines(bill.price(), json);
      for (Price side : bill.sides()) {
        lines(side, json);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void lines(Price price, JsonGenerator json) throws IOException {
    for (LineItem item : price.items()) {
      json.writeStartObject();
      json.writeStringField("card", first(price.priceKey()));
      json.writeStringField("unit", item.unit().wireName());
      json.writeStringField("quantity", item.unit().toWire(item.quantity()).toPlainString());
      json.writeStringField("rate", item.rate().stripTrailingZeros().toPlainString());
      json.writeStringField("amount", item.amount().toPlainString());
      json.writeStringField("currency", price.currency());
      json.writeEndObject();
    }
  }

  private static void events(SpanView span, KeptContent kept, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart("events");
    for (EventView event : span.events()) {
      json.writeStartObject();
      json.writeStringField("name", kept.text("span.event.name", event.name()));
      json.writeStringField("nanos", Long.toString(event.epochNanos()));
      object("attributes", kept.attributes(event.attributes()), json);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void object(String field, Map<String, Value<?>> members, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Value<?>> member : members.entrySet()) {
      json.writeFieldName(member.getKey());
      ValueJson.write(member.getValue(), json);
    }
    json.writeEndObject();
  }

  private static void value(String field, @Nullable Value<?> value, JsonGenerator json)
      throws IOException {
    if (value != null) {
      json.writeFieldName(field);
      ValueJson.write(value, json);
    }
  }

  private static void text(String field, @Nullable String text, JsonGenerator json)
      throws IOException {
    if (text != null) {
      json.writeStringField(field, text);
    }
  }

  private static void texts(String field, Collection<String> texts, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void count(String field, long count, JsonGenerator json) throws IOException {
    if (count != TokenUsage.UNKNOWN) {
      json.writeNumberField(field, count);
    }
  }

  /**
   * Returns the last text in messages as the schema has them; empty if there is none.
   *
   * @param role of the messages that count; null = all
   */
  private static String lastText(@Nullable Value<?> messages, @Nullable String role) {
    List<Value<?>> all = elements(messages);
    for (int i = all.size() - 1; i >= 0; i--) {
      if (role != null && !role.equals(text(member(all.get(i), "role")))) {
        continue;
      }
      List<String> texts = new ArrayList<>();
      for (Value<?> part : elements(member(all.get(i), "parts"))) {
        if (text(member(part, "type")).equals("text")) {
          String text = text(member(part, "content"));
          if (!text.isBlank()) {
            texts.add(text);
          }
        }
      }
      if (!texts.isEmpty()) {
        return String.join("\n", texts);
      }
    }
    return "";
  }

  private static List<Value<?>> elements(@Nullable Value<?> value) {
    List<Value<?>> elements = new ArrayList<>();
    if (value != null && value.getType() == ValueType.ARRAY) {
      ((List<?>) value.getValue()).forEach(element -> elements.add((Value<?>) element));
    }
    return elements;
  }

  private static @Nullable Value<?> member(Value<?> object, String key) {
    if (object.getType() == ValueType.KEY_VALUE_LIST) {
      for (Object member : (List<?>) object.getValue()) {
        if (((KeyValue) member).getKey().equals(key)) {
          return ((KeyValue) member).getValue();
        }
      }
    }
    return null;
  }

  private static String text(@Nullable Value<?> value) {
    return value != null && value.getValue() instanceof String text ? text : "";
  }

  /** Cuts without splitting a character in two. */
  private static String beginning(String text) {
    return beginning(text, BEGINNING);
  }

  private static String beginning(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end);
  }

  private static String first(@Nullable String... texts) {
    for (String text : texts) {
      if (text != null && !text.isEmpty()) {
        return text;
      }
    }
    return "";
  }
}
