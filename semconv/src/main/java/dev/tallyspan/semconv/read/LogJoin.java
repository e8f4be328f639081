package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.LogView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.internal.dialect.EventMessages;
import dev.tallyspan.semconv.internal.dialect.LogEvent;
import dev.tallyspan.semconv.internal.json.Nesting;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds message events that arrive as log records to their spans. The OpenTelemetry Java agent and
 * other instrumentations send content in this way, separately from its span.
 *
 * <p>A record is added only to spans that are joined after it is kept. This is the usual order: a
 * record is exported when it is written, and its span after it has ended. Thread-safe.
 */
public final class LogJoin {

  private record SpanId(String trace, String span) {}

  /** The overhead of an event in addition to its texts, in characters. */
  private static final int EVENT_OVERHEAD = 200;

  private final long maxAgeMillis;
  private final long maxCharacters;
  private final long maxCharactersOfSpan;
  private final InstantSource clock;

  /** In the order of the first record of each span. */
  private final LinkedHashMap<SpanId, KeptSpan> spans = new LinkedHashMap<>();

  private long characters;

  /** Creates a join that keeps all records and has no limit on memory. */
  public LogJoin() {
    this(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, InstantSource.system());
  }

  private LogJoin(
      long maxAgeMillis, long maxCharacters, long maxCharactersOfSpan, InstantSource clock) {
    this.maxAgeMillis = maxAgeMillis;
    this.maxCharacters = maxCharacters;
    this.maxCharactersOfSpan = maxCharactersOfSpan;
    this.clock = clock;
  }

  /**
   * Creates a join that keeps the records of a span for a limited time after the first of them.
   *
   * @param maxAge how long the records of a span are kept; 1 ms or longer
   * @param maxCharacters the maximum size of all kept texts, above 0; if it is exceeded, the oldest
   *     spans are removed early
   * @param clock the source of the current time
   * @return the join
   * @throws IllegalArgumentException if a limit is not above 0
   */
  public static LogJoin window(Duration maxAge, long maxCharacters, InstantSource clock) {
    return window(maxAge, maxCharacters, /* maxCharactersOfSpan= */ Long.MAX_VALUE, clock);
  }

  /**
   * Creates a join that has a limit for each span too. The messages of a span that exceed it are
   * all left out: a part of a conversation would look like the whole.
   *
   * @param maxAge how long the records of a span are kept; 1 ms or longer
   * @param maxCharacters the maximum size of all kept texts, above 0; if it is exceeded, the oldest
   *     spans are removed early
   * @param maxCharactersOfSpan the maximum size of the kept texts of a span, above 0
   * @param clock the source of the current time
   * @return the join
   * @throws IllegalArgumentException if a limit is not above 0
   */
  public static LogJoin window(
      Duration maxAge, long maxCharacters, long maxCharactersOfSpan, InstantSource clock) {
    if (maxAge.toMillis() < 1) {
      throw new IllegalArgumentException("maxAge=" + maxAge + " must be 1ms or longer");
    }
    if (maxCharacters < 1) {
      throw new IllegalArgumentException("maxCharacters=" + maxCharacters + " must be above 0");
    }
    if (maxCharactersOfSpan < 1) {
      throw new IllegalArgumentException(
          "maxCharactersOfSpan=" + maxCharactersOfSpan + " must be above 0");
    }
    return new LogJoin(maxAge.toMillis(), maxCharacters, maxCharactersOfSpan, clock);
  }

  /**
   * Keeps a copy of the record if it contains messages and has a trace id and a span id.
   *
   * @param log the log record
   */
  public void keep(LogView log) {
    LogEvent event = LogEvent.of(log);
    boolean messages =
        EventMessages.isMessageEvent(event.name()) || EventMessages.isDetailsEvent(event.name());
    if (messages && !log.traceId().isEmpty() && !log.spanId().isEmpty()) {
      keep(new SpanId(log.traceId(), log.spanId()), KeptEvent.of(event));
    }
  }

  private synchronized void keep(SpanId id, KeptEvent event) {
    long now = clock.millis();
    KeptSpan span = spans.computeIfAbsent(id, key -> new KeptSpan(now));
    if (!span.tooLarge && span.events.add(event)) { // the same record twice is one event
      long size = event.characters();
      span.characters += size;
      characters += size;
      if (span.characters > maxCharactersOfSpan) {
        characters -= span.characters - EVENT_OVERHEAD;
        span.leaveOut();
      }
    }
    forgetOld(now);
  }

  private synchronized @Nullable List<KeptEvent> kept(SpanId id) {
    forgetOld(clock.millis());
    KeptSpan span = spans.get(id);
    return span == null || span.tooLarge ? null : List.copyOf(span.events);
  }

  /**
   * Forgets the records of a span that has been joined. Does nothing if there are none.
   *
   * @param traceId in lowercase hex digits
   * @param spanId in lowercase hex digits
   */
  public void forget(String traceId, String spanId) {
    forget(new SpanId(traceId, spanId));
  }

