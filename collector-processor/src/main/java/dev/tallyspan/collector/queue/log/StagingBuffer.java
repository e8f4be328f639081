package dev.tallyspan.collector.queue.log;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Collects what a group writes, so that the disk gets it in few large writes. */
final class StagingBuffer extends OutputStream {

  private final ByteBuffer buffer;
  private @Nullable DiskFile file;
  private long position;

  /**
   * @param bytes the size of the buffer, which is outside the heap; at least that of a header
   */
  StagingBuffer(int bytes) {
    buffer = ByteBuffer.allocateDirect(bytes);
  }

  /** Starts to write to a file from a position on, and forgets what was not flushed. */
  void start(DiskFile target, long from) {
    buffer.clear();
    file = target;
    position = from;
  }

  void header(RecordHeader header) throws IOException {
    if (buffer.remaining() < RecordHeader.BYTES) {
      flush();
    }
    header.encode(buffer);
  }

  @Override
  public void write(int b) throws IOException {
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.put((byte) b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int left = length;
    while (left > 0) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int part = Math.min(left, buffer.remaining());
      buffer.put(bytes, at, part);
      at += part;
      left -= part;
    }
  }

  @Override
  public void flush() throws IOException {
    buffer.flip();
    int length = buffer.remaining();
    requireNonNull(file, "file").writeFully(buffer, position);
    position += length;
    buffer.clear();
  }
}
