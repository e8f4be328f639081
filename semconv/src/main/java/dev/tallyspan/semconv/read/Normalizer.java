package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.LogView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.internal.dialect.Dialect;
import dev.tallyspan.semconv.internal.dialect.Dialects;
import dev.tallyspan.semconv.internal.dialect.Draft;
import dev.tallyspan.semconv.internal.dialect.EventMessages;
import dev.tallyspan.semconv.internal.dialect.IndexedSpan;
import dev.tallyspan.semconv.internal.dialect.LogEvent;
import dev.tallyspan.semconv.internal.dialect.Markers;
import dev.tallyspan.semconv.internal.dialect.Recogniser;
import dev.tallyspan.semconv.internal.judge.SpanJudge;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads spans of every dialect, and log records with the messages of a span, into {@link LlmSpan},
 * and writes what was read as GenAI attributes. Thread-safe.
 */
public final class Normalizer {

  /** The dialect that is written, which is always read. */
  private static final String CONVENTIONS = "otel";

  private final List<Dialect> dialects;
  private final Recogniser recogniser;
  private final Markers markers;
  private final SpanRenderer renderer;
  private final boolean notesOriginals;
  private final boolean keepsContent;

  private Normalizer(Builder builder) {
    dialects = enabled(builder);
    markers = new Markers(dialects);
    recogniser = new Recogniser(dialects);
    renderer = builder.renderer.build();
    notesOriginals = builder.notesOriginals || renderer.dropsOriginals();
    // Originals are known completely only if everything is read.
    keepsContent = builder.keepsContent && !notesOriginals;
  }

  /** {@return a builder with the defaults of {@link #create()}} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads every dialect and writes the conventions' newest generation, content as JSON text.
   *
   * @return the normalizer
   */
  public static Normalizer create() {
    return builder().build();
  }

  /** {@return the ids of the built-in dialects, strongest first} */
  public static Set<String> dialectIds() {
    return Dialects.ids();
  }

  /**
   * {@return whether a span with this attribute key may be an LLM span in one of the built-in
   * dialects} False for null.
   *
   * @param key the key
   */
  public static boolean isLlmKey(@Nullable String key) {
    return key != null && Dialects.MARKERS.match(key);
  }

  /**
   * {@return the prefixes of the attribute keys that identify LLM spans, in the enabled dialects
   * and in your own} All are ASCII; no prefix starts with another one. For a span without such a
   * key or {@linkplain #markerEventPrefixes event}, {@link #read} returns null.
   */
  public List<String> markerKeyPrefixes() {
    return markers.prefixes();
  }

  /**
   * {@return the prefixes of the names of span events that identify LLM spans, regardless of their
   * attributes} All are ASCII.
   */
  public List<String> markerEventPrefixes() {
    return markers.eventPrefixes();
  }

  /**
   * {@return the prefixes of the names of the events that {@link #readLog} reads} All are ASCII.
   */
  public static List<String> logEventPrefixes() {
    List<String> prefixes = new ArrayList<>(Dialects.logEvents());
    prefixes.add(EventMessages.PREFIX);
    return List.copyOf(prefixes);
  }

  /**
   * Reads a span. Returns null if it is not an LLM span. Never throws: a dialect that fails is
   * listed in {@link LlmSpan#faults()}, and the attributes that it could not read stay on the span
   * unchanged.
   *
   * @param span the span
   * @return the LLM span; null if it is not one
   */
  public @Nullable LlmSpan read(SpanView span) {
    try {
      return hasMarker(span.attributes()) || hasMarker(span.events())
          ? understand(span, /* whole= */ true)
          : null;
    } catch (RuntimeException | StackOverflowError e) {
      // A view that throws cannot be read; the span passes unchanged.
      return null;
    }
  }

  /**
   * Writes what {@link #read} found, unless the span already states it. Writes nothing on a span
   * that was processed before. Whether the span is billed is decided by the span alone, see {@link
   * LlmSpan#billing()}.
   *
   * @param llm the LLM span
   * @param span the span
   * @param edits receives the changes
   */
  public void render(LlmSpan llm, SpanView span, AttributeEdits edits) {
    render(llm, span, edits, judged(llm));
  }

  /**
   * Does the same for a span with a known cost status. On a span that is not billed, standard token
   * counts are neither added nor corrected: the counts are written as {@code tallyspan.usage.*}, so
   * that sums of the standard attributes over spans stay correct.
   *
   * @param status the status of the cost, which the caller writes
   * @param llm the LLM span
   * @param span the span
   * @param edits receives the changes
   */
  public void render(LlmSpan llm, SpanView span, AttributeEdits edits, Cost.Status status) {
    renderer.render(llm, span, edits, status);
  }

