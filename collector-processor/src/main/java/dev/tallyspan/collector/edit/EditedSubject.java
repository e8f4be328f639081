package dev.tallyspan.collector.edit;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.wire.ResourceEdits;
import dev.tallyspan.collector.wire.SpanEdits;
import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireEvent;
import dev.tallyspan.collector.wire.WireSpan;
import org.jspecify.annotations.Nullable;

/**
 * A span or a resource while statements change it one after another: each statement sees what those
 * before it did. Not thread-safe.
 */
final class EditedSubject extends Subject {

  private final @Nullable SpanEdits edits;
  private final @Nullable EditedAttributes attributes;
  private final @Nullable EditedAttributes resource;

  /** What the events are, by their index; created when an event is first looked at. */
  private @Nullable EditedAttributes @Nullable [] events;

  private @Nullable WireEvent event;
  private @Nullable EditedAttributes eventAttributes;

  /* Null = not edited. */
  private @Nullable String name;
  private @Nullable Integer kind;
  private @Nullable Integer statusCode;
  private @Nullable String statusMessage;

  private EditedSubject(
      @Nullable WireSpan span,
      @Nullable AttributeSource attributes,
      AttributeSource resource,
      @Nullable SpanEdits edits) {
    super(span, attributes, resource);
    this.edits = edits;
    this.attributes = attributes instanceof EditedAttributes edited ? edited : null;
    this.resource = resource instanceof EditedAttributes edited ? edited : null;
  }

  /** A span that is edited, with a resource that is not. */
  static EditedSubject span(WireSpan span, SpanEdits edits) {
    return new EditedSubject(
        span,
        new EditedAttributes(span.attributes(), edits),
        new ReadAttributes(span.resource()),
        edits);
  }

  /** A resource that is edited. */
  static EditedAttributes resource(WireAttributes resource, ResourceEdits edits) {
    return new EditedAttributes(resource, edits);
  }

  /**
   * A resource that is edited.
   *
   * @param span one of its spans, which is not edited; null for the resource alone
   */
  static EditedSubject of(EditedAttributes resource, @Nullable WireSpan span) {
    return new EditedSubject(
        span, span == null ? null : new ReadAttributes(span.attributes()), resource, null);
  }

  /** Sets the event that paths of events belong to from now on. */
  void enterEvent(int index) {
    if (events == null) {
      events = new EditedAttributes[span().eventCount()];
    }
    event = span().event(index);
    EditedAttributes known = events[index];
    if (known == null) {
      known = new EditedAttributes(event.attributes(), edits().event(index));
      events[index] = known;
    }
    eventAttributes = known;
  }

  @Override
  AttributeSource attributes(Context of) {
    return of == Context.EVENT ? requireNonNull(eventAttributes, "event") : super.attributes(of);
  }

  /**
   * The attributes of what the context says, to change them.
   *
   * @throws NullPointerException if they are not edited here
   */
  EditedAttributes edited(Context of) {
    return requireNonNull(
        switch (of) {
          case EVENT -> eventAttributes;
          case RESOURCE -> resource;
          case SPAN, LOG -> attributes;
        },
        "attributes");
  }

  private SpanEdits edits() {
    return requireNonNull(edits, "edits");
  }

  @Override
  String name() {
    return name == null ? super.name() : name;
  }

  void setName(String value) {
    edits().setName(value);
    name = value;
  }

  @Override
  int kind() {
    return kind == null ? super.kind() : kind;
  }

  void setKind(int value) {
    edits().setKind(value);
    kind = value;
  }

  @Override
  int statusCode() {
    return statusCode == null ? super.statusCode() : statusCode;
  }

  void setStatusCode(int value) {
    edits().setStatusCode(value);
    statusCode = value;
  }

  @Override
  String statusMessage() {
    return statusMessage == null ? super.statusMessage() : statusMessage;
  }

  void setStatusMessage(String value) {
    edits().setStatusMessage(value);
    statusMessage = value;
  }

  @Override
  String eventName() {
    return requireNonNull(event, "event").name();
  }
}
