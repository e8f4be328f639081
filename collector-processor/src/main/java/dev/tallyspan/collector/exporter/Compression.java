package dev.tallyspan.collector.exporter;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * How request bodies are compressed.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8878">RFC 8878, zstd</a>
 */
public enum Compression {
  NONE("", 1),
  GZIP("gzip", 1),
  /** Needs native code, which the library brings for the usual platforms. */
  ZSTD("zstd", 3),
  /** The format of zlib, RFC 1950; only over HTTP. */
  ZLIB("zlib", 1),
  /** The same bytes as {@link #ZLIB}: this is what HTTP calls deflate. */
  DEFLATE("deflate", 1);

  private static final int BUFFER_BYTES = 16 << 10;

  private final String encoding;
  private final int defaultLevel;

  Compression(String encoding, int defaultLevel) {
    this.encoding = encoding;
    this.defaultLevel = defaultLevel;
  }

  /** The value of {@code content-encoding} and {@code grpc-encoding}; empty for no compression. */
  String encoding() {
    return encoding;
  }

  /**
   * The level that is used unless another is set: 3, zstd's own default, for zstd; otherwise 1,
   * because zlib's default of 6 takes three to six times as long to make traces a sixth smaller.
   */
  public int defaultLevel() {
    return defaultLevel;
  }

  /** Returns how levels must be; null if this level is valid. */
  public @Nullable String levelFault(int level) {
    if (this == ZSTD) {
      return level >= 1 && level <= 22 ? null : "must be from 1 to 22";
    }
    return level == Deflater.DEFAULT_COMPRESSION || (level >= 1 && level <= 9)
        ? null
        : "must be from 1 to 9, or -1 for zlib's default";
  }

  /** Whether gRPC has this compression. */
  public boolean isForGrpc() {
    return this != ZLIB && this != DEFLATE;
  }

  /**
   * Loads the native code that the compression needs.
   *
   * @throws IllegalArgumentException if there is none for this machine
   */
  void load() {
    if (this == ZSTD) {
      try {
        Zstd.defaultCompressionLevel();
      } catch (LinkageError e) {
        throw new IllegalArgumentException(
            "compression: zstd cannot be loaded on this machine: use gzip", e);
      }
    }
  }

  /**
   * Returns a stream that compresses what is written to it. Closing it ends the compressed data,
   * frees native memory, and closes {@code out}.
   */
  OutputStream compress(OutputStream out, int level) throws IOException {
    return switch (this) {
      case NONE -> out;
      case GZIP -> new GzipStream(out, level);
      case ZSTD -> new ZstdOutputStreamNoFinalizer(out, level);
      case ZLIB, DEFLATE -> new ZlibStream(out, level);
    };
  }

  private static final class ZlibStream extends DeflaterOutputStream {
    ZlibStream(OutputStream out, int level) {
      super(out, new Deflater(level), BUFFER_BYTES);
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        def.end();
      }
    }
  }
}
