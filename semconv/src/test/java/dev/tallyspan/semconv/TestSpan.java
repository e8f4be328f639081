package dev.tallyspan.semconv;

import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.read.SpanRenderer;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A span made of maps, to be read and rendered in tests. Values are plain: texts, numbers,
 * booleans, lists, maps, byte arrays; what comes out of rendering is plain again, whole numbers
 * being longs.
 *
 * <pre>{@code
 * Map<String, Object> out =
 *     TestSpan.span("chat gpt-4o").with("gen_ai.system", "openai").normalized();
 * assertThat(out).containsEntry("gen_ai.provider.name", "openai");
 * }</pre>
 */
public final class TestSpan implements SpanView {

  private final String name;
  private final MapView attributes = new MapView();
  private final MapView resource = new MapView();
  private final List<Event> events = new ArrayList<>();
  private SpanKind kind = SpanKind.INTERNAL;
  private boolean failed = false;
  private boolean lossy = false;
  private String scope = "";
  private String scopeVersion = "";
  private String statusMessage = "";
  private long start = 1_000_000_000L;
  private long end = 2_000_000_000L;

  private TestSpan(String name) {
    this.name = name;
  }

  public static TestSpan span(String name) {
    return new TestSpan(name);
  }

  /** A chat of gpt-4o in the current conventions, without usage. */
  public static TestSpan chat() {
    return span("chat gpt-4o")
        .client()
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.provider.name", "openai")
        .with("gen_ai.request.model", "gpt-4o");
  }

  public TestSpan with(String key, Object value) {
    attributes.put(key, value);
    return this;
  }

  /** Adds an attribute without looking whether there is one of this key. */
  public TestSpan append(String key, Object value) {
    attributes.entries.add(Map.entry(key, value(value)));
    return this;
  }

  public TestSpan with(Map<String, ?> all) {
    all.forEach(this::with);
    return this;
  }

  public TestSpan without(String key) {
    attributes.entries.removeIf(e -> e.getKey().equals(key));
    return this;
  }

  public TestSpan resource(String key, Object value) {
    resource.put(key, value);
    return this;
  }

  public TestSpan scope(String scopeName) {
    scope = scopeName;
    return this;
  }

  public TestSpan scope(String scopeName, String version) {
    scope = scopeName;
    scopeVersion = version;
    return this;
  }

  public TestSpan kind(SpanKind spanKind) {
    kind = spanKind;
    return this;
  }

  public TestSpan client() {
    return kind(SpanKind.CLIENT);
  }

  public TestSpan error() {
    failed = true;
    return this;
  }

  public TestSpan statusMessage(String message) {
    statusMessage = message;
    return this;
  }

  /** The SDK has dropped attributes over its limit. */
  public TestSpan lossy() {
    lossy = true;
    return this;
  }

  /** Adds an event; {@code keysAndValues} alternate. */
  public TestSpan event(String eventName, Object... keysAndValues) {
    MapView view = new MapView();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      view.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    events.add(new Event(eventName, start + events.size() + 1, view));
    return this;
  }

  /** What a normalizer with defaults reads; null if this is no LLM span. */
  public LlmSpan read() {
    return Normalizer.create().read(this);
  }

  /** The attributes after a normalizer with defaults has read and rendered the span. */
  public Map<String, Object> normalized() {
    return normalized(Normalizer.create());
  }

  public Map<String, Object> normalized(Normalizer normalizer) {
    return edited(normalizer).plain();
  }

  /** The attributes after a reading of this span was rendered. */
  public Map<String, Object> rendered(LlmSpan llm, SpanRenderer renderer, Cost.Status status) {
    MapView copy = new MapView();
    copy.entries.addAll(attributes.entries);
    renderer.render(llm, this, new Edits(copy), status);
    return copy.plain();
  }

  /** The attributes that rendering by a normalizer with defaults sets. */
  public Map<String, Object> changes() {
    return changes(Normalizer.create());
  }

  public Map<String, Object> changes(Normalizer normalizer) {
    Edits edits = new Edits(new MapView());
    LlmSpan llm = normalizer.read(this);
    if (llm != null) {
      normalizer.render(llm, this, edits);
    }
    return edits.to.plain();
  }

  /** A span with the attributes after rendering, to be processed again. */
  public TestSpan processed(Normalizer normalizer) {
    TestSpan next = span(name).scope(scope, scopeVersion).kind(kind);
    next.failed = failed;
    next.statusMessage = statusMessage;
    next.events.addAll(events);
    next.resource.entries.addAll(resource.entries);
    next.attributes.entries.addAll(edited(normalizer).entries);
    return next;
  }

  /** The attributes that {@code writer} sets. */
  public static Map<String, Object> edits(Consumer<AttributeEdits> writer) {
    Edits edits = new Edits(new MapView());
    writer.accept(edits);
    return edits.to.plain();
  }

  /** A span with an LLM key whose values cannot be read. */
  public static TestSpan broken() {
    TestSpan span = chat();
    span.attributes.unreadable = true;
    return span;
  }

