package dev.tallyspan.semconv.internal.render;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.LogView;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TallyspanAttributes;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.dialect.SlotCoercions;
import dev.tallyspan.semconv.internal.json.ContentLimit;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Nesting;
import dev.tallyspan.semconv.internal.json.Scalars;
import dev.tallyspan.semconv.internal.message.Endings;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.internal.message.RetrievalDocuments;
import dev.tallyspan.semconv.internal.message.SchemaScan;
import dev.tallyspan.semconv.internal.message.ToolDefinitions;
import dev.tallyspan.semconv.internal.message.UnreadContent;
import dev.tallyspan.semconv.internal.message.WrittenContent;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Reading;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes what was read of a span as attributes of one generation of the conventions. */
public final class Renderer {

  private static final String STANDARD_USAGE = "gen_ai.usage.";

  private final ConventionVersion target;
  private final ContentFormat content;
  private final boolean keepsContent;
  private final CacheWriteNames cacheWriteNames;
  private final boolean keepsStructure;
  private final int maxContentLength;
  private final @Nullable Originals originals;

  public Renderer(RenderOptions options) {
    target = options.target();
    content = options.content();
    keepsContent = options.keepsContent();
    cacheWriteNames = options.cacheWriteNames();
    keepsStructure = options.keepsStructure();
    maxContentLength = options.maxContentLength();
    originals =
        options.originals().keepsAll()
            ? null
            : new Originals(options.originals(), target, maxContentLength);
  }

  /** Writes what was read of a span, unless the span already states it. */
  public void render(LlmSpan llm, SpanView span, AttributeEdits edits, Cost.Status status) {
    if (llm.alreadyProcessed()) {
      return;
    }
    boolean failed = span.failed() || llm.errorType() != null;
    new Writing(
            keepsContent ? llm.withoutContent() : llm,
            span.attributes(),
            edits,
            Endings.of(llm.get(Slot.FINISH_REASONS), failed),
            status,
            false)
        .write();
  }

  /** Writes what was read of a log record, in the same way. */
  public void render(LlmSpan llm, LogView log, AttributeEdits edits, Cost.Status status) {
    if (llm.alreadyProcessed()) {
      return;
    }
    Endings endings = Endings.of(llm.get(Slot.FINISH_REASONS), llm.errorType() != null);
    new Writing(
            keepsContent ? llm.withoutContent() : llm,
            log.attributes(),
            edits,
            endings,
            status,
            true)
        .write();
  }

  /**
   * Whether attributes are removed from the span when everything they state is written under the
   * conventions' names.
   */
  public boolean dropsOriginals() {
    return originals != null;
  }

  /**
   * Whether the attribute belongs on the span. OpenAI's attributes are for calls that OpenAI or
   * Azure served; messages are for spans of conversations.
   */
  static boolean belongs(Slot<?> slot, String key, LlmSpan llm) {
    if (slot.isConversation() && Operations.EMBEDDINGS.equals(llm.operation())) {
      return false; // texts to embed are not a conversation
    }
    if (!key.startsWith("openai.")) {
      return true;
    }
    String provider = llm.provider();
    return "openai".equals(provider) || "azure.ai.openai".equals(provider);
  }

  /** Attributes of conventions other than GenAI stay unchanged, because others read them too. */
  static boolean isAnothers(String key) {
    return !key.startsWith("gen_ai.") && !key.startsWith("tallyspan.");
  }

  /** Writes one span or record. */
  private final class Writing {
    private final LlmSpan llm;
    private final AttributeView attributes;
    private final AttributeEdits edits;
    private final Endings endings;
    private final Cost.Status status;
    private final boolean isLog;

    Writing(
        LlmSpan llm,
        AttributeView attributes,
        AttributeEdits edits,
        Endings endings,
        Cost.Status status,
        boolean isLog) {
      this.llm = llm;
      this.attributes = attributes;
      this.edits = edits;
      this.endings = endings;
      this.status = status;
      this.isLog = isLog;
    }

    void write() {
      llm.forEachReading(this::write);
      TokenUsage usage = llm.usage();
      if (usage != null) {
        edits.set(
            TallyspanAttributes.TALLYSPAN_USAGE_SEMANTICS.getKey(), usage.semantics().wireName());
        edits.set(TallyspanAttributes.TALLYSPAN_USAGE_SOURCE.getKey(), usage.source().wireName());
      }
      edits.set(TallyspanAttributes.TALLYSPAN_DIALECT.getKey(), llm.dialects());
      if (originals != null) {
        originals.remove(llm, attributes, edits, /* costIsWritten= */ !isLog);
      }
    }

