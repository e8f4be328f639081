package dev.tallyspan.semconv.content;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves large parts to a store, and leaves references. Thread-safe.
 *
 * <p>A {@code data:} URL becomes the URL of the store. A part of type {@code blob} becomes one of
 * type {@code uri}. Any other part becomes {@code [OFFLOADED image/png, 12345 bytes, URI]}.
 */
final class Offloader {

  private static final String MARK = "[OFFLOADED ";
  private static final String BINARY = "application/octet-stream";

  /** Media that are shorter are icons: a reference would be no shorter. */
  private static final int SHORTEST_MEDIA = 1024;

  private final OffloadStore store;
  private final int maxText;
  private final boolean keep;

  /**
   * @param maxText texts with more bytes are moved
   * @param keep whether what the store does not take stays as it is
   */
  Offloader(OffloadStore store, int maxText, boolean keep) {
    this.store = store;
    this.maxText = maxText;
    this.keep = keep;
  }

  /** The text with references; the same instance if nothing was moved. */
  String offload(String text, Tally tally) {
    if (text.length() <= Math.min(SHORTEST_MEDIA, maxText)) {
      return text;
    }
    Json json = Json.parse(text);
    if (json.isPresent() && !json.truncated()) {
      Value<?> offloaded = offload(json.value(), tally);
      return offloaded == json.value() ? text : JsonWriter.write(offloaded);
    }
    return leaf(text, null, tally);
  }

  /** The value with references; the same instance if nothing was moved. */
  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  Value<?> offload(Value<?> value, Tally tally) {
    switch (value.getType()) {
      case STRING -> {
        String text = (String) value.getValue();
        String offloaded = offload(text, tally);
        return offloaded.equals(text) ? value : Value.of(offloaded);
      }
      case BYTES -> {
        ByteBuffer buffer = ((ByteBuffer) value.getValue()).duplicate();
        if (buffer.remaining() < SHORTEST_MEDIA) {
          return value;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        String reference = reference(bytes, BINARY, tally);
        return reference == null ? value : Value.of(reference);
      }
      case ARRAY -> {
        List<Value<?>> elements = (List<Value<?>>) value.getValue();
        List<Value<?>> offloaded = new ArrayList<>(elements.size());
        boolean changed = false;
        for (Value<?> element : elements) {
          Value<?> now = offload(element, tally);
          changed |= now != element;
          offloaded.add(now);
        }
        return changed ? Value.of(offloaded) : value;
      }
      case KEY_VALUE_LIST -> {
        return object(value, (List<KeyValue>) value.getValue(), tally);
      }
      default -> {
        return value;
      }
    }
  }

  private Value<?> object(Value<?> object, List<KeyValue> members, Tally tally) {
    Json json = Json.of(object);
    String mimeType =
        json.first("mime_type", "media_type", "mimeType", "mediaType", "format").text();
    boolean blob = "blob".equals(json.get("type").text());
    List<KeyValue> offloaded = new ArrayList<>(members.size());
    boolean changed = false;
    for (KeyValue member : members) {
      Value<?> value = member.getValue();
      boolean data = member.getKey().equals("content") || member.getKey().equals("data");
      if (data
          && value.getValue() instanceof String text
          && text.length() > SHORTEST_MEDIA
          && (blob || mimeType != null)) {
        byte[] bytes = base64(text, 0);
        if (bytes != null) {
          URI uri = put(bytes, mimeType == null ? BINARY : mimeType, tally);
          if (uri == null && keep) {
            blob = false;
            offloaded.add(member);
            continue;
          }
          changed = true;
          String reference =
              uri == null
                  ? notStored(bytes, mimeType)
                  : blob ? uri.toString() : mark(bytes, mimeType, uri);
          offloaded.add(
              KeyValue.of(blob && uri != null ? "uri" : member.getKey(), Value.of(reference)));
          blob &= uri != null;
          continue;
        }
      }
      Value<?> now = offload(value, tally);
      changed |= now != value;
      offloaded.add(KeyValue.of(member.getKey(), now));
    }
    if (!changed) {
      return object;
    }
    if (blob && Json.of(Value.of(offloaded.toArray(new KeyValue[0]))).get("uri").isText()) {
      offloaded.replaceAll(
          member -> member.getKey().equals("type") ? KeyValue.of("type", Value.of("uri")) : member);
    }
    return Value.of(offloaded.toArray(new KeyValue[0]));
  }

  private String leaf(String text, @Nullable String mimeType, Tally tally) {
    if (text.startsWith("data:") && text.length() > SHORTEST_MEDIA) {
      int comma = text.indexOf(";base64,");
      byte[] bytes = comma > 0 && comma < 128 ? base64(text, comma + 8) : null;
      if (bytes != null) {
        String type = text.substring(5, comma);
        URI uri = put(bytes, type, tally);
        if (uri == null && keep) {
          return text;
        }
        return uri == null ? notStored(bytes, type) : uri.toString();
      }
    }
    byte[] bytes =
        text.length() > maxText / 4 ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
    if (bytes.length <= maxText) {
      return text;
    }
    String reference = reference(bytes, mimeType == null ? "text/plain" : mimeType, tally);
    return reference == null ? text : reference;
  }

  /** What stands for a part; null if it stays as it is. */
  private @Nullable String reference(byte[] bytes, String mimeType, Tally tally) {
    URI uri = put(bytes, mimeType, tally);
    if (uri == null && keep) {
      return null;
    }
    return uri == null ? notStored(bytes, mimeType) : mark(bytes, mimeType, uri);
  }

  private static String mark(byte[] bytes, @Nullable String mimeType, URI uri) {
    String type = mimeType == null ? BINARY : mimeType;
    return MARK + type + ", " + bytes.length + " bytes, " + uri + "]";
  }

  private static String notStored(byte[] bytes, @Nullable String mimeType) {
    return "[NOT STORED "
        + (mimeType == null ? BINARY : mimeType)
        + ", "
        + bytes.length
        + " bytes]";
  }

  private @Nullable URI put(byte[] bytes, String mimeType, Tally tally) {
    URI uri;
    try {
      uri = store.put(hash(bytes), bytes, mimeType);
    } catch (RuntimeException e) {
      uri = null; // counted below; a store must not break the application
    }
    if (uri == null) {
      tally.notStored++;
    } else {
      tally.offloaded++;
    }
    return uri;
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  private static byte @Nullable [] base64(String text, int from) {
    try {
      return Base64.getDecoder().decode(text.substring(from));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
