package dev.tallyspan.collector.output.ledger;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a command and the server say to each other. A command connects once for each request: it
 * sends the token, what it wants, and the arguments; the server answers with frames, of which the
 * last is {@link #END} or {@link #ERROR}.
 */
final class LedgerProtocol {

  /** Asks whether the one who listens is the server; answered with {@link #END}. */
  static final int HELLO = 'h';

  static final int QUERY = 'q';

  /** A query whose first argument is how many seconds it may take. */
  static final int QUERY_WITHIN = 'w';

  static final int EXPORT = 'x';

  /** Earlier versions used {@code 'f'}, and answered with numbers. */
  static final int FORGET = 'F';

  static final int COLUMNS = 'C';
  static final int ROW = 'R';
  static final int END = 'E';
  static final int ERROR = 'X';

  /** More than any statement or value; protects the server from what is not a command. */
  private static final int MAX_TEXT = 16 << 20;

  private LedgerProtocol() {}

  /** Where the server listens: a port of the loopback interface and a token, on two lines. */
  static Path endpoint(Path directory) {
    return directory.resolve("endpoint");
  }

  static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
    if (text == null) {
      out.writeInt(-1);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static @Nullable String readText(DataInputStream in) throws IOException {
    return readText(in, MAX_TEXT);
  }

  static @Nullable String readText(DataInputStream in, int most) throws IOException {
    int length = in.readInt();
    if (length == -1) {
      return null;
    }
    if (length < 0 || length > most) {
      throw new IOException("length=" + length);
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
