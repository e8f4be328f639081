package dev.tallyspan.collector.exporter;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** Gzip with a level to choose; the JDK's stream has none. */
final class GzipStream extends GZIPOutputStream {
  private static final int BUFFER_BYTES = 16 << 10;

  /**
   * @param level 1, fastest, to 9, smallest; -1 for zlib's default
   */
  GzipStream(OutputStream out, int level) throws IOException {
    super(out, BUFFER_BYTES);
    def.setLevel(level);
  }
}
