package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.wire.Slices;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Slices as grpc-java takes a message: written straight into the transport's buffers. */
final class SlicesStream extends InputStream implements Drainable, KnownLength {
  private Slices slices;

  /** Only for a reader that does not drain; grpc-java does. */
  private InputStream copy;

  SlicesStream(Slices slices) {
    this.slices = slices;
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    if (slices == null) {
      return copy == null ? 0 : (int) copy.transferTo(target);
    }
    int size = Math.toIntExact(slices.size());
    slices.writeTo(target);
    slices = null;
    return size;
  }

  @Override
  public int available() throws IOException {
    if (slices != null) {
      return Math.toIntExact(slices.size());
    }
    return copy == null ? 0 : copy.available();
  }

  @Override
  public int read() throws IOException {
    return copy().read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return copy().read(target, offset, length);
  }

  private InputStream copy() {
    if (copy == null) {
      copy = new ByteArrayInputStream(slices == null ? new byte[0] : slices.toByteArray());
      slices = null;
    }
    return copy;
  }
}
