package dev.tallyspan.collector.receiver;

import java.util.Locale;

/** The two encodings of OTLP/HTTP, by their media types. */
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

  /** The type that a header's value names, whatever its parameters; null if OTLP has none such. */
  static ContentType of(String header) {
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
