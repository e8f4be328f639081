package dev.tallyspan.enrichment;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.SpanView;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A span made of plain attributes: texts, numbers, booleans, lists. */
public final class MapSpan implements SpanView {

  private final Map<String, Value<?>> attributes = new LinkedHashMap<>();
  private final Map<String, Value<?>> resource = new LinkedHashMap<>();
  private boolean failed = false;
  private boolean lossy = false;
  private long start = 1_790_000_000_000_000_000L;
  private long end = start + 1_000_000_000L;

  /** A chat of this model, without usage. */
  public static MapSpan chat(String provider, String model) {
    return new MapSpan()
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.provider.name", provider)
        .with("gen_ai.request.model", model);
  }

  public MapSpan with(String key, Object plain) {
    attributes.put(key, value(plain));
    return this;
  }

  MapSpan without(String key) {
    attributes.remove(key);
    return this;
  }

  MapSpan error() {
    failed = true;
    return this;
  }

  /** Says that attributes were dropped before the span came here. */
  MapSpan lossy() {
    lossy = true;
    return this;
  }

  MapSpan withResource(String key, String text) {
    resource.put(key, Value.of(text));
    return this;
  }

  MapSpan from(long startEpochNanos, long endEpochNanos) {
    start = startEpochNanos;
    end = endEpochNanos;
    return this;
  }

  private static Value<?> value(Object plain) {
    if (plain instanceof Double number) {
      return Value.of(number);
    }
    if (plain instanceof Number number) {
      return Value.of(number.longValue());
    }
    if (plain instanceof List<?> list) {
      return Value.of(list.stream().<Value<?>>map(MapSpan::value).toList());
    }
    return plain instanceof Boolean flag ? Value.of(flag) : Value.of((String) plain);
  }

  @Override
  public String traceId() {
    return "0123456789abcdef0123456789abcdef";
  }

  @Override
  public String spanId() {
    return "0123456789abcdef";
  }

  @Override
  public String parentSpanId() {
    return "";
  }

  @Override
  public String name() {
    return "chat";
  }

  @Override
  public SpanKind kind() {
    return SpanKind.CLIENT;
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
  public boolean lostContent() {
    return lossy;
  }

  @Override
  public String statusMessage() {
    return "";
  }

  @Override
  public String scopeName() {
    return "";
  }

  @Override
  public String scopeVersion() {
    return "";
  }

  @Override
  public AttributeView attributes() {
    return view(attributes);
  }

  @Override
  public AttributeView resource() {
    return view(resource);
  }

  @Override
  public List<? extends EventView> events() {
    return List.of();
  }

  private static AttributeView view(Map<String, Value<?>> map) {
    List<String> keys = new ArrayList<>(map.keySet());
    return new AttributeView() {
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
        return map.get(keys.get(index));
      }
    };
  }
}
