package dev.tallyspan.collector.exporter;

import io.grpc.Compressor;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A compression of gRPC messages with a configurable level; grpc-java's own gzip supports only
 * zlib's default level.
 */
final class GrpcCompressor implements Compressor {
  private final Compression compression;
  private final int level;

  GrpcCompressor(Compression compression, int level) {
    this.compression = compression;
    this.level = level;
  }

  @Override
  public String getMessageEncoding() {
    return compression.encoding();
  }

  @Override
  public OutputStream compress(OutputStream out) throws IOException {
    return compression.compress(out, level);
  }
}
