package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shows message events that came as log records as events of their spans. The Java agent and others
 * send content so, apart from the span that it belongs to.
 *
 * <p>Keeps every record that it is given, until it is let go itself. Not thread-safe.
 */
public final class LogJoin {

  private record SpanId(String trace, String span) {}

  private final Map<SpanId, Set<KeptEvent>> events = new HashMap<>();

  /** Keeps a copy of the record, if it holds messages and names its span. */
  public void keep(LogView log) {
    LogEvent event = LogEvent.of(log);
    boolean messages =
        EventMessages.isMessageEvent(event.name()) || EventMessages.isDetailsEvent(event.name());
    if (messages && !log.traceId().isEmpty() && !log.spanId().isEmpty()) {
      events
          .computeIfAbsent(new SpanId(log.traceId(), log.spanId()), id -> new LinkedHashSet<>())
          .add(KeptEvent.of(event)); // the same record twice is one event
    }
  }

  /** The span with the kept events of it; the span itself if there are none, or it has its own. */
  public SpanView join(SpanView span) {
    Set<KeptEvent> kept = events.get(new SpanId(span.traceId(), span.spanId()));
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
    all.sort(Comparator.comparingLong(EventView::epochNanos)); // stable: else in their order
    return new JoinedSpan(span, all);
  }

  private record KeptEvent(
      String name, long epochNanos, Map<String, Value<?>> values, Value<?> body)
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
    public Value<?> value(int index) {
      return values.get(keys.get(index));
    }

    @Override
    public Value<?> get(String key) {
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
