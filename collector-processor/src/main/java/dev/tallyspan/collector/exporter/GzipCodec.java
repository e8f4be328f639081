package dev.tallyspan.collector.exporter;

import io.grpc.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;

/**
 * gRPC's {@code gzip} with a configurable level; grpc-java's own codec supports only zlib's default
 * level.
 */
final class GzipCodec implements Codec {
  private final int level;

  GzipCodec(int level) {
    this.level = level;
  }

  @Override
  public String getMessageEncoding() {
    return "gzip";
  }

  @Override
  public OutputStream compress(OutputStream out) throws IOException {
    return new GzipStream(out, level);
  }

  @Override
  public InputStream decompress(InputStream in) throws IOException {
    return new GZIPInputStream(in);
  }
}
