package dev.tallyspan.collector.exporter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Removes from a backend's message what it quotes from a request, or from the headers that were
 * sent with it. Thread-safe.
 */
final class Echoes {
  /*
   * A message such as "invalid attribute: ..." may go on with a prompt. What is not a quote is worth
   * logging, and what is a quote must not be. Both are known here, so they are compared: each piece
   * of the message that also occurs in the bytes of the request is replaced by an ellipsis.
   *
   * A backend may quote with escapes (\n, \u00e9, %20, &quot;), in another case, or with question
   * marks for what it cannot print. Therefore the texts are also compared folded to their letters
   * and digits (see Folding). The pieces are shorter there, because spaces and punctuation do not
   * count: 12 bytes, where 16 must match otherwise. What stands between two quotes and is shorter
   * than a quote is most likely another form of what is quoted, and goes as well.
   *
   * A header is a secret, often a random one, so 8 bytes of it are enough. Credentials in Basic
   * authentication are looked for in both forms.
   *
   * A name or a number of fewer letters than that can stay, if the message says nothing else of its
   * surroundings. This is why messages are logged at debug only.
   */

  /** Longer messages are cut before they are searched. */
  static final int LONGEST_MESSAGE = 4096;

  private static final String ELLIPSIS = "…";
  private static final int PIECE = 16;
  private static final int FOLDED_PIECE = 12;
  private static final int SECRET_PIECE = 8;
  private static final int LEFT_BY_A_CUT = 64;

  private final List<byte[]> secrets = new ArrayList<>();

  /**
   * @param secrets the values of headers
   */
  Echoes(Iterable<String> secrets) {
    for (String secret : secrets) {
      this.secrets.add(secret.getBytes(UTF_8));
      for (String word : secret.split(" ")) {
        byte[] decoded = decoded(word);
        if (decoded.length > 0) {
          this.secrets.add(decoded);
        }
      }
    }
  }

  private static byte[] decoded(String word) {
    try {
      return word.length() < SECRET_PIECE ? new byte[0] : Base64.getDecoder().decode(word);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** Returns the message without what it quotes. */
  String remove(String message, byte[] request) {
    boolean cut = message.length() > LONGEST_MESSAGE;
    byte[] bytes = (cut ? message.substring(0, LONGEST_MESSAGE) : message).getBytes(UTF_8);
    boolean[] quoted = new boolean[bytes.length];
    if (cut) {
      // Where the cut leaves less than a piece of a quote, it is not found.
      Arrays.fill(quoted, bytes.length - LEFT_BY_A_CUT, bytes.length, true);
    }

    Grams exact = new Grams(bytes, bytes.length, PIECE);
    for (byte b : request) {
      exact.read(b);
    }
    for (int i = 0; i < bytes.length; i++) {
      quoted[i] |= exact.isFound(i);
    }
    markFolded(bytes, List.of(request), FOLDED_PIECE, quoted);

    Grams secret = new Grams(bytes, bytes.length, SECRET_PIECE);
    for (byte[] value : secrets) {
      secret.restart();
      for (byte b : value) {
        secret.read(b);
      }
    }
    for (int i = 0; i < bytes.length; i++) {
      quoted[i] |= secret.isFound(i);
    }
    markFolded(bytes, secrets, SECRET_PIECE, quoted);

    return withoutQuotes(bytes, quoted);
  }

  private static void markFolded(
      byte[] message, List<byte[]> sources, int piece, boolean[] quoted) {
    for (boolean asciiOnly : new boolean[] {false, true}) {
      Folding.Traced traced = Folding.trace(message, asciiOnly);
      Grams grams = new Grams(traced.folded(), traced.folded().length, piece);
      for (byte[] source : sources) {
        grams.restart();
        Folding.fold(source, asciiOnly, b -> grams.read((byte) b));
      }
      for (int i = 0; i < grams.length(); i++) {
        if (!grams.isFound(i)) {
          continue;
        }
        // Up to the next folded byte, so that an escape goes as a whole.
        boolean last = i + 1 == grams.length() || !grams.isFound(i + 1);
        int end = last ? traced.from()[i] + 1 : traced.from()[i + 1];
        Arrays.fill(quoted, traced.from()[i], Math.max(end, traced.from()[i] + 1), true);
      }
    }
  }

  private static String withoutQuotes(byte[] message, boolean[] quoted) {
    int lastQuoted = -1;
    for (int i = 0; i < message.length; i++) {
      boolean continues = (message[i] & 0xc0) == 0x80;
      quoted[i] |= continues && i > 0 && quoted[i - 1];
      if (quoted[i]) {
        boolean gap = lastQuoted >= 0 && i - lastQuoted <= PIECE;
        Arrays.fill(quoted, gap ? lastQuoted : i, i, true);
        lastQuoted = i;
      }
    }
    StringBuilder rest = new StringBuilder();
    for (int i = 0; i < message.length; ) {
      int end = i;
      while (end < message.length && quoted[end] == quoted[i]) {
        end++;
      }
      rest.append(quoted[i] ? ELLIPSIS : new String(message, i, end - i, UTF_8));
      i = end;
    }
    return rest.toString();
  }
}
