package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.json.InvalidJsonException;
import dev.tallyspan.collector.json.JsonToProto;
import java.io.IOException;
import java.io.InputStream;

/** Makes the protobuf request of an HTTP body: decompresses it, and translates JSON. */
final class HttpDecoder {

  private HttpDecoder() {}

  /**
   * @throws RefusedException if the body is not what its headers say, or is too large
   */
  static byte[] decode(HttpIncoming request, byte[] body, int maxRequestBytes)
      throws RefusedException {
    ByteBudget.Reservation reservation = request.reservation();
    byte[] content = inflate(request.head().encoding(), body, maxRequestBytes, reservation);
    reservation.shrinkTo(content.length);
    if (request.head().type() == ContentType.PROTOBUF || content.length == 0) {
      return content;
    }
    // Protobuf is about as large as its JSON at most; both exist for a while.
    if (!reservation.add(content.length)) {
      throw new RefusedException(Refusal.overloaded());
    }
    try {
      byte[] proto = JsonToProto.convert(request.head().signal(), content, maxRequestBytes);
      reservation.shrinkTo(proto.length);
      return proto;
    } catch (InvalidJsonException e) {
      throw new RefusedException(
          e.tooLarge() ? Refusal.tooLarge(maxRequestBytes) : Refusal.malformed(e.getMessage()));
    }
  }

  private static byte[] inflate(
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
          Refusal.malformed("the body is not what Content-Encoding says: cannot be decompressed"));
    }
    return inflated.toByteArray();
  }
}
