package dev.tallyspan.collector.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/** Frames of HTTP/2, as a client that does not keep to the rules sends them. */
final class Http2Frames {

  static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private Http2Frames() {}

  static byte[] headers() {
    return join(
        new byte[] {(byte) 0x83, (byte) 0x86}, // POST, http
        literal(":path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"),
        literal(":authority", "localhost"),
        literal("content-type", "application/grpc"),
        literal("te", "trailers"));
  }

  /** A header field without indexing and Huffman coding. */
  static byte[] literal(String name, String value) {
    return join(new byte[] {0}, string(name), string(value));
  }

  private static byte[] string(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int length = text.length();
    if (length < 127) {
      out.write(length);
    } else {
      out.write(127);
      int rest = length - 127;
      while (rest >= 128) {
        out.write(rest % 128 + 128);
        rest /= 128;
      }
      out.write(rest);
    }
    out.writeBytes(text.getBytes(US_ASCII));
    return out.toByteArray();
  }

  static byte[] frame(int type, int flags, int stream, byte[]... payload) {
    byte[] content = join(payload);
    return join(
        new byte[] {
          (byte) (content.length >> 16),
          (byte) (content.length >> 8),
          (byte) content.length,
          (byte) type,
          (byte) flags,
          (byte) (stream >> 24),
          (byte) (stream >> 16),
          (byte) (stream >> 8),
          (byte) stream
        },
        content);
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
