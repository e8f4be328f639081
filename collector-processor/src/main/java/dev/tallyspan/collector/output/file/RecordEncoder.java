package dev.tallyspan.collector.output.file;

import com.github.luben.zstd.Zstd;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.json.ProtoToJson;
import dev.tallyspan.collector.output.file.FileSettings.Format;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Encodes requests as records of a file. Thread-safe. */
final class RecordEncoder {

  private static final int LENGTH_BYTES = 4;

  private final FileSettings settings;

  RecordEncoder(FileSettings settings) {
    this.settings = settings;
  }

  /**
   * Returns a line, or the length in four bytes, the highest first, and what follows it.
   *
   * @throws MalformedRequestException if the request cannot be written as JSON
   */
  byte[] encode(OtlpRequest request) throws MalformedRequestException {
    byte[] content =
        settings.format() == Format.JSON ? json(request) : request.bytes().toByteArray();
    if (!settings.isPrefixed()) {
      return content;
    }
    byte[] written = settings.zstd() ? compressed(content) : content;
    return ByteBuffer.allocate(LENGTH_BYTES + written.length)
        .putInt(written.length)
        .put(written)
        .array();
  }

  private static byte[] compressed(byte[] content) {
    return Zstd.compress(content);
  }

  private byte[] json(OtlpRequest request) throws MalformedRequestException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ProtoToJson.write(request.signal(), request.bytes(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // cannot happen: it is in memory
    }
    if (!settings.isPrefixed()) {
      out.write('\n');
    }
    return out.toByteArray();
  }
}
