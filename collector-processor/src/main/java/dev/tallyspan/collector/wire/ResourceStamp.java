package dev.tallyspan.collector.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gives every resource of a request one attribute with a value, whatever the request says: removes
 * the attribute where it is present, any number of times, and adds it once. Also removes it from
 * spans and log records, where it would take precedence over the resource's. Everything else,
 * including unknown fields, keeps its bytes.
 *
 * <p>Immutable and thread-safe.
 */
public final class ResourceStamp {

  /*
   * A resource in parts (the field several times) has the attributes of all parts, so the attribute
   * is removed from each part and added to the first. Envelopes are written again, because their
   * lengths change; spans and log records are copied in one piece with what surrounds them, except
   * those that have the attribute.
   */

  /** Data points are not looked into. */
  private static final int NONE = -1;

  /** A request may grow by its own size, and by this much if it is smaller. */
  private static final int MIN_GROWTH = 1 << 20;

  private final byte[] key;

  /** The field {@code attributes} of a resource, with tag and length. */
  private final byte[] attribute;

  private final int itemAttributes;

  private ResourceStamp(String key, String value, int itemAttributes) {
    this.key = key.getBytes(StandardCharsets.UTF_8);
    this.attribute =
        new ProtobufWriter()
            .startMessage(1)
            .writeString(1, key)
            .startMessage(2)
            .writeString(1, value)
            .endMessage()
            .endMessage()
            .toByteArray();
    this.itemAttributes = itemAttributes;
  }

  /** Returns a stamp for requests with spans. */
  public static ResourceStamp ofSpans(String key, String value) {
    return new ResourceStamp(key, value, OtlpFields.SPAN_ATTRIBUTES);
  }

  /** Returns a stamp for requests with log records. */
  public static ResourceStamp ofLogRecords(String key, String value) {
    return new ResourceStamp(key, value, OtlpFields.LOG_ATTRIBUTES);
  }

  /** Returns a stamp for requests with metrics, whose data points keep their attributes. */
  public static ResourceStamp ofMetrics(String key, String value) {
    return new ResourceStamp(key, value, NONE);
  }

  /**
   * Returns a request with the attribute on all of its resources.
   *
   * @throws MalformedRequestException if what was read is not valid protobuf, or if the request has
   *     so many resources that it would become more than twice as large
   */
  public byte[] stamp(byte[] request) throws MalformedRequestException {
    long limit = request.length + (long) Math.max(MIN_GROWTH, request.length);
    ProtobufWriter out = new ProtobufWriter(request.length + attribute.length + 64);
    try {
      int pos = 0;
      while (pos < request.length) {
        int at = pos;
        long read = Wire.varint(request, pos, request.length, "tag", at);
        int tag = (int) read;
        if (tag == OtlpFields.REQUEST_RESOURCES) {
          long content = Wire.content(request, Wire.high(read), request.length, "resource", at);
          pos = (int) content;
          resources(request, Wire.high(content), pos, out);
        } else {
          pos = Wire.skip(request, Wire.high(read), request.length, tag, at, /* depth= */ 0);
          out.append(request, at, pos - at);
        }
        if (out.size() > limit) {
          throw new MalformedRequestException("the request has too many resources for its size");
        }
      }
    } catch (WireFault e) {
      throw e.relativeTo(0);
    }
    return out.toByteArray();
  }

