package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.wire.Slices;
import java.io.OutputStream;

/** Collects output in chunks, so that nothing is copied to make room. */
final class SlicesOutput extends OutputStream {
  private static final int CHUNK_BYTES = 32 << 10;

  private final Slices slices;

  SlicesOutput(Slices slices) {
    this.slices = slices;
  }

  private byte[] chunk = new byte[CHUNK_BYTES];
  private int from;
  private int to;

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] array, int offset, int length) {
    int left = length;
    while (left > 0) {
      if (to == chunk.length) {
        flush();
        chunk = new byte[CHUNK_BYTES];
        from = 0;
        to = 0;
      }
      int n = Math.min(left, chunk.length - to);
      System.arraycopy(array, offset + length - left, chunk, to, n);
      to += n;
      left -= n;
    }
  }

  @Override
  public void flush() {
    slices.add(chunk, from, to - from);
    from = to;
  }

  @Override
  public void close() {
    flush();
  }
}
