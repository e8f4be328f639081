package dev.tallyspan.collector.exporter;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** Gzip with a configurable level, which the JDK's stream does not support. */
final class GzipStream extends GZIPOutputStream {
  private static final int BUFFER_BYTES = 16 << 10;

  /**
   * @param level from 1 (fastest) to 9 (smallest); -1 = zlib's default
   */
  GzipStream(OutputStream out, int level) throws IOException {
    super(out, BUFFER_BYTES);
    def.setLevel(level);
  }
}