    private void write(Slot<?> slot, Reading<?> reading) {
      String key = slot.key(target);
      if (key == null) {
        return;
      }
      if (!belongs(slot, key, llm)) {
        if (slot.isContent() && key.equals(reading.key())) {
          Value<?> present = present(key);
          reform(key, present, Json.of(present).unwrap());
        }
        return;
      }
      if (slot.isTokenCount()) {
        if (reading.value() instanceof Long count) {
          writeCount(slot, key, count, reading.key());
        }
        return;
      }
      if (isModel(slot) && !status.isBilled() && attributes.get(key) == null && sentCounts()) {
        key = Objects.requireNonNull(slot.unbilledKey(), "unbilledKey of a model");
      }
      Value<?> present = isKnownToStand(key, reading) ? null : present(key);
      if (slot.isContent() && key.equals(reading.key())) {
        if (!stands(slot, reading, present)) {
          set(key, rendered(slot, reading), present);
        }
      } else if (present == null || !isAnothers(key)) {
        if (present != null || !setText(slot, reading, key)) {
          set(key, rendered(slot, reading), present);
        }
      }
    }

    /** Whether the value is text in the schema's shape that stays whatever the span has now. */
    private boolean isKnownToStand(String key, Reading<?> reading) {
      return content == ContentFormat.JSON_STRING
          && !isLog
          && !keepsStructure
          && key.equals(reading.key())
          && reading.unread() instanceof UnreadContent;
    }

    /**
     * Sets content where there is none, as text without values in between. Returns false, without
     * effect, if that is not possible, or another form is wanted.
     */
    private boolean setText(Slot<?> slot, Reading<?> reading, String key) {
      if (content != ContentFormat.JSON_STRING || maxContentLength > 0) {
        return false;
      }
      if (reading.unread() instanceof WrittenContent<?> written) {
        edits.setUtf8(key, written.json().array(), written.json().size());
        return true;
      }
      List<Message> messages =
          slot == Slot.OUTPUT_MESSAGES
              ? endings.complete(llm.outputMessages())
              : slot == Slot.INPUT_MESSAGES ? llm.inputMessages() : List.of();
      if (messages.isEmpty()) {
        return false;
      }
      edits.set(key, Messages.toJson(messages));
      return true;
    }

    private void writeCount(Slot<?> slot, String key, Long count, String cameUnder) {
      List<String> keys = slot == Slot.CACHE_WRITE_TOKENS ? cacheWriteNames.keys() : List.of(key);
      if (status.isBilled()) {
        for (String name : keys) {
          Value<?> present = present(name);
          boolean sentToo = present != null && keys.size() > 1 && isAnotherName(name, cameUnder);
          if (present == null ? isWorthAdding(slot, count) : !sentToo) {
            set(name, count, present);
          }
        }
        return;
      }
      String own = slot.unbilledKey();
      if (own == null) {
        own = key;
      } else if (sentAs(slot, count)) {
        return;
      }
      Value<?> present = present(own);
      if (present != null || isWorthAdding(slot, count)) {
        set(own, count, present);
      }
    }

    /** Whether the name is neither the current one nor the one that the count was read from. */
    private boolean isAnotherName(String name, String cameUnder) {
      return !name.equals(Slot.CACHE_WRITE_TOKENS.key(target)) && !name.equals(cameUnder);
    }

    private static boolean isModel(Slot<?> slot) {
      return slot == Slot.REQUEST_MODEL || slot == Slot.RESPONSE_MODEL;
    }

    /** Whether the sender wrote counts of tokens that backends read. */
    private boolean sentCounts() {
      for (int i = 0; i < attributes.size(); i++) {
        String key = attributes.key(i);
        if (key != null
            && (key.startsWith(STANDARD_USAGE) && !key.startsWith("gen_ai.usage.cost")
                || key.startsWith("gen_ai.aggregated_usage.")
                || key.startsWith("llm.token_count."))) {
          return true;
        }
      }
      return false;
    }

    /** Whether the sender wrote this count under a standard name. */
    private boolean sentAs(Slot<?> slot, Long count) {
      for (ConventionVersion generation : ConventionVersion.values()) {
        String key = slot.key(generation);
        if (key != null && count.equals(Scalars.count(Json.of(present(key))))) {
          return true;
        }
      }
      return false;
    }

    /**
     * A part that is 0 need not be written, unless the attribute that contains it is to be dropped.
     */
    private boolean isWorthAdding(Slot<?> slot, Long count) {
      return count != 0
          || slot == Slot.INPUT_TOKENS
          || slot == Slot.OUTPUT_TOKENS
          || originals != null;
    }

    /**
     * Whether content that arrived under its own key stays unchanged, except for its form (text or
     * structure) and for missing finish reasons: then only those are corrected.
     */
    private boolean stands(Slot<?> slot, Reading<?> reading, @Nullable Value<?> present) {
      SchemaScan.Found found =
          reading.unread() instanceof UnreadContent<?> content ? content.found() : null;
      if (found != null && form(present) == ContentFormat.JSON_STRING) {
        if (slot == Slot.OUTPUT_MESSAGES) {
          String complete = found.withFinishReasons(endings);
          if (complete != found.text()) {
            setText(reading.key(), complete);
          }
        }
        return true;
      }
      Json opened = Json.of(present).unwrap();
      if (found == null && !standsAsItCame(slot, reading.value(), present, opened)) {
        return false;
      }
      Value<?> complete = opened.isPresent() ? completed(slot, opened) : null;
      if (complete != null && complete != opened.value()) {
        writeContent(reading.key(), complete, present);
      } else {
        reform(reading.key(), present, opened);
      }
      return true;
    }

