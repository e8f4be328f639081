package dev.tallyspan.collector.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Does with protobuf-java's objects what {@link TraceRewriter} does with bytes. */
final class ProtobufOracle {

  /** A change of one key; a null value removes it. */
  record Edit(String key, AnyValue value) {}

  /** What an editor saw of a span, and what it asked for. */
  record Seen(
      Span span, Resource resource, String scopeName, String scopeVersion, SpanChange change) {}

  /** The edits in order, and the event removed; -1 for none. */
  record SpanChange(List<Edit> edits, int removedEvent) {}

  private ProtobufOracle() {}

  /**
   * Parses as protobuf says. protobuf-java's generated classes do not always: of two messages that
   * are the same member of a oneof, with another member between them, they merge both, where only
   * the last should count, as its dynamic messages have it.
   */
  @SuppressWarnings("unchecked")
  static <T extends Message> T parse(T prototype, byte[] bytes)
      throws InvalidProtocolBufferException {
    DynamicMessage message = DynamicMessage.parseFrom(prototype.getDescriptorForType(), bytes);
    return (T) prototype.getParserForType().parseFrom(message.toByteArray());
  }

  /**
   * Whether there may be a varint of more than ten bytes that protobuf-java takes for one of ten:
   * it ends a 64-bit varint at an odd tenth byte, even if that says that there are more.
   */
  static boolean mayHideLongVarint(byte[] bytes) {
    int continued = 0;
    for (byte b : bytes) {
      continued = b < 0 ? continued + 1 : 0;
      if (continued >= 10 && (b & 1) == 1) {
        return true;
      }
    }
    return false;
  }

  /** An editor that notes all it can see of each span and makes random edits. */
  static TraceRewriter.SpanEditor editor(Random random, List<Seen> seen) {
    return (span, edits) -> {
      List<Edit> changes = makeEdits(random, span.attributes(), edits);
      int event = -1;
      if (span.eventCount() > 0 && random.nextInt(4) == 0) {
        event = random.nextInt(span.eventCount());
        edits.removeEvent(event);
      }
      Resource.Builder resource = Resource.newBuilder();
      resource.addAllAttributes(keyValues(span.resource()));
      seen.add(
          new Seen(
              span(span),
              resource.build(),
              span.scopeName(),
              span.scopeVersion(),
              new SpanChange(changes, event)));
    };
  }

