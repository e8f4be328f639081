package dev.tallyspan.semconv;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Reads spans of every dialect, and log records with the messages of a span, into {@link LlmSpan},
 * and writes what was read as GenAI attributes. Thread-safe.
 */
public final class Normalizer {

  /** A rename, and where it stands among all of them. */
  private record RankedRename(Rename rename, int dialect, int order) {}

  /** A rename for which the span has an attribute. */
  private record Match(RankedRename rename, int attribute) {}

  private final List<Dialect> dialects;
  private final Map<String, List<RankedRename>> renames;
  private final Renderer renderer;

  private Normalizer(Builder builder) {
    List<Dialect> enabled = new ArrayList<>();
    for (Dialect dialect : Dialects.ALL) {
      if (!builder.disabled.contains(dialect.id())) {
        enabled.add(dialect);
      }
    }
    dialects = List.copyOf(enabled);
    renames = renamesByKey(dialects);
    renderer = new Renderer(builder);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Reads every dialect and writes the conventions' newest generation, content as JSON text. */
  public static Normalizer create() {
    return builder().build();
  }

  /** Whether a span with this attribute key is worth being read. */
  public static boolean isLlmKey(String key) {
    return key != null && Dialects.isMarker(key);
  }

  /**
   * The prefixes, all ASCII, of attribute keys that make a span worth being read; none begins with
   * another. A span with no such key gives null in {@link #read}.
   */
  public static List<String> markerKeyPrefixes() {
    return Dialects.markerKeyPrefixes();
  }

  /** The prefixes, all ASCII, of the names of those events that {@link #readLog} reads. */
  public static List<String> logEventPrefixes() {
    List<String> prefixes = new ArrayList<>(LogEvent.CALLS);
    prefixes.add(EventMessages.PREFIX);
    return List.copyOf(prefixes);
  }

  /**
   * Reads a span; null if it is not about an LLM. Never throws: a dialect that fails is named in
   * {@link LlmSpan#faults()}, and what it could not read stays on the span as it is.
   */
  public LlmSpan read(SpanView span) {
    try {
      return hasMarker(span.attributes()) ? understand(span, /* whole= */ true) : null;
    } catch (RuntimeException | StackOverflowError e) {
      // A view that throws cannot be read at all; the span passes as it came.
      return null;
    }
  }

  /**
   * Writes what {@link #read} found, as far as the span does not say so already. Writes nothing on
   * a span that was processed before.
   */
  public void render(LlmSpan llm, SpanView span, AttributeEdits edits) {
    if (!llm.alreadyProcessed()) {
      renderer.render(llm, span.attributes(), edits);
    }
  }

  /**
   * Reads a log record that is one of the conventions' events with messages: {@code
   * gen_ai.user.message} and its siblings, {@code gen_ai.choice}, {@code
   * gen_ai.client.inference.operation.details}; or one with which a coding agent tells of a call:
   * Claude Code's {@code api_request}, Codex' {@code codex.sse_event} that ends a response. Null if
   * it is another. What is read is what the record says, not the whole of its span. Never throws,
   * as {@link #read}.
   */
  public LlmSpan readLog(LogView log) {
    try {
      LogEvent event = LogEvent.of(log);
      boolean whole = EventMessages.isDetailsEvent(event.name()) || event.isCall();
      return whole || EventMessages.isMessageEvent(event.name()) ? understand(event, whole) : null;
    } catch (RuntimeException | StackOverflowError e) {
      // A view that throws cannot be read at all; the record passes as it came.
      return null;
    }
  }

  /** Writes what {@link #readLog} found on the record, as {@link #render} does on a span. */
  public void renderLog(LlmSpan llm, LogView log, AttributeEdits edits) {
    if (!llm.alreadyProcessed()) {
      renderer.render(llm, log.attributes(), edits);
    }
  }

  /**
   * @param whole whether this is all that is known of an operation, so that more can be concluded;
   *     a single message is not
   */
  private LlmSpan understand(SpanView view, boolean whole) {
    IndexedSpan span = new IndexedSpan(view);
    LlmSpan.Builder out = new LlmSpan.Builder();
    boolean[] speaks = recognise(span, out);
    if (out.recognised().isEmpty()) {
      return null;
    }
    rename(span, speaks, out);
    for (int i = 0; i < dialects.size(); i++) {
      if (speaks[i]) {
        read(dialects.get(i), i, span, out);
      }
    }
    out.from("", dialects.size());
    ReportedCosts.read(span, out);
    if (whole) {
      Inference.complete(span, out);
    }
    ProcessedBefore.check(span, out);
    return out.build(span.span().kind() == io.opentelemetry.api.trace.SpanKind.CLIENT);
  }

  private boolean[] recognise(IndexedSpan span, LlmSpan.Builder out) {
    boolean[] speaks = new boolean[dialects.size()];
    for (int i = 0; i < speaks.length; i++) {
      Dialect dialect = dialects.get(i);
      try {
        speaks[i] = dialect.recognises(span);
      } catch (RuntimeException e) {
        out.failed(dialect.id());
      }
      if (speaks[i]) {
        out.recognised(dialect.id());
      }
    }
    return speaks;
  }

  private void rename(IndexedSpan span, boolean[] speaks, LlmSpan.Builder out) {
    List<Match> matches = new ArrayList<>();
    AttributeView attributes = span.span().attributes();
    for (int i = 0; i < attributes.size(); i++) {
      for (RankedRename rename : renames.getOrDefault(attributes.key(i), List.of())) {
        if (speaks[rename.dialect] || dialects.get(rename.dialect).isUniversal()) {
          matches.add(new Match(rename, i));
        }
      }
    }
    matches.sort((a, b) -> Integer.compare(a.rename.order, b.rename.order));
    for (Match match : matches) {
      Rename rename = match.rename.rename;
      int rank = match.rename.dialect;
      out.from(dialects.get(rank).id(), rank);
      Json value = Json.of(Nesting.bounded(attributes.value(match.attribute)));
      if (out.offer(rename.slot(), value, rename.coercion(), rename.key())) {
        out.consumed(rename.key());
      }
    }
  }

  private static void read(Dialect dialect, int rank, IndexedSpan span, LlmSpan.Builder out) {
    try {
      out.from(dialect.id(), rank);
      dialect.read(span, out);
    } catch (RuntimeException | StackOverflowError e) {
      out.failed(dialect.id());
    }
  }

  private static boolean hasMarker(AttributeView attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      if (isLlmKey(attributes.key(i))) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, List<RankedRename>> renamesByKey(List<Dialect> dialects) {
    Map<String, List<RankedRename>> byKey = new HashMap<>();
    int order = 0;
    for (int i = 0; i < dialects.size(); i++) {
      for (Rename rename : dialects.get(i).renames()) {
        byKey
            .computeIfAbsent(rename.key(), k -> new ArrayList<>())
            .add(new RankedRename(rename, i, order++));
      }
    }
    return byKey;
  }

  /** What is read and how it is written. */
  public static final class Builder {
    Generation target = Generation.GENAI_DEV;
    ContentFormat content = ContentFormat.JSON_STRING;
    int maxContentLength = 0;
    boolean keepOriginals = true;
    private Set<String> disabled = Set.of();

    Builder() {}

    /** The generation of the conventions that is written; by default the newest. */
    public Builder target(Generation generation) {
      target = Objects.requireNonNull(generation, "target");
      return this;
    }

    /** How content is written; by default as JSON text. */
    public Builder content(ContentFormat format) {
      content = Objects.requireNonNull(format, "content");
      return this;
    }

    /**
     * The most characters of JSON text that one attribute with content may have; 0, the default,
     * for any number. What is longer is cut inside its texts, so that it stays valid.
     */
    public Builder maxContentLength(int characters) {
      maxContentLength = characters;
      return this;
    }

    /**
     * Whether attributes of other dialects stay on the span when all they say is written in the
     * conventions' names; by default they do.
     */
    public Builder keepOriginals(boolean keep) {
      keepOriginals = keep;
      return this;
    }

    /** Dialects that are not read; by default all are. */
    public Builder disable(Set<String> dialects) {
      disabled = new LinkedHashSet<>(dialects);
      return this;
    }

    /**
     * @throws IllegalArgumentException if a disabled dialect does not exist, or the longest content
     *     is negative
     */
    public Normalizer build() {
      if (maxContentLength < 0) {
        throw new IllegalArgumentException(
            "maxContentLength=" + maxContentLength + " is negative; 0 is for any length");
      }
      for (String id : disabled) {
        if (!Dialects.ids().contains(id)) {
          throw new IllegalArgumentException(
              "disable=" + id + " is no dialect; known: " + String.join(", ", Dialects.ids()));
        }
      }
      return new Normalizer(this);
    }
  }
}