  /** Writes the envelope of one resource and its scopes. */
  private void resources(byte[] b, int start, int end, ProtobufWriter out) throws WireFault {
    out.startMessage(1, end - start + attribute.length);
    boolean stamped = false;
    int pos = start;
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      int tag = (int) read;
      if (tag == OtlpFields.RESOURCE) {
        long content = Wire.content(b, Wire.high(read), end, "resource", at);
        pos = (int) content;
        out.startMessage(1, pos - Wire.high(content) + attribute.length);
        without(
            b,
            Wire.high(content),
            pos,
            OtlpFields.RESOURCE_ATTRIBUTES,
            OtlpFields.RESOURCES_DEPTH + 1,
            out);
        if (!stamped) {
          out.append(attribute, 0, attribute.length);
          stamped = true;
        }
        out.endMessage();
      } else if (tag == OtlpFields.RESOURCE_SCOPES && itemAttributes != NONE) {
        long content = Wire.content(b, Wire.high(read), end, "scope", at);
        pos = (int) content;
        scope(b, at, Wire.high(content), pos, out);
      } else {
        pos = Wire.skip(b, Wire.high(read), end, tag, at, OtlpFields.RESOURCES_DEPTH);
        out.append(b, at, pos - at);
      }
    }
    if (!stamped) {
      out.startMessage(1, attribute.length).append(attribute, 0, attribute.length).endMessage();
    }
    out.endMessage();
  }

  /** Writes the envelope of one scope and its items. */
  private void scope(byte[] b, int at, int start, int end, ProtobufWriter out) throws WireFault {
    boolean changed = false;
    int kept = start;
    int pos = start;
    while (pos < end) {
      int fieldAt = pos;
      long read = Wire.varint(b, pos, end, "tag", fieldAt);
      int tag = (int) read;
      if (tag != OtlpFields.SCOPE_ITEMS) {
        pos = Wire.skip(b, Wire.high(read), end, tag, fieldAt, OtlpFields.SCOPES_DEPTH);
        continue;
      }
      long content = Wire.content(b, Wire.high(read), end, "item", fieldAt);
      pos = (int) content;
      if (find(b, Wire.high(content), pos, itemAttributes, OtlpFields.ITEM_DEPTH) < 0) {
        continue;
      }
      if (!changed) {
        changed = true;
        out.startMessage(2, end - start);
      }
      out.append(b, kept, fieldAt - kept);
      out.startMessage(2, pos - Wire.high(content));
      without(b, Wire.high(content), pos, itemAttributes, OtlpFields.ITEM_DEPTH, out);
      out.endMessage();
      kept = pos;
    }
    if (changed) {
      out.append(b, kept, end - kept);
      out.endMessage();
    } else {
      out.append(b, at, end - at);
    }
  }

  /** Writes the content of a message, except the attribute. */
  private void without(byte[] b, int start, int end, int attributes, int depth, ProtobufWriter out)
      throws WireFault {
    int kept = start;
    for (long found = find(b, start, end, attributes, depth);
        found >= 0;
        found = find(b, kept, end, attributes, depth)) {
      out.append(b, kept, Wire.high(found) - kept);
      kept = (int) found;
    }
    out.append(b, kept, end - kept);
  }

  /**
   * Finds the attribute in a message.
   *
   * @return where its field starts (high) and ends (low); -1 if there is none
   */
  private long find(byte[] b, int pos, int end, int attributes, int depth) throws WireFault {
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      int tag = (int) read;
      if (tag == attributes) {
        long content = Wire.content(b, Wire.high(read), end, "attribute", at);
        pos = (int) content;
        if (hasKey(b, Wire.high(content), pos, depth + 1)) {
          return ((long) at << 32) | pos;
        }
      } else {
        pos = Wire.skip(b, Wire.high(read), end, tag, at, depth);
      }
    }
    return -1;
  }

  /** Whether a {@code KeyValue} has the key: the last one counts, and without one it is empty. */
  private boolean hasKey(byte[] b, int pos, int end, int depth) throws WireFault {
    boolean has = key.length == 0;
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      int tag = (int) read;
      if (tag == OtlpFields.KEY) {
        long content = Wire.content(b, Wire.high(read), end, "key", at);
        pos = (int) content;
        has = Arrays.equals(b, Wire.high(content), pos, key, 0, key.length);
      } else {
        pos = Wire.skip(b, Wire.high(read), end, tag, at, depth);
      }
    }
    return has;
  }
}
