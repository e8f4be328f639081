package dev.tallyspan.collector.exporter;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads responses that are compressed with zstd. grpc-go, and so the OpenTelemetry Collector,
 * compresses a response like the request.
 */
final class ZstdDecompressor implements Decompressor {

  /** The decompressors of grpc-java, and zstd. */
  static final DecompressorRegistry REGISTRY =
      DecompressorRegistry.getDefaultInstance()
          .with(new ZstdDecompressor(), /* advertised= */ true);

  /**
   * The base-2 logarithm of the largest window, 8 MiB, as the RFC recommends; it is native memory.
   */
  private static final int MAX_WINDOW_LOG = 23;

  private ZstdDecompressor() {}

  @Override
  public String getMessageEncoding() {
    return Compression.ZSTD.encoding();
  }

  /** Returns a stream that must be closed, which frees native memory. */
  @Override
  public InputStream decompress(InputStream in) throws IOException {
    ZstdInputStreamNoFinalizer decompressed = new ZstdInputStreamNoFinalizer(in);
    decompressed.setLongMax(MAX_WINDOW_LOG);
    return decompressed;
  }
}
