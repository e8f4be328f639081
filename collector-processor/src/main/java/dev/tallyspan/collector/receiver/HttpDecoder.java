package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.json.InvalidJsonException;
import dev.tallyspan.collector.json.JsonToProto;
import java.io.IOException;
import java.io.InputStream;

/**
 * Converts an HTTP body to a protobuf request: decompresses it and converts JSON. Called on worker
 * threads.
 */
final class HttpDecoder {

  private HttpDecoder() {}

  /**
   * @throws RefusedException if the body does not match its headers, or is too large
   */
  static byte[] decode(
      HttpHead.Export export, byte[] body, int maxRequestBytes, ByteBudget.Reservation reservation)
      throws RefusedException {
    byte[] content = inflate(export.encoding(), body, maxRequestBytes, reservation);
    reservation.shrinkTo(content.length);
    if (export.type() == ContentType.PROTOBUF || content.length == 0) {
      return content;
    }
    // Protobuf is at most about as large as its JSON; both exist for a while.
    if (!reservation.add(content.length)) {
      throw new RefusedException(Refusal.overloaded());
    }
    try {
      byte[] proto = JsonToProto.convert(export.signal(), content, maxRequestBytes);
      reservation.shrinkTo(proto.length);
      return proto;
    } catch (InvalidJsonException e) {
      throw new RefusedException(
          e.tooLarge() ? Refusal.tooLarge(maxRequestBytes) : Refusal.malformed(e.getMessage()));
    }
  }

  /**
   * Decompresses a body.
   *
   * @throws RefusedException if it does not match the encoding, or is too large
   */
  static byte[] inflate(
      ContentEncoding encoding,
      byte[] body,
      int maxRequestBytes,
      ByteBudget.Reservation reservation)
      throws RefusedException {
    if (encoding == ContentEncoding.IDENTITY || body.length == 0) {
      return body;
    }
    RequestBytes inflated = new RequestBytes(maxRequestBytes, reservation, 4L * body.length);
    try (InputStream in = encoding.decoder(body)) {
      inflated.append(in);
    } catch (IOException e) {
      throw new RefusedException(
          Refusal.malformed("the body cannot be decompressed as its Content-Encoding requires"));
    }
    return inflated.toByteArray();
  }
}
