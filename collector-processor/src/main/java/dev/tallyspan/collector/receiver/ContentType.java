package dev.tallyspan.collector.receiver;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two encodings of OTLP/HTTP. */
enum ContentType {
  PROTOBUF("application/x-protobuf"),
  JSON("application/json");

  private final String mediaType;

  ContentType(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  /**
   * Returns the type for a header's value, ignoring its parameters, or null if OTLP has no such
   * type.
   */
  static @Nullable ContentType of(@Nullable String header) {
    if (header == null) {
      return null;
    }
    int parameters = header.indexOf(';');
    String name =
        (parameters < 0 ? header : header.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
    for (ContentType type : values()) {
      if (type.mediaType.equals(name)) {
        return type;
      }
    }
    return null;
  }
}