  /**
   * Reads a log record that is one of the conventions' events with messages: {@code
   * gen_ai.user.message} and its siblings, {@code gen_ai.choice}, {@code
   * gen_ai.client.inference.operation.details}; or an event with which a coding agent reports a
   * call: Claude Code's {@code api_request}, Codex' {@code codex.sse_event} that ends a response.
   * Returns null for other events. Reads only what the record contains, not its complete span. Like
   * {@link #read}, never throws.
   *
   * @param log the log record
   * @return the call; null if the record is not about one
   */
  public @Nullable LlmSpan readLog(LogView log) {
    try {
      LogEvent event = LogEvent.of(log);
      boolean whole = EventMessages.isDetailsEvent(event.name()) || Dialects.describesCall(event);
      return whole || EventMessages.isMessageEvent(event.name()) ? understand(event, whole) : null;
    } catch (RuntimeException | StackOverflowError e) {
      // A view that throws cannot be read; the record passes unchanged.
      return null;
    }
  }

  /**
   * Writes what {@link #readLog} found on the record, as {@link #render(LlmSpan, SpanView,
   * AttributeEdits)} does on a span.
   *
   * @param llm the LLM span
   * @param log the log record
   * @param edits receives the changes
   */
  public void renderLog(LlmSpan llm, LogView log, AttributeEdits edits) {
    renderLog(llm, log, edits, judged(llm));
  }

  /**
   * Does the same for a record of a call with a known cost status.
   *
   * @param llm the LLM span
   * @param log the log record
   * @param edits receives the changes
   * @param status the status
   */
  public void renderLog(LlmSpan llm, LogView log, AttributeEdits edits, Cost.Status status) {
    renderer.render(llm, log, edits, status);
  }

  /** The cost status that corresponds to the billing of the span. */
  private static Cost.Status judged(LlmSpan llm) {
    return switch (llm.billing()) {
      case AGGREGATE -> Cost.Status.AGGREGATE;
      case DUPLICATE -> Cost.Status.DUPLICATE;
      case NOT_BILLABLE -> Cost.Status.NOT_BILLABLE;
      case CALL -> Cost.Status.UNPRICED;
    };
  }

  /**
   * @param whole whether this is everything that is known about an operation, so that more can be
   *     concluded; false for a single message
   */
  private @Nullable LlmSpan understand(SpanView view, boolean whole) {
    IndexedSpan span = recogniser.index(view);
    Draft out = new Draft();
    if (notesOriginals) {
      out.noteOriginals();
    }
    if (keepsContent) {
      out.putOffContent();
    }
    boolean[] speaks = recogniser.recognise(span, out);
    if (out.recognised().isEmpty()) {
      return null;
    }
    recogniser.rename(span, speaks, out);
    for (int i = 0; i < dialects.size(); i++) {
      if (speaks[i] || dialects.get(i).readsEverySpan()) {
        read(dialects.get(i), i, span, out);
      }
    }
    out.from("", dialects.size());
    return SpanJudge.judge(span, out, whole);
  }

  private static void read(Dialect dialect, int rank, IndexedSpan span, Draft out) {
    try {
      out.from(dialect.id(), rank);
      dialect.read(span, out);
    } catch (RuntimeException | StackOverflowError e) {
      out.failed(dialect.id(), e);
    }
  }

