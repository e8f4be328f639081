package dev.tallyspan.collector.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Whether bytes are UTF-8. Many senders do not check, and some databases refuse what is not. */
final class Utf8 {

  private Utf8() {}

  static boolean isValid(byte[] b, int start, int end) {
    int at = start;
    while (at < end && b[at] >= 0) {
      at++;
    }
    if (at == end) {
      return true;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b, at, end - at));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
