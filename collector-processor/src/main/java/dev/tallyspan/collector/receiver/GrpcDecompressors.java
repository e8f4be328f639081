package dev.tallyspan.collector.receiver;

import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** The compressions of gRPC requests: gzip, and those that HTTP accepts too. */
final class GrpcDecompressors {

  /** Advertises all of them in {@code grpc-accept-encoding}. */
  static final DecompressorRegistry REGISTRY =
      DecompressorRegistry.getDefaultInstance()
          .with(new Decoder(ContentEncoding.ZSTD), /* advertised= */ true)
          .with(new Decoder(ContentEncoding.DEFLATE), /* advertised= */ true);

  private GrpcDecompressors() {}

  private record Decoder(ContentEncoding encoding) implements Decompressor {

    @Override
    public String getMessageEncoding() {
      return encoding.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public InputStream decompress(InputStream in) throws IOException {
      return encoding.decoder(in);
    }
  }
}