  private boolean hasMarker(AttributeView attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      String key = attributes.key(i);
      if (key != null && markers.match(key)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasMarker(List<? extends EventView> events) {
    if (events == null || markers.eventPrefixes().isEmpty()) {
      return false;
    }
    for (EventView event : events) {
      if (event.name() != null && markers.matchEvent(event.name())) {
        return true;
      }
    }
    return false;
  }

  /** The enabled dialects; custom dialects follow the current conventions. */
  private static List<Dialect> enabled(Builder builder) {
    List<Dialect> enabled = new ArrayList<>();
    for (Dialect dialect : Dialects.ALL) {
      if (!builder.disabled.contains(dialect.id())) {
        enabled.add(dialect);
      }
      if (dialect.id().equals(CONVENTIONS)) {
        builder.custom.forEach(own -> enabled.add(new CustomDialectReader(own)));
      }
    }
    return List.copyOf(enabled);
  }

  /** Options for reading and writing. */
  public static final class Builder {
    private final SpanRenderer.Builder renderer = SpanRenderer.builder();
    private boolean notesOriginals;
    private boolean keepsContent;
    private Set<String> disabled = Set.of();
    private final List<CustomDialect> custom = new ArrayList<>();

    Builder() {}

    /**
     * The generation of the conventions that is written. Default: the newest.
     *
     * @param generation the generation of the conventions
     * @return this
     */
    public Builder target(ConventionVersion generation) {
      renderer.target(generation);
      return this;
    }

    /**
     * The form in which content is written. Default: JSON text.
     *
     * @param format the format
     * @return this
     */
    public Builder content(ContentFormat format) {
      renderer.content(format);
      return this;
    }

    /**
     * Whether content stays as it came, and is read only if something else is concluded from it,
     * such as the finish reason from the answer. Then {@link LlmSpan} has no messages,
     * instructions, tool definitions, arguments, results, documents and queries, and none of them
     * is written. Everything else is the same. Default: false.
     *
     * @param keep whether to keep it
     * @return this
     */
    public Builder keepContent(boolean keep) {
      keepsContent = keep;
      renderer.keepContent(keep);
      return this;
    }

    /**
     * Whether content that arrives structured under its own name stays structured, regardless of
     * {@link #content}. Default: false. For writers that cannot change the type of an attribute.
     *
     * @param keep whether to keep them
     * @return this
     */
    public Builder keepStructure(boolean keep) {
      renderer.keepStructure(keep);
      return this;
    }

    /**
     * The names for the count of cache writes. Default: both; for {@link
     * ConventionVersion#CORE_1_41}, only the one that it defines.
     *
     * @param names which names to write
     * @return this
     */
    public Builder cacheWriteNames(CacheWriteNames names) {
      renderer.cacheWriteNames(names);
      return this;
    }

    /**
     * The maximum number of characters of JSON text in one attribute with content. Default: 0 = no
     * limit. Longer content is cut inside its texts, so that it stays valid.
     *
     * @param characters the limit, in characters
     * @return this
     */
    public Builder maxContentLength(int characters) {
      renderer.maxContentLength(characters);
      return this;
    }

    /**
     * Whether attributes of other dialects stay on the span when everything they state is written
     * under the conventions' names. Default: true. False is the same as {@link #dropOriginals(Set)}
     * with all classes.
     *
     * @param keep whether to keep them
     * @return this
     */
    public Builder keepOriginals(boolean keep) {
      return dropOriginals(keep ? Set.of() : EnumSet.allOf(KeyClass.class));
    }

    /**
     * The classes of attributes that are removed from the span when everything they state is
     * written under the conventions' names. Default: none. Attributes that were not read completely
     * stay. A reported cost counts as written, so if you drop it, write the span's {@link Cost}.
     *
     * @param classes the classes of keys
     * @return this
     */
    public Builder dropOriginals(Set<KeyClass> classes) {
      renderer.dropOriginals(classes);
      return this;
    }

    /**
     * The same for the attributes of one dialect, instead of the general rule.
     *
     * @param dialect the id of the dialect
     * @param classes the classes of keys
     * @return this
     */
    public Builder dropOriginals(String dialect, Set<KeyClass> classes) {
      renderer.dropOriginals(dialect, classes);
      return this;
    }

    /**
     * Notes which attributes each slot was read from, for {@linkplain SpanRenderer renderers} that
     * drop originals. Default: only if this normalizer's own options drop some.
     *
     * @param note whether to note them
     * @return this
     */
    public Builder noteOriginals(boolean note) {
      notesOriginals = note;
      return this;
    }

    /**
     * The ids of the dialects that are not read. Default: none.
     *
     * @param dialects the ids of the dialects
     * @return this
     */
    public Builder disable(Set<String> dialects) {
      disabled = new LinkedHashSet<>(dialects);
      return this;
    }

    /**
     * Adds a dialect of your own. If you add more than one, the first is the strongest.
     *
     * @param dialect the id of the dialect
     * @return this
     */
    public Builder custom(CustomDialect dialect) {
      custom.add(Objects.requireNonNull(dialect, "custom"));
      return this;
    }

    /**
     * Checks the settings and builds.
     *
     * @return the normalizer
     * @throws IllegalArgumentException if an option names a dialect that does not exist, if two
     *     dialects have the same id, if {@code otel} is disabled, or if the maximum content length
     *     is negative
     */
    public Normalizer build() {
      Set<String> ids = Dialects.ids();
      for (CustomDialect dialect : custom) {
        if (!ids.add(dialect.id())) {
          throw new IllegalArgumentException("custom=" + dialect.id() + " is already defined");
        }
      }
      disabled.forEach(id -> check("disable", id, Dialects.ids()));
      renderer.dialects().forEach(id -> check("dropOriginals", id, ids));
      if (disabled.contains(CONVENTIONS)) {
        throw new IllegalArgumentException(
            "disable="
                + CONVENTIONS
                + " is not supported: the dialect that is written is always read");
      }
      return new Normalizer(this);
    }

    private static void check(String option, String id, Set<String> ids) {
      if (!ids.contains(id)) {
        throw new IllegalArgumentException(
            option + "=" + id + " is not a dialect; known: " + String.join(", ", ids));
      }
    }
  }
}
