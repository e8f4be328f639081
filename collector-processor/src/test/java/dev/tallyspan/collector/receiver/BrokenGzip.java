package dev.tallyspan.collector.receiver;

import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import java.io.OutputStream;

/** Claims to be gzip, and sends the bytes unchanged: uncompressed, or compressed by the test. */
final class BrokenGzip implements Compressor {

  static CompressorRegistry registry() {
    CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
    registry.register(new BrokenGzip());
    return registry;
  }

  @Override
  public String getMessageEncoding() {
    return "gzip";
  }

  @Override
  public OutputStream compress(OutputStream out) {
    return out;
  }
}
