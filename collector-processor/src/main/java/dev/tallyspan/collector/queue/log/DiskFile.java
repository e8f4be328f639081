package dev.tallyspan.collector.queue.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. Positions and lengths are in bytes. One thread writes, any number reads. */
interface DiskFile extends Closeable {

  /** Writes some of the remaining bytes at a position, and returns how many. */
  int write(ByteBuffer source, long position) throws IOException;

  /** Reads some bytes from a position, and returns how many; -1 at or after the end of the file. */
  int read(ByteBuffer target, long position) throws IOException;

  /** Returns when everything that was written is as durable as the disk can make it. */
  void force(boolean metadata) throws IOException;

  long length() throws IOException;

  /** Cuts the file to this length, or extends it with zeros. */
  void setLength(long length) throws IOException;

  /** Writes all remaining bytes at a position. */
  default void writeFully(ByteBuffer source, long position) throws IOException {
    long at = position;
    while (source.hasRemaining()) {
      int written = write(source, at);
      if (written <= 0) {
        throw new IOException("the disk accepts no more bytes");
      }
      at += written;
    }
  }

  /** Reads from a position until the buffer is full or the file ends. */
  default void readFully(ByteBuffer target, long position) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int read = read(target, at);
      if (read < 0) {
        return;
      }
      at += read;
    }
  }
}