  /** Makes random edits, and says which. */
  static List<Edit> makeEdits(Random random, WireAttributes attributes, ItemEdits edits) {
    List<Edit> changes = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? random.nextInt(40) : random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String key =
          attributes.size() > 0 && random.nextBoolean()
              ? attributes.key(random.nextInt(attributes.size()))
              : random.nextBoolean()
                  ? RandomMessages.KEYS.get(random.nextInt(RandomMessages.KEYS.size()))
                  : "new." + random.nextInt(60);
      changes.add(edit(random, key, attributes, edits));
    }
    return changes;
  }

  private static Edit edit(Random random, String key, WireAttributes attributes, ItemEdits edits) {
    AnyValue.Builder value = AnyValue.newBuilder();
    switch (random.nextInt(7)) {
      case 0 -> {
        edits.remove(key);
        return new Edit(key, null);
      }
      case 1 -> {
        String text = "x".repeat(random.nextInt(200)) + (random.nextBoolean() ? "" : "\u00df");
        edits.set(key, text);
        value.setStringValue(text);
      }
      case 2 -> {
        long number = random.nextLong() >> random.nextInt(64);
        edits.set(key, number);
        value.setIntValue(number);
      }
      case 3 -> {
        double number = random.nextDouble();
        edits.set(key, number);
        value.setDoubleValue(number);
      }
      case 4 -> {
        boolean flag = random.nextBoolean();
        edits.set(key, flag);
        value.setBoolValue(flag);
      }
      case 5 -> {
        List<String> texts = List.of("a", "", "\u00df").subList(0, random.nextInt(4));
        edits.set(key, texts);
        ArrayValue.Builder array = value.getArrayValueBuilder();
        texts.forEach(text -> array.addValues(AnyValue.newBuilder().setStringValue(text)));
      }
      default -> {
        // The value that it has, most often.
        int index = attributes.indexOf(key);
        value.mergeFrom(
            index < 0
                ? new RandomMessages(random, 2).like(AnyValue.getDefaultInstance())
                : anyValue(attributes, index));
        edits.setEncoded(key, value.build().toByteArray());
      }
    }
    return new Edit(key, value.build());
  }

  /** All that the view shows of a span. */
  static Span span(WireSpan view) {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(ByteString.fromHex(view.traceId()))
            .setSpanId(ByteString.fromHex(view.spanId()))
            .setParentSpanId(ByteString.fromHex(view.parentSpanId()))
            .setName(view.name())
            .setKindValue(view.kind())
            .setStartTimeUnixNano(view.startEpochNanos())
            .setEndTimeUnixNano(view.endEpochNanos())
            .addAllAttributes(keyValues(view.attributes()));
    span.getStatusBuilder().setCodeValue(view.statusCode()).setMessage(view.statusMessage());
    for (int i = 0; i < view.eventCount(); i++) {
      WireEvent event = view.event(i);
      span.addEventsBuilder()
          .setName(event.name())
          .setTimeUnixNano(event.epochNanos())
          .addAllAttributes(keyValues(event.attributes()));
    }
    return span.build();
  }

  static List<KeyValue> keyValues(WireAttributes attributes) {
    List<KeyValue> list = new ArrayList<>();
    for (int i = 0; i < attributes.size(); i++) {
      list.add(
          KeyValue.newBuilder()
              .setKey(attributes.key(i))
              .setValue(anyValue(attributes, i))
              .build());
    }
    return list;
  }

  static AnyValue anyValue(WireValues values, int i) {
    AnyValue.Builder value = AnyValue.newBuilder();
    switch (values.type(i)) {
      case NONE -> {}
      case STRING -> value.setStringValue(values.stringValue(i));
      case BOOL -> value.setBoolValue(values.boolValue(i));
      case INT -> value.setIntValue(values.longValue(i));
      case DOUBLE -> value.setDoubleValue(values.doubleValue(i));
      case BYTES -> value.setBytesValue(ByteString.copyFrom(values.bytesValue(i)));
      case MAP ->
          value.setKvlistValue(
              KeyValueList.newBuilder().addAllValues(keyValues(values.mapValue(i))));
      case ARRAY -> {
        ArrayValue.Builder array = value.getArrayValueBuilder();
        WireValues elements = values.arrayValue(i);
        for (int j = 0; j < elements.size(); j++) {
          array.addValues(anyValue(elements, j));
        }
      }
    }
    return value.build();
  }

  /** Of a parsed span, what the view shows of it: no unknown fields, no links and so on. */
  static Span visible(Span span) {
    Span.Builder visible =
        Span.newBuilder()
            .setTraceId(span.getTraceId())
            .setSpanId(span.getSpanId())
            .setParentSpanId(span.getParentSpanId())
            .setName(span.getName())
            .setKindValue(span.getKindValue())
            .setStartTimeUnixNano(span.getStartTimeUnixNano())
            .setEndTimeUnixNano(span.getEndTimeUnixNano());
    span.getAttributesList().forEach(attribute -> visible.addAttributes(visible(attribute)));
    visible
        .getStatusBuilder()
        .setCodeValue(span.getStatus().getCodeValue())
        .setMessage(span.getStatus().getMessage());
    for (Span.Event event : span.getEventsList()) {
      Span.Event.Builder builder =
          visible
              .addEventsBuilder()
              .setName(event.getName())
              .setTimeUnixNano(event.getTimeUnixNano());
      event.getAttributesList().forEach(attribute -> builder.addAttributes(visible(attribute)));
    }
    return visible.build();
  }

  static Resource visible(Resource resource) {
    Resource.Builder visible = Resource.newBuilder();
    resource.getAttributesList().forEach(attribute -> visible.addAttributes(visible(attribute)));
    return visible.build();
  }

  static KeyValue visible(KeyValue attribute) {
    return KeyValue.newBuilder()
        .setKey(attribute.getKey())
        .setValue(visible(attribute.getValue()))
        .build();
  }

  static AnyValue visible(AnyValue value) {
    AnyValue.Builder visible = AnyValue.newBuilder();
    switch (value.getValueCase()) {
      case ARRAY_VALUE -> {
        ArrayValue.Builder array = visible.getArrayValueBuilder();
        value.getArrayValue().getValuesList().forEach(v -> array.addValues(visible(v)));
      }
      case KVLIST_VALUE -> {
        KeyValueList.Builder map = visible.getKvlistValueBuilder();
        value.getKvlistValue().getValuesList().forEach(v -> map.addValues(visible(v)));
      }
      case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> {}
      default ->
          visible.mergeFrom(
              value.toBuilder().setUnknownFields(UnknownFieldSet.getDefaultInstance()).build());
    }
    return visible.build();
  }

  static boolean isShown(Span span, List<String> keyPrefixes, List<String> eventPrefixes) {
    return span.getAttributesList().stream()
            .anyMatch(a -> keyPrefixes.stream().anyMatch(a.getKey()::startsWith))
        || span.getEventsList().stream()
            .anyMatch(e -> eventPrefixes.stream().anyMatch(e.getName()::startsWith));
  }

  /** The span with the changes made; what is set comes last, sorted by key. */
  static Span apply(Span span, SpanChange change) {
    Span.Builder builder = span.toBuilder().clearAttributes();
    builder.addAllAttributes(apply(span.getAttributesList(), change.edits()));
    if (change.removedEvent() >= 0) {
      builder.removeEvents(change.removedEvent());
    }
    return builder.build();
  }

  /** The attributes with the edits made; what is set comes last, sorted by key. */
  static List<KeyValue> apply(List<KeyValue> attributes, List<Edit> edits) {
    List<KeyValue> set = new ArrayList<>();
    for (Edit edit : edits) {
      set.removeIf(attribute -> attribute.getKey().equals(edit.key()));
      if (edit.value() != null) {
        set.add(Traces.attribute(edit.key(), edit.value()));
      }
    }
    Set<String> keys = editedKeys(edits);
    List<KeyValue> after = new ArrayList<>(attributes);
    after.removeIf(attribute -> keys.contains(attribute.getKey()));
    set.sort(Comparator.comparing(KeyValue::getKey));
    after.addAll(set);
    return after;
  }

  /** A rewritten span in the order that {@link #apply} gives. */
  static Span sorted(Span span, SpanChange change) {
    return span.toBuilder()
        .clearAttributes()
        .addAllAttributes(sorted(span.getAttributesList(), change.edits()))
        .build();
  }

  /** Rewritten attributes in the order that {@link #apply(List, List)} gives. */
  static List<KeyValue> sorted(List<KeyValue> attributes, List<Edit> edits) {
    Set<String> keys = editedKeys(edits);
    List<KeyValue> sorted = new ArrayList<>(attributes);
    sorted.removeIf(attribute -> keys.contains(attribute.getKey()));
    attributes.stream()
        .filter(attribute -> keys.contains(attribute.getKey()))
        .sorted(Comparator.comparing(KeyValue::getKey))
        .forEach(sorted::add);
    return sorted;
  }

  private static Set<String> editedKeys(List<Edit> edits) {
    Set<String> keys = new HashSet<>();
    edits.forEach(edit -> keys.add(edit.key()));
    return keys;
  }

  /** A request's spans with where they are. */
  static List<Located> spans(ExportTraceServiceRequest request) {
    List<Located> spans = new ArrayList<>();
    for (ResourceSpans resource : request.getResourceSpansList()) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        scope.getSpansList().forEach(span -> spans.add(new Located(span, resource, scope)));
      }
    }
    return spans;
  }

  record Located(Span span, ResourceSpans resource, ScopeSpans scope) {}

  /** The request without its spans: what must not change at all. */
  static ExportTraceServiceRequest withoutSpans(ExportTraceServiceRequest request) {
    ExportTraceServiceRequest.Builder builder = request.toBuilder();
    for (ResourceSpans.Builder resource : builder.getResourceSpansBuilderList()) {
      for (ScopeSpans.Builder scope : resource.getScopeSpansBuilderList()) {
        int count = scope.getSpansCount();
        scope.clearSpans();
        for (int i = 0; i < count; i++) {
          scope.addSpansBuilder();
        }
      }
    }
    return builder.build();
  }
}
