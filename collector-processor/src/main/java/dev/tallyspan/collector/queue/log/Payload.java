package dev.tallyspan.collector.queue.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** The labels and the body of an entry as bytes. */
final class Payload {

  private static final int MAX_LABEL = 0xFFFF;

  private Payload() {}

  /**
   * Each label is two bytes of length and its UTF-8.
   *
   * @throws IllegalArgumentException if a label is longer than 65535 bytes
   */
  static byte[] encode(List<String> labels) {
    List<byte[]> texts = labels.stream().map(label -> label.getBytes(UTF_8)).toList();
    ByteBuffer bytes = ByteBuffer.allocate(texts.stream().mapToInt(text -> text.length + 2).sum());
    for (byte[] text : texts) {
      if (text.length > MAX_LABEL) {
        throw new IllegalArgumentException(
            "label of " + text.length + " bytes: must not be longer than " + MAX_LABEL);
      }
      bytes.putShort((short) text.length).put(text);
    }
    return bytes.array();
  }

  /** Reads the labels in the first {@code length} bytes of a payload that was checked. */
  static List<String> labels(byte[] payload, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(payload, 0, length);
    List<String> labels = new ArrayList<>();
    while (bytes.hasRemaining()) {
      int size = bytes.getShort() & MAX_LABEL;
      labels.add(new String(payload, bytes.position(), size, UTF_8));
      bytes.position(bytes.position() + size);
    }
    return labels;
  }

  static int crc(byte[] labels, Slices body) {
    CRC32C crc = new CRC32C();
    crc.update(labels);
    write(
        body,
        new OutputStream() {
          @Override
          public void write(int b) {
            crc.update(b);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            crc.update(bytes, offset, length);
          }
        });
    return (int) crc.getValue();
  }

  static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** Returns the checksum of so many zeros. */
  static int crcOfZeros(int length) {
    byte[] zeros = new byte[Math.min(length, 8192)];
    CRC32C crc = new CRC32C();
    for (int left = length; left > 0; left -= zeros.length) {
      crc.update(zeros, 0, Math.min(left, zeros.length));
    }
    return (int) crc.getValue();
  }

  /** Copies labels and body into one array. */
  static byte[] join(byte[] labels, Slices body) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(labels.length + body.size()));
    bytes.put(labels);
    write(
        body,
        new OutputStream() {
          @Override
          public void write(int b) {
            bytes.put((byte) b);
          }

          @Override
          public void write(byte[] array, int offset, int length) {
            bytes.put(array, offset, length);
          }
        });
    return bytes.array();
  }

  private static void write(Slices body, OutputStream memory) {
    try {
      body.writeTo(memory);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // The stream does no I/O.
    }
  }
}