    /**
     * The same content with everything that readers require; the same value if nothing is missing.
     */
    private Value<?> completed(Slot<?> slot, Json content) {
      if (slot == Slot.OUTPUT_MESSAGES) {
        return endings.complete(content);
      }
      return slot == Slot.RETRIEVAL_DOCUMENTS
          ? RetrievalDocuments.complete(content)
          : content.value();
    }

    /** Writes the same content in the configured form, if it has another form. */
    private void reform(String key, @Nullable Value<?> present, Json opened) {
      if (!opened.isPresent() || opened.truncated() || hasForm(present)) {
        return;
      }
      String text =
          form(present) == ContentFormat.JSON_STRING ? Json.of(present).innerText() : null;
      if (text != null) {
        setText(key, text);
      } else {
        writeContent(key, opened.value(), present);
      }
    }

    /** How content is written. On log records, where structure is the rule, structure is kept. */
    private ContentFormat form(@Nullable Value<?> present) {
      Json json = Json.of(present);
      return (isLog || keepsStructure) && (json.isArray() || json.isObject())
          ? ContentFormat.STRUCTURED
          : content;
    }

    /** Whether content that contains an object or array has the configured form. */
    private boolean hasForm(@Nullable Value<?> present) {
      Json json = Json.of(present);
      return form(present) == ContentFormat.JSON_STRING
          ? json.isText() && json.text().equals(json.innerText())
          : json.isObject() || json.isArray();
    }

    private void set(String key, Object value, @Nullable Value<?> present) {
      if (value instanceof Value<?> any) {
        Json there = Json.of(present).unwrapOrSelf();
        boolean opens = there.isObject() || there.isArray();
        boolean said = !there.truncated() && any.equals(there.value());
        if (!said || opens && !hasForm(present)) {
          writeContent(key, any, present);
        }
      } else if (!same(value, present)) {
        if (value instanceof String text) {
          edits.set(key, text);
        } else if (value instanceof Long number) {
          edits.set(key, number.longValue());
        } else if (value instanceof Double number) {
          edits.set(key, number.doubleValue());
        } else if (value instanceof Boolean flag) {
          edits.set(key, flag.booleanValue());
        } else if (value instanceof List<?> list) {
          edits.set(key, list.stream().map(String::valueOf).toList());
        }
      }
    }

    private void writeContent(String key, Value<?> value, @Nullable Value<?> present) {
      Value<?> fitting = maxContentLength == 0 ? value : ContentLimit.fit(value, maxContentLength);
      if (form(present) == ContentFormat.STRUCTURED) {
        edits.set(key, fitting);
      } else {
        edits.set(key, Json.of(fitting).asText());
      }
    }

    /** Sets JSON text that is correct except for its length. */
    private void setText(String key, String text) {
      if (maxContentLength > 0 && text.length() > maxContentLength) {
        writeContent(key, Json.parse(text).value(), /* present= */ null);
      } else {
        edits.set(key, text);
      }
    }

    private Object rendered(Slot<?> slot, Reading<?> reading) {
      if (slot == Slot.TOP_K
          && target == ConventionVersion.CORE_1_41
          && reading.value() instanceof Long count) {
        return count.doubleValue();
      }
      if (slot == Slot.OUTPUT_MESSAGES) {
        return Messages.toValue(endings.complete(llm.outputMessages()));
      }
      if (slot == Slot.RETRIEVAL_DOCUMENTS) {
        return RetrievalDocuments.complete(Json.of(llm.retrievalDocuments()));
      }
      return reading.structured();
    }

    private @Nullable Value<?> present(String key) {
      return Nesting.bounded(attributes.get(key));
    }
  }

  /** Whether content conforms to the schema, and no dialect read something else. */
  private static boolean standsAsItCame(
      Slot<?> slot, Object read, @Nullable Value<?> present, Json opened) {
    if (opened.truncated()) {
      return false;
    }
    if (slot == Slot.INPUT_MESSAGES || slot == Slot.OUTPUT_MESSAGES) {
      return MessageReader.conforms(opened);
    }
    if (slot == Slot.SYSTEM_INSTRUCTIONS) {
      return MessageReader.partsConform(opened);
    }
    if (slot == Slot.TOOL_DEFINITIONS) {
      return ToolDefinitions.conforms(opened);
    }
    if (slot == Slot.RETRIEVAL_DOCUMENTS) {
      return RetrievalDocuments.conforms(opened);
    }
    // Arguments and results of tools may have any type.
    Json anything = opened.isPresent() ? opened : Json.of(present);
    return read.equals(SlotCoercions.of(slot).apply(anything));
  }

  private static boolean same(Object value, @Nullable Value<?> present) {
    if (present == null) {
      return false;
    }
    if (value instanceof List<?> list) {
      Json json = Json.of(present);
      if (!json.isArray() || json.size() != list.size()) {
        return false;
      }
      for (int i = 0; i < list.size(); i++) {
        if (!Objects.equals(json.at(i).text(), list.get(i))) {
          return false;
        }
      }
      return true;
    }
    return value.equals(present.getValue());
  }
}
