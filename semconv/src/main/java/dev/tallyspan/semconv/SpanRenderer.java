package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Writes what was read of a span as attributes of one generation of the conventions. One reading
 * may be written by several renderers, for backends that want different attributes. Thread-safe.
 *
 * <p>A renderer that drops originals needs readings of a {@link Normalizer} that notes them, see
 * {@link Normalizer.Builder#noteOriginals}.
 */
public final class SpanRenderer {

  private static final String STANDARD_USAGE = "gen_ai.usage.";
  private static final String OWN_USAGE = "tallyspan.usage.";

  private final Generation target;
  private final ContentFormat content;
  private final CacheWriteNames cacheWriteNames;
  private final boolean keepsStructure;
  private final int maxContentLength;
  private final Originals originals;

  private SpanRenderer(Builder options) {
    target = options.target;
    content = options.content;
    cacheWriteNames =
        options.cacheWriteNames == null ? CacheWriteNames.of(target) : options.cacheWriteNames;
    keepsStructure = options.keepsStructure;
    maxContentLength = options.maxContentLength;
    Original.Policy policy = new Original.Policy(options.dropped, options.droppedOf);
    originals = policy.keepsAll() ? null : new Originals(policy, target, maxContentLength);
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * Writes what was read of a span, as far as the span does not state it already. Writes nothing on
   * a span that was processed before.
   *
   * <p>On a span that is not billed, no standard token count is added that its sender did not
   * write, and none is corrected: the counts are written under {@code tallyspan.usage.*}, so that
   * sums of the standard attributes over spans stay right.
   *
   * @param status of the span's cost, which the caller writes
   */
  public void render(LlmSpan llm, SpanView span, AttributeEdits edits, Cost.Status status) {
    if (llm.alreadyProcessed()) {
      return;
    }
    boolean failed = span.failed() || llm.errorType() != null;
    new Writing(llm, span.attributes(), edits, Endings.of(llm, failed), status, false).write();
  }

  /**
   * Writes what was read of a log record, as {@link #render(LlmSpan, SpanView, AttributeEdits,
   * Cost.Status)} does on a span.
   *
   * @param status of its cost, as far as that is written
   */
  public void render(LlmSpan llm, LogView log, AttributeEdits edits, Cost.Status status) {
    if (llm.alreadyProcessed()) {
      return;
    }
    Endings endings = Endings.of(llm, llm.errorType() != null);
    new Writing(llm, log.attributes(), edits, endings, status, true).write();
  }

  /** Whether attributes leave the span when all they state is written in the conventions' names. */
  public boolean dropsOriginals() {
    return originals != null;
  }

  /**
   * Whether the span is to have the attribute. OpenAI's attributes are for what OpenAI or Azure
   * served; messages are for spans on which a conversation went on.
   */
  static boolean belongs(Slot slot, String key, LlmSpan llm) {
    if (slot.isConversation() && Operations.EMBEDDINGS.equals(llm.operation())) {
      return false; // texts to embed are no conversation
    }
    String provider = llm.provider();
    return !key.startsWith("openai.")
        || "openai".equals(provider)
        || "azure.ai.openai".equals(provider);
  }

  /** What conventions beyond GenAI say on the span stays as it came: others read it, too. */
  static boolean isAnothers(String key) {
    return !key.startsWith("gen_ai.") && !key.startsWith("tallyspan.");
  }

  /**
   * Where a count or a model stands on spans that are not billed, if their sender did not write it:
   * a sum of standard attributes over all spans would count the call again, and a backend that
   * prices every span with counts and a model would price it again. Null for other slots.
   */
  static String unbilledKey(Slot slot) {
    if (slot == Slot.REQUEST_MODEL) {
      return TallyspanAttributes.TALLYSPAN_REQUEST_MODEL.getKey();
    }
    if (slot == Slot.RESPONSE_MODEL) {
      return TallyspanAttributes.TALLYSPAN_RESPONSE_MODEL.getKey();
    }
    String key = slot.key(Generation.GENAI_DEV);
    return key != null && key.startsWith(STANDARD_USAGE)
        ? OWN_USAGE + key.substring(STANDARD_USAGE.length())
        : null;
  }

  /** What is written on one span or record. */
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
      llm.slots().forEach(this::write);
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

    private void write(Slot slot, LlmSpan.Reading reading) {
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
        writeCount(slot, key, reading);
        return;
      }
      if (isModel(slot) && !status.isBilled() && attributes.get(key) == null && sentCounts()) {
        key = unbilledKey(slot);
      }
      Value<?> present = present(key);
      if (slot.isContent() && key.equals(reading.key())) {
        if (!stands(slot, reading, present)) {
          set(key, rendered(slot, reading.value()), present);
        }
      } else if (present == null || !isAnothers(key)) {
        set(key, rendered(slot, reading.value()), present);
      }
    }

    private void writeCount(Slot slot, String key, LlmSpan.Reading reading) {
      Long count = (Long) reading.value();
      List<String> keys = slot == Slot.CACHE_WRITE_TOKENS ? cacheWriteNames.keys() : List.of(key);
      if (status.isBilled()) {
        for (String name : keys) {
          Value<?> present = present(name);
          boolean sentToo = present != null && keys.size() > 1 && isAnotherName(name, reading);
          if (present == null ? isWorthAdding(slot, count) : !sentToo) {
            set(name, count, present);
          }
        }
        return;
      }
      String own = unbilledKey(slot);
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

    /** Whether the name is neither the current one nor the one that the count came under. */
    private boolean isAnotherName(String name, LlmSpan.Reading reading) {
      return !name.equals(Slot.CACHE_WRITE_TOKENS.key(target)) && !name.equals(reading.key());
    }

    private static boolean isModel(Slot slot) {
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
    private boolean sentAs(Slot slot, Long count) {
      for (Generation generation : Generation.values()) {
        String key = slot.key(generation);
        if (key != null && count.equals(Coercion.COUNT.apply(Json.of(present(key))))) {
          return true;
        }
      }
      return false;
    }

    /**
     * That there was nothing of a part need not be said. It is where the attribute that said so is
     * to go.
     */
    private boolean isWorthAdding(Slot slot, Long count) {
      return count != 0
          || slot == Slot.INPUT_TOKENS
          || slot == Slot.OUTPUT_TOKENS
          || originals != null;
    }

    /**
     * Whether content that came under its own key stays as it came, but for the form in which it is
     * written, text or structure, and for finish reasons that its messages lack: then those are put
     * right, and nothing else.
     */
    private boolean stands(Slot slot, LlmSpan.Reading reading, Value<?> present) {
      SchemaScan.Found found = reading.unread();
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
      if (complete != opened.value()) {
        writeContent(reading.key(), complete, present);
      } else {
        reform(reading.key(), present, opened);
      }
      return true;
    }

    /** The same content with what readers require of it; the same value if it has all that. */
    private Value<?> completed(Slot slot, Json content) {
      return switch (slot) {
        case OUTPUT_MESSAGES -> endings.complete(content);
        case RETRIEVAL_DOCUMENTS -> RetrievalDocuments.complete(content);
        default -> content.value();
      };
    }

    /** Writes the same content in the form that is asked for, if it is not in that. */
    private void reform(String key, Value<?> present, Json opened) {
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

    /** How content is written; on log records, for which structure is the rule, that stays. */
    private ContentFormat form(Value<?> present) {
      Json json = Json.of(present);
      return (isLog || keepsStructure) && (json.isArray() || json.isObject())
          ? ContentFormat.STRUCTURED
          : content;
    }

    /** Whether content that holds an object or array is written in the form that is asked for. */
    private boolean hasForm(Value<?> present) {
      Json json = Json.of(present);
      return form(present) == ContentFormat.JSON_STRING
          ? json.isText() && json.text().equals(json.innerText())
          : json.isObject() || json.isArray();
    }

    private void set(String key, Object value, Value<?> present) {
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

    private void writeContent(String key, Value<?> value, Value<?> present) {
      Value<?> fitting = maxContentLength == 0 ? value : ContentLimit.fit(value, maxContentLength);
      if (form(present) == ContentFormat.STRUCTURED) {
        edits.set(key, fitting);
      } else {
        edits.set(key, Json.of(fitting).asText());
      }
    }

    /** Sets JSON text that is right but for its length. */
    private void setText(String key, String text) {
      if (maxContentLength > 0 && text.length() > maxContentLength) {
        writeContent(key, Json.parse(text).value(), /* present= */ null);
      } else {
        edits.set(key, text);
      }
    }

    private Object rendered(Slot slot, Object value) {
      if (slot == Slot.TOP_K && target == Generation.CORE_1_41) {
        return ((Long) value).doubleValue();
      }
      if (slot == Slot.OUTPUT_MESSAGES) {
        return Messages.toValue(endings.complete(llm.outputMessages()));
      }
      if (slot == Slot.RETRIEVAL_DOCUMENTS) {
        return RetrievalDocuments.complete(Json.of((Value<?>) value));
      }
      return LlmSpan.content(value);
    }

    private Value<?> present(String key) {
      return Nesting.bounded(attributes.get(key));
    }
  }

  /** Whether content is in the schema's shape, and no dialect knows better. */
  private static boolean standsAsItCame(Slot slot, Object read, Value<?> present, Json opened) {
    if (opened.truncated()) {
      return false;
    }
    return switch (slot) {
      case INPUT_MESSAGES, OUTPUT_MESSAGES -> MessageReader.conforms(opened);
      case SYSTEM_INSTRUCTIONS -> MessageReader.partsConform(opened);
      case TOOL_DEFINITIONS -> ToolDefinitions.conforms(opened);
      case RETRIEVAL_DOCUMENTS -> RetrievalDocuments.conforms(opened);
      case TOOL_CALL_ARGUMENTS, TOOL_CALL_RESULT ->
          read.equals(slot.coercion().apply(opened.isPresent() ? opened : Json.of(present)));
      default -> false;
    };
  }

  private static boolean same(Object value, Value<?> present) {
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

  /** How spans are written. */
  public static final class Builder {
    private Generation target = Generation.GENAI_DEV;
    private ContentFormat content = ContentFormat.JSON_STRING;
    private CacheWriteNames cacheWriteNames;
    private boolean keepsStructure;
    private int maxContentLength;
    private Set<KeyClass> dropped = Set.of();
    private final Map<String, Set<KeyClass>> droppedOf = new LinkedHashMap<>();

    Builder() {}

    /** The generation of the conventions that is written. Default: the newest. */
    public Builder target(Generation generation) {
      target = Objects.requireNonNull(generation, "target");
      return this;
    }

    /** The form in which content is written. Default: JSON text. */
    public Builder content(ContentFormat format) {
      content = Objects.requireNonNull(format, "content");
      return this;
    }

    /**
     * Whether content that arrives structured under its own name stays structured, whatever {@link
     * #content} is. Default: false. For writers that cannot change the type of an attribute.
     */
    public Builder keepStructure(boolean keep) {
      keepsStructure = keep;
      return this;
    }

    /**
     * The names for the count of cache writes. Default: both, and in {@link Generation#CORE_1_41}
     * the one that it has.
     */
    public Builder cacheWriteNames(CacheWriteNames names) {
      cacheWriteNames = Objects.requireNonNull(names, "cacheWriteNames");
      return this;
    }

    /**
     * The maximum number of characters of JSON text in one attribute with content. Default: 0 = no
     * limit. Longer content is cut inside its texts, so that it stays valid.
     */
    public Builder maxContentLength(int characters) {
      maxContentLength = characters;
      return this;
    }

    /**
     * The classes of attributes that leave the span when all they state is written in the
     * conventions' names. Default: none. What was not fully understood stays. A reported cost
     * counts as written, so if you drop it, write the span's {@link Cost}.
     */
    public Builder dropOriginals(Set<KeyClass> classes) {
      dropped = Set.copyOf(classes);
      return this;
    }

    /** The same for what one dialect reads, instead of the general rule. */
    public Builder dropOriginals(String dialect, Set<KeyClass> classes) {
      droppedOf.put(dialect, Set.copyOf(classes));
      return this;
    }

    /** The dialects with a rule of their own. */
    Set<String> dialects() {
      return droppedOf.keySet();
    }

    /**
     * @throws IllegalArgumentException if the maximum content length is negative
     */
    public SpanRenderer build() {
      if (maxContentLength < 0) {
        throw new IllegalArgumentException(
            "maxContentLength=" + maxContentLength + " is negative; 0 is for any length");
      }
      return new SpanRenderer(this);
    }
  }
}
