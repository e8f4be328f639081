package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.wire.Slices;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Passes slices to grpc-java as a message that is written directly to the transport's buffers. */
final class SlicesStream extends InputStream implements Drainable, KnownLength {
  /** Null after they have been drained or copied. */
  private @Nullable Slices slices;

  /** Only for a reader that does not drain, unlike grpc-java. */
  private @Nullable InputStream copy;

  SlicesStream(Slices slices) {
    this.slices = slices;
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    Slices all = slices;
    if (all == null) {
      return copy == null ? 0 : (int) copy.transferTo(target);
    }
    int size = Math.toIntExact(all.size());
    all.writeTo(target);
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
    InputStream stream = copy;
    if (stream == null) {
      stream = new ByteArrayInputStream(slices == null ? new byte[0] : slices.toByteArray());
      copy = stream;
      slices = null;
    }
    return stream;
  }
}
