package dev.tallyspan.collector.output.ledger;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.erasure.Removal;
import dev.tallyspan.collector.erasure.Subject;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The accounts that a running server has open. */
final class LedgerClient implements Ledger {

  private static final int CONNECT_TIMEOUT_MILLIS = 2000;

  /** Long, so that a server on a busy machine is not taken for none. */
  private static final int HELLO_TIMEOUT_MILLIS = 20_000;

  /** What a server needs beyond the limit to end a query and to say so. */
  private static final int SLACK_SECONDS = 10;

  private final int port;
  private final String token;

  /** How long a query may take; 0 = no limit. */
  private final int limitSeconds;

  private LedgerClient(int port, String token, int limitSeconds) {
    this.port = port;
    this.token = token;
    this.limitSeconds = limitSeconds;
  }

  /**
   * Finds the server of a directory.
   *
   * @return null if none runs
   * @throws LedgerException if it may run, but cannot be asked
   */
  static @Nullable LedgerClient connect(Path directory) throws LedgerException {
    return connect(directory, /* limitSeconds= */ 0);
  }

  /**
   * Finds the server of a directory.
   *
   * @param limitSeconds how long it may take for a query; 0 = no limit
   * @return null if none runs
   * @throws LedgerException if it may run, but cannot be asked
   */
  static @Nullable LedgerClient connect(Path directory, int limitSeconds) throws LedgerException {
    Path file = LedgerProtocol.endpoint(directory);
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new LedgerException(
          file + ": cannot be read: run the command as the user of the server", e);
    }
    if (lines.size() != 2 || !lines.get(0).matches("[0-9]{1,5}")) {
      return null;
    }
    LedgerClient client =
        new LedgerClient(Integer.parseInt(lines.get(0)), lines.get(1), limitSeconds);
    return client.answers() ? client : null;
  }

  /** A server that was killed leaves the file, and its port may be that of another program. */
  private boolean answers() {
    try (Socket socket = socket()) {
      socket.setSoTimeout(HELLO_TIMEOUT_MILLIS);
      request(socket, LedgerProtocol.HELLO, List.of());
      return socket.getInputStream().read() == LedgerProtocol.END;
    } catch (IOException e) {
      return false;
    }
  }

  private Socket socket() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void request(Socket socket, int what, List<String> arguments) throws IOException {
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    LedgerProtocol.writeText(out, token);
    out.writeByte(what);
    out.writeShort(arguments.size());
    for (String argument : arguments) {
      LedgerProtocol.writeText(out, argument);
    }
    out.flush();
  }

  /** Takes what comes before the end of an answer. */
  private interface Answer {
    void frame(int kind, DataInputStream in) throws IOException;
  }

  private void ask(int what, List<String> arguments, Answer answer) throws IOException {
    try (Socket socket = socket()) {
      if (limitSeconds > 0) {
        // The server ends the query; this is for one that does not answer at all.
        socket.setSoTimeout((limitSeconds + SLACK_SECONDS) * 1000);
      }
      request(socket, what, arguments);
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      for (int kind = in.readUnsignedByte();
          kind != LedgerProtocol.END;
          kind = in.readUnsignedByte()) {
        if (kind == LedgerProtocol.ERROR) {
          throw new LedgerException(requireNonNull(LedgerProtocol.readText(in)));
        }
        answer.frame(kind, in);
      }
    } catch (SocketTimeoutException e) {
      throw new LedgerException("the server did not answer within " + limitSeconds + " s", e);
    } catch (EOFException e) {
      throw new LedgerException("the server ended before it answered; try again", e);
    }
  }

  @Override
  public void query(String sql, List<String> parameters, Rows rows) throws IOException {
    List<String> arguments = new ArrayList<>();
    if (limitSeconds > 0) {
      arguments.add(String.valueOf(limitSeconds));
    }
    arguments.add(sql);
    arguments.addAll(parameters);
    int[] width = {0};
    ask(
        limitSeconds > 0 ? LedgerProtocol.QUERY_WITHIN : LedgerProtocol.QUERY,
        arguments,
        (kind, in) -> {
          if (kind == LedgerProtocol.COLUMNS) {
            width[0] = in.readInt();
            List<Rows.Column> columns = new ArrayList<>();
            for (int i = 0; i < width[0]; i++) {
              String name = requireNonNull(LedgerProtocol.readText(in));
              columns.add(new Rows.Column(name, requireNonNull(LedgerProtocol.readText(in))));
            }
            rows.columns(columns);
          } else {
            List<@Nullable String> row = new ArrayList<>();
            for (int i = 0; i < width[0]; i++) {
              row.add(LedgerProtocol.readText(in));
            }
            rows.row(row);
          }
        });
  }

  @Override
  public void exportParquet(String sql, Path file) throws IOException {
    List<Path> exported = new ArrayList<>();
    ask(
        LedgerProtocol.EXPORT,
        List.of(sql),
        (kind, in) -> exported.add(Path.of(requireNonNull(LedgerProtocol.readText(in)))));
    LedgerDatabase.move(exported.get(0), file);
  }

  @Override
  public List<Removal> forget(Subject subject, List<PersonalData> others) throws IOException {
    List<Removal> removals = new ArrayList<>();
    ask(
        LedgerProtocol.FORGET,
        List.of(subject.kind().wireName(), subject.id()),
        (kind, in) -> {
          boolean complete = in.readBoolean();
          removals.add(new Removal(requireNonNull(LedgerProtocol.readText(in)), complete));
        });
    return removals;
  }

  @Override
  public boolean isServer() {
    return true;
  }

  @Override
  public void close() {
    // Each request has a connection of its own.
  }
}
