package dev.tallyspan.collector.receiver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The supported values of Content-Encoding.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-content-codings">RFC 9110, content
 *     codings</a>
 */
enum ContentEncoding {
  IDENTITY,
  GZIP,
  /** The zlib format; the Collector accepts both names, zlib and deflate. */
  DEFLATE;

  /** The supported values, as reported to clients. */
  static final String ACCEPTED = "gzip, deflate, identity";

  /**
   * Returns the encoding for a header's value, or null if it is not supported. No header means no
   * encoding.
   */
  static @Nullable ContentEncoding of(@Nullable String header) {
    if (header == null) {
      return IDENTITY;
    }
    return switch (header.trim().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate", "zlib" -> DEFLATE;
      default -> null;
    };
  }

  InputStream decoder(byte[] content) throws IOException {
    InputStream in = new ByteArrayInputStream(content);
    return switch (this) {
      case IDENTITY -> in;
      case GZIP -> new GZIPInputStream(in, 8 << 10);
      case DEFLATE -> new InflaterInputStream(in);
    };
  }
}