  private synchronized void forget(SpanId id) {
    KeptSpan span = spans.remove(id);
    if (span != null) {
      characters -= span.characters;
    }
  }

  /**
   * {@return whether records of the span are kept}
   *
   * @param traceId in lowercase hex digits
   * @param spanId in lowercase hex digits
   */
  public boolean hasMessages(String traceId, String spanId) {
    return kept(new SpanId(traceId, spanId)) != null;
  }

  private void forgetOld(long now) {
    Iterator<KeptSpan> oldest = spans.values().iterator();
    while (oldest.hasNext()) {
      KeptSpan span = oldest.next();
      if (characters <= maxCharacters && now - span.since <= maxAgeMillis) {
        return;
      }
      characters -= span.characters;
      oldest.remove();
    }
  }

  /**
   * {@return the span with its kept events; the span itself if there are none, or if it already has
   * message events}
   *
   * @param span the span
   */
  public SpanView join(SpanView span) {
    List<KeptEvent> kept = kept(new SpanId(span.traceId(), span.spanId()));
    if (kept == null) {
      return span;
    }
    List<EventView> all = new ArrayList<>(span.events());
    for (EventView event : all) {
      if (EventMessages.isMessageEvent(event.name())
          || EventMessages.isDetailsEvent(event.name())) {
        return span;
      }
    }
    all.addAll(kept);
    all.sort(
        Comparator.comparingLong(
            EventView::epochNanos)); // stable: events of the same time stay in order
    return new JoinedSpan(span, all);
  }

  private static final class KeptSpan {
    final long since;
    final Set<KeptEvent> events = new LinkedHashSet<>();
    long characters;
    boolean tooLarge;

    KeptSpan(long since) {
      this.since = since;
    }

    /** Keeps the fact alone that there were messages. */
    void leaveOut() {
      tooLarge = true;
      events.clear();
      characters = EVENT_OVERHEAD;
    }
  }

  private record KeptEvent(
      String name, long epochNanos, Map<String, Value<?>> values, @Nullable Value<?> body)
      implements EventView {

    static KeptEvent of(LogEvent event) {
      AttributeView attributes = event.attributes();
      Map<String, Value<?>> values = new HashMap<>();
      for (int i = 0; i < attributes.size(); i++) {
        Value<?> value = Nesting.bounded(attributes.value(i));
        if (value != null) {
          values.putIfAbsent(attributes.key(i), value);
        }
      }
      return new KeptEvent(event.name(), event.epochNanos(), values, Nesting.bounded(event.body()));
    }

    /** The approximate number of characters of its texts. */
    long characters() {
      long sum = EVENT_OVERHEAD + (body == null ? 0 : characters(body));
      for (Map.Entry<String, Value<?>> attribute : values.entrySet()) {
        sum += attribute.getKey().length() + characters(attribute.getValue());
      }
      return sum;
    }

    @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
    private static long characters(Value<?> value) {
      long sum = 8;
      switch (value.getType()) {
        case STRING -> sum += ((String) value.getValue()).length();
        case BYTES -> sum += ((ByteBuffer) value.getValue()).remaining();
        case ARRAY -> {
          for (Value<?> element : (List<Value<?>>) value.getValue()) {
            sum += characters(element);
          }
        }
        case KEY_VALUE_LIST -> {
          for (KeyValue member : (List<KeyValue>) value.getValue()) {
            sum += member.getKey().length() + characters(member.getValue());
          }
        }
        default -> {}
      }
      return sum;
    }

    @Override
    public AttributeView attributes() {
      return new MapAttributes(List.copyOf(values.keySet()), values);
    }
  }

  private record MapAttributes(List<String> keys, Map<String, Value<?>> values)
      implements AttributeView {

    @Override
    public int size() {
      return keys.size();
    }

    @Override
    public String key(int index) {
      return keys.get(index);
    }

    @Override
    public @Nullable Value<?> value(int index) {
      return values.get(keys.get(index));
    }

    @Override
    public @Nullable Value<?> get(String key) {
      return values.get(key);
    }
  }

  private record JoinedSpan(SpanView span, List<EventView> events) implements SpanView {

    @Override
    public String traceId() {
      return span.traceId();
    }

    @Override
    public String spanId() {
      return span.spanId();
    }

    @Override
    public String parentSpanId() {
      return span.parentSpanId();
    }

    @Override
    public String name() {
      return span.name();
    }

    @Override
    public SpanKind kind() {
      return span.kind();
    }

    @Override
    public long startEpochNanos() {
      return span.startEpochNanos();
    }

    @Override
    public long endEpochNanos() {
      return span.endEpochNanos();
    }

    @Override
    public boolean failed() {
      return span.failed();
    }

    @Override
    public String statusMessage() {
      return span.statusMessage();
    }

    @Override
    public boolean lostContent() {
      return span.lostContent();
    }

    @Override
    public String scopeName() {
      return span.scopeName();
    }

    @Override
    public String scopeVersion() {
      return span.scopeVersion();
    }

    @Override
    public AttributeView attributes() {
      return span.attributes();
    }

    @Override
    public AttributeView resource() {
      return span.resource();
    }
  }
}
