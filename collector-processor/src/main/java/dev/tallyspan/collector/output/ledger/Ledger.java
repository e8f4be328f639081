package dev.tallyspan.collector.output.ledger;

import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.erasure.Removal;
import dev.tallyspan.collector.erasure.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of a data directory, for commands: the server that has them open answers, or if none
 * runs, the database itself. Not thread-safe.
 */
public interface Ledger extends AutoCloseable {

  /** What a command does with the accounts. */
  enum Access {
    READ,
    WRITE
  }

  /**
   * Runs one statement that only reads.
   *
   * @param parameters for each {@code ?} in the statement
   * @throws LedgerException if the statement is not valid, or would write
   * @throws IOException if the server does not answer, or {@code rows} throws it
   */
  void query(String sql, List<String> parameters, Rows rows) throws IOException;

  /**
   * Writes the result of a query to a Parquet file.
   *
   * @param file is replaced
   * @throws LedgerException if the statement is not valid
   */
  void exportParquet(String sql, Path file) throws IOException;

  /**
   * Removes a user, a session or a trace, here and from the other places of the data directory.
   *
   * @param others what else is in the directory; a server that runs has them open, and goes by its
   *     own list
   */
  List<Removal> forget(Subject subject, List<PersonalData> others) throws IOException;

  /** Whether a server that runs answers. */
  boolean isServer();

  @Override
  void close();

  /**
   * Returns the accounts that a running server has open, and never opens the database itself.
   *
   * @param limit how long the server may take for a query, after which it gives up; at least a
   *     second, and rounded down to seconds
   * @throws LedgerException if no server has them open, or it cannot be asked
   */
  static Ledger ofServer(Path data, Duration limit) throws LedgerException {
    if (limit.toSeconds() < 1) {
      throw new IllegalArgumentException("limit=" + limit + ": must be at least a second");
    }
    Ledger server = LedgerClient.connect(directory(data), Math.toIntExact(limit.toSeconds()));
    if (server == null) {
      throw new LedgerException("the ledger is not open now; see the log of the server");
    }
    return server;
  }

  /** Returns the directory of the ledger in a data directory. */
  static Path directory(Path data) {
    return data.resolve("ledger");
  }

  /** Whether a data directory has a ledger. */
  static boolean exists(Path data) {
    return Files.exists(LedgerDatabase.file(directory(data)));
  }

  /** Whether the jar with the database is beside the main one. */
  static boolean isAvailable() {
    return LedgerDatabase.isAvailable();
  }

  /** What to do if {@link #isAvailable} is false. */
  static String unavailable() {
    return "the ledger needs duckdb_jdbc.jar beside tallyspan.jar: unpack the whole archive";
  }

  /**
   * Returns the accounts that a running server has open; null if none has.
   *
   * @throws LedgerException if one may run, but cannot be asked
   */
  static @Nullable Ledger running(Path data) throws LedgerException {
    return LedgerClient.connect(directory(data));
  }

  /**
   * Opens the accounts.
   *
   * @throws LedgerException if there are none, or they cannot be read
   */
  static Ledger open(Path data, Access access) throws LedgerException {
    Path directory = directory(data);
    Ledger server = running(data);
    if (server != null) {
      return server;
    }
    if (!exists(data)) {
      throw new LedgerException(data + ": no ledger here; name the data directory with --data");
    }
    if (!isAvailable()) {
      throw new LedgerException(unavailable());
    }
    return new LocalLedger(LedgerDatabase.open(directory, access));
  }
}
