package dev.tallyspan.collector.receiver;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The supported compressions of requests.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-content-codings">RFC 9110, content
 *     codings</a>
 */
enum ContentEncoding {
  GZIP,
  ZSTD,
  /** The zlib format, under its name in RFC 9110. */
  DEFLATE,
  /** The zlib format, under the name that the Collector accepts too. */
  ZLIB,
  IDENTITY;

  /**
   * The base-2 logarithm of the largest zstd window, 8 MiB. The memory for the window is native and
   * not in the byte budget; RFC 9659 forbids larger ones.
   */
  private static final int MAX_ZSTD_WINDOW_LOG = 23;

  /** Lists encodings as they are reported to clients. */
  static String names(Set<ContentEncoding> encodings) {
    return Arrays.stream(values())
        .filter(encodings::contains)
        .map(encoding -> encoding.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

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
      case "zstd" -> ZSTD;
      case "deflate" -> DEFLATE;
      case "zlib" -> ZLIB;
      default -> null;
    };
  }

  /** Returns a stream of the decompressed content; reading it decompresses. */
  InputStream decoder(InputStream in) throws IOException {
    return switch (this) {
      case IDENTITY -> in;
      case GZIP -> new GZIPInputStream(in, 8 << 10);
      case ZSTD -> new ZstdInputStream(in).setLongMax(MAX_ZSTD_WINDOW_LOG);
      case DEFLATE, ZLIB -> new InflaterInputStream(in);
    };
  }

  InputStream decoder(byte[] content) throws IOException {
    return decoder(new ByteArrayInputStream(content));
  }
}