  private MapView edited(Normalizer normalizer) {
    MapView copy = new MapView();
    copy.entries.addAll(attributes.entries);
    LlmSpan llm = normalizer.read(this);
    if (llm != null) {
      normalizer.render(llm, this, new Edits(copy));
    }
    return copy;
  }

  @Override
  public boolean lostContent() {
    return lossy;
  }

  @Override
  public String traceId() {
    return "0af7651916cd43dd8448eb211c80319c";
  }

  @Override
  public String spanId() {
    return "b7ad6b7169203331";
  }

  @Override
  public String parentSpanId() {
    return "";
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public SpanKind kind() {
    return kind;
  }

  @Override
  public long startEpochNanos() {
    return start;
  }

  @Override
  public long endEpochNanos() {
    return end;
  }

  @Override
  public boolean failed() {
    return failed;
  }

  @Override
  public String statusMessage() {
    return statusMessage;
  }

  @Override
  public String scopeName() {
    return scope;
  }

  @Override
  public String scopeVersion() {
    return scopeVersion;
  }

  @Override
  public AttributeView attributes() {
    return attributes;
  }

  @Override
  public AttributeView resource() {
    return resource;
  }

  @Override
  public List<? extends EventView> events() {
    return events;
  }

  public static Value<?> value(Object plain) {
    if (plain == null) {
      return Value.empty();
    }
    if (plain instanceof Value<?> value) {
      return value;
    }
    if (plain instanceof String text) {
      return Value.of(text);
    }
    if (plain instanceof Boolean flag) {
      return Value.of(flag);
    }
    if (plain instanceof Double || plain instanceof Float) {
      return Value.of(((Number) plain).doubleValue());
    }
    if (plain instanceof Number number) {
      return Value.of(number.longValue());
    }
    if (plain instanceof byte[] bytes) {
      return Value.of(bytes);
    }
    if (plain instanceof List<?> list) {
      List<Value<?>> elements = new ArrayList<>();
      list.forEach(element -> elements.add(value(element)));
      return Value.of(elements);
    }
    if (plain instanceof Map<?, ?> map) {
      Map<String, Value<?>> members = new LinkedHashMap<>();
      map.forEach((key, member) -> members.put((String) key, value(member)));
      return Value.of(members);
    }
    throw new IllegalArgumentException("no attribute value: " + plain.getClass());
  }

  public static Object plain(Value<?> value) {
    if (value == null) {
      return null;
    }
    switch (value.getType()) {
      case ARRAY:
        List<Object> list = new ArrayList<>();
        for (Object element : (List<?>) value.getValue()) {
          list.add(plain((Value<?>) element));
        }
        return list;
      case KEY_VALUE_LIST:
        Map<String, Object> map = new LinkedHashMap<>();
        for (Object member : (List<?>) value.getValue()) {
          map.put(((KeyValue) member).getKey(), plain(((KeyValue) member).getValue()));
        }
        return map;
      case BYTES:
        ByteBuffer buffer = ((ByteBuffer) value.getValue()).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
      case EMPTY:
        return null;
      default:
        return value.getValue();
    }
  }

  private record Event(String name, long epochNanos, AttributeView attributes)
      implements EventView {}

  private static final class MapView implements AttributeView {
    private final List<Map.Entry<String, Value<?>>> entries = new ArrayList<>();
    private boolean unreadable = false;

    void put(String key, Object plain) {
      Map.Entry<String, Value<?>> entry = Map.entry(key, TestSpan.value(plain));
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i).getKey().equals(key)) {
          entries.set(i, entry);
          return;
        }
      }
      entries.add(entry);
    }

    Map<String, Object> plain() {
      Map<String, Object> map = new LinkedHashMap<>();
      entries.forEach(e -> map.putIfAbsent(e.getKey(), TestSpan.plain(e.getValue())));
      return map;
    }

    @Override
    public int size() {
      return entries.size();
    }

    @Override
    public String key(int index) {
      return entries.get(index).getKey();
    }

    @Override
    public Value<?> value(int index) {
      if (unreadable) {
        throw new IllegalStateException("unreadable");
      }
      return entries.get(index).getValue();
    }
  }

  private static final class Edits implements AttributeEdits {
    private final MapView to;

    Edits(MapView to) {
      this.to = to;
    }

    @Override
    public void set(String key, String value) {
      to.put(key, value);
    }

    @Override
    public void set(String key, long value) {
      to.put(key, value);
    }

    @Override
    public void set(String key, double value) {
      to.put(key, value);
    }

    @Override
    public void set(String key, boolean value) {
      to.put(key, value);
    }

    @Override
    public void set(String key, List<String> values) {
      to.put(key, values);
    }

    @Override
    public void set(String key, Value<?> value) {
      to.put(key, value);
    }

    @Override
    public void remove(String key) {
      to.entries.removeIf(e -> e.getKey().equals(key));
    }
  }
}
