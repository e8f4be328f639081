package dev.tallyspan.collector.wire;

import dev.tallyspan.collector.wire.ContentEditor.Place;
import dev.tallyspan.collector.wire.ContentEditor.Text;
import org.jspecify.annotations.Nullable;

/**
 * A message of OTLP, and which of its fields can hold content. What is not listed here holds
 * numbers, times and ids, or is not known.
 *
 * @see <a href="https://github.com/open-telemetry/opentelemetry-proto">opentelemetry-proto</a>
 */
final class ContentShape {

  private static final int FIELDS = 16;

  private static final ContentShape EXEMPLAR = of(Place.EXEMPLAR).attributes(7);
  private static final ContentShape RESOURCE = of(Place.RESOURCE).attributes(1);
  private static final ContentShape SCOPE = of(Place.SCOPE).attributes(3);

  private static final ContentShape SPAN =
      of(Place.SPAN)
          .item(1)
          .attributes(9)
          .text(5, Text.SPAN_NAME)
          .message(11, of(Place.EVENT).partOfItem().attributes(3).text(2, Text.EVENT_NAME))
          .message(13, of(Place.LINK).partOfItem().attributes(4))
          .message(15, structure().text(2, Text.STATUS_MESSAGE));

  private static final ContentShape LOG =
      of(Place.LOG)
          .item(9)
          .attributes(6)
          .text(3, Text.SEVERITY_TEXT)
          .body(5)
          .text(12, Text.LOG_EVENT_NAME);

  private static final ContentShape NUMBERS =
      structure().message(1, point().attributes(7).message(5, EXEMPLAR));

  private static final ContentShape METRIC =
      of(Place.METRIC)
          .partOfItem()
          .attributes(12)
          .message(5, NUMBERS)
          .message(7, NUMBERS)
          .message(9, structure().message(1, point().attributes(9).message(8, EXEMPLAR)))
          .message(10, structure().message(1, point().attributes(1).message(11, EXEMPLAR)))
          .message(11, structure().message(1, point().attributes(7)));

  static final ContentShape TRACES = request(SPAN);
  static final ContentShape LOGS = request(LOG);
  static final ContentShape METRICS = request(METRIC);

  /** Null for messages that only hold others. */
  final @Nullable Place place;

  private final @Nullable ContentShape[] messages = new ContentShape[FIELDS];
  private final @Nullable Text[] texts = new Text[FIELDS];

  /** The tag of the attributes; 0 = there are none. */
  int attributesTag;

  /** The tag of the body of a log record; 0 = there is none. */
  int bodyTag;

  /** The tag of the trace id; 0 = there is none. */
  int traceIdTag;

  /** Whether it is a span, log record or data point. */
  boolean item;

  /** Whether this message is removed if it cannot be edited, instead of the one that holds it. */
  boolean removable;

  private ContentShape(@Nullable Place place) {
    this.place = place;
    this.removable = place != null;
  }

  /** The message in fields with this tag; null if nothing is edited in it. */
  @Nullable ContentShape message(int tag) {
    return messages[field(tag)];
  }

  /** The text in fields with this tag; null if it is none. */
  @Nullable Text text(int tag) {
    return texts[field(tag)];
  }

  /** Unused numbers, and fields with another wire type, are 0, which no field has. */
  private static int field(int tag) {
    int field = tag >>> 3;
    return field < FIELDS && (tag & 7) == Wire.LENGTH_DELIMITED ? field : 0;
  }

  private static ContentShape request(ContentShape item) {
    return structure()
        .message(
            1,
            structure()
                .message(1, RESOURCE)
                .message(2, structure().message(1, SCOPE).message(2, item)));
  }

  private static ContentShape of(Place place) {
    return new ContentShape(place);
  }

  private static ContentShape structure() {
    return new ContentShape(/* place= */ null);
  }

  private static ContentShape point() {
    return of(Place.DATA_POINT).item(0);
  }

  private ContentShape item(int traceIdField) {
    item = true;
    traceIdTag = traceIdField == 0 ? 0 : tag(traceIdField);
    return this;
  }

  private ContentShape partOfItem() {
    removable = false;
    return this;
  }

  private ContentShape attributes(int field) {
    attributesTag = tag(field);
    return this;
  }

  private ContentShape body(int field) {
    bodyTag = tag(field);
    return this;
  }

  private ContentShape text(int field, Text text) {
    texts[field] = text;
    return this;
  }

  private ContentShape message(int field, ContentShape message) {
    messages[field] = message;
    return this;
  }

  private static int tag(int field) {
    return field << 3 | Wire.LENGTH_DELIMITED;
  }
}
