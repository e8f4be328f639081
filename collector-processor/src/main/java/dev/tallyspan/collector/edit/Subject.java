package dev.tallyspan.collector.edit;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.wire.WireItem;
import dev.tallyspan.collector.wire.WireSpan;
import org.jspecify.annotations.Nullable;

/**
 * What conditions and statements read: a span or log record with its resource, or a resource alone.
 */
class Subject {

  private final @Nullable WireItem item;
  private final @Nullable AttributeSource attributes;
  private final AttributeSource resource;

  /**
   * @param item null for a resource alone
   * @param attributes those of the item; null for a resource alone
   */
  Subject(@Nullable WireItem item, @Nullable AttributeSource attributes, AttributeSource resource) {
    this.item = item;
    this.attributes = attributes;
    this.resource = resource;
  }

  /** An item as it is. */
  static Subject of(WireItem item) {
    return new Subject(
        item, new ReadAttributes(item.attributes()), new ReadAttributes(item.resource()));
  }

  WireItem item() {
    return requireNonNull(item, "item");
  }

  WireSpan span() {
    return (WireSpan) item();
  }

  /** The attributes of what the context says. */
  AttributeSource attributes(Context of) {
    return of == Context.RESOURCE ? resource : requireNonNull(attributes, "attributes");
  }

  /** The name of the span. */
  String name() {
    return span().name();
  }

  /** OTLP's number for the span kind. */
  int kind() {
    return span().kind();
  }

  /** OTLP's number for the code of the span's status. */
  int statusCode() {
    return span().statusCode();
  }

  String statusMessage() {
    return span().statusMessage();
  }

  /** The name of the span event. */
  String eventName() {
    throw new IllegalStateException("not a span event");
  }
}
