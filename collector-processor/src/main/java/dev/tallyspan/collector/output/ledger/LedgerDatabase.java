package dev.tallyspan.collector.output.ledger;

import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.erasure.Removal;
import dev.tallyspan.collector.erasure.Subject;
import dev.tallyspan.collector.output.ledger.Ledger.Access;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * The database file. One process at a time has it open for writing.
 *
 * <p>Thread-safe: writes wait for each other; queries run beside them, each in a connection of its
 * own, and see what was committed before they began.
 */
final class LedgerDatabase implements PersonalData, AutoCloseable {

  /*
   * A row is keyed by its ids, and a second delivery replaces the first. A primary key of DuckDB
   * would keep an index of all keys in memory, about as large as the rest of the server. Instead,
   * each batch deletes the rows whose keys it brings, and then adds its own: a scan of one column
   * of numbers, `key`, which takes 1 ms for a million rows. The ids decide, the number only finds.
   *
   * A trace that was forgotten stays forgotten: a request that waited in the queue meanwhile must
   * not enter its calls again. So the ids of such traces are kept, and their calls are left out. A
   * trace id says nothing about a person, and does not come again.
   *
   * Nothing in a query can reach beyond the database: DuckDB reads and writes no other file than
   * those in `export`, loads no extension, and its settings are locked.
   */

  private static final Logger LOGGER = System.getLogger(LedgerDatabase.class.getName());

  /** Increase it when columns change, and convert what earlier versions wrote. */
  private static final int SCHEMA = 1;

  /** Sorting and grouping beyond it use files in the directory. */
  private static final String MEMORY = "256MiB";

  private static final int MOST_THREADS = 4;

  /** How full the database is after old rows made room. */
  private static final double KEPT_SHARE = 0.9;

  private static final Pattern HELD_BY = Pattern.compile("PID (\\d+)");

  /** Longer than requests wait for a backend that comes back. */
  private static final Duration FORGOTTEN_AGE = Duration.ofDays(400);

  private final Path export;
  private final DuckDBConnection connection;

  // Guarded by this.
  private final Set<String> forgotten = new HashSet<>();

  private LedgerDatabase(Path export, DuckDBConnection connection) {
    this.export = export;
    this.connection = connection;
  }

  static Path file(Path directory) {
    return directory.resolve("ledger.duckdb");
  }

  static boolean isAvailable() {
    return LedgerDatabase.class.getClassLoader().getResource("org/duckdb/DuckDBDriver.class")
        != null;
  }

  /**
   * Opens the database, and creates it if it is to be written.
   *
   * @throws LedgerException if it cannot be used; the message says why
   */
  static LedgerDatabase open(Path given, Access access) throws LedgerException {
    Path directory = given.toAbsolutePath();
    Path file = file(directory);
    Path export = directory.resolve("export");
    DuckDBConnection connection = null;
    try {
      createDirectories(export);
      Properties settings = new Properties();
      settings.setProperty("memory_limit", MEMORY);
      settings.setProperty(
          "threads",
          String.valueOf(Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors())));
      settings.setProperty("temp_directory", directory.resolve("tmp").toString());
      settings.setProperty("autoinstall_known_extensions", "false");
      settings.setProperty("autoload_known_extensions", "false");
      settings.setProperty("jdbc_stream_results", "true");
      if (access == Access.READ) {
        settings.setProperty("duckdb.read_only", "true");
      }
      connection = (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:" + file, settings);
      if (access == Access.WRITE) {
        createTables(connection);
      }
      check(connection, file);
      execute(connection, "SET allowed_directories = [" + quoted(export.toString()) + "]");
      execute(connection, "SET enable_external_access = false");
      execute(connection, "SET lock_configuration = true");
      if (access == Access.WRITE) {
        // In a schema of this connection.
        execute(
            connection, "CREATE TEMP TABLE seen (key BIGINT, trace_id VARCHAR, span_id VARCHAR)");
      }
      LedgerDatabase opened = new LedgerDatabase(export, connection);
      if (access == Access.WRITE) {
        opened.readForgotten();
      }
      return opened;
    } catch (SQLException | IOException | LinkageError | IllegalStateException e) {
      close(connection);
      throw e instanceof LedgerException known ? known : cannotOpen(file, e);
    }
  }

  private static LedgerException cannotOpen(Path file, Throwable why) {
    String message = oneLine(why);
    Matcher holder = HELD_BY.matcher(message);
    if (message.contains("lock on file") && holder.find()) {
      return new LedgerException(
          file + ": is in use by process " + holder.group(1) + "; try again, or stop it", why);
    }
    return new LedgerException(file + ": cannot be opened: " + message, why);
  }

  /** For the owner only: rows name users. */
  private static void createDirectories(Path directory) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    Files.createDirectories(
        directory,
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0]);
  }

  private static void createTables(DuckDBConnection connection) throws SQLException {
    execute(connection, "CREATE TABLE IF NOT EXISTS ledger_schema (version INTEGER)");
    execute(
        connection,
        "INSERT INTO ledger_schema SELECT "
            + SCHEMA
            + " WHERE NOT EXISTS (SELECT 1 FROM ledger_schema)");
    execute(
        connection,
        LedgerColumn.ALL.stream()
            .map(column -> column.name() + " " + column.type())
            .collect(Collectors.joining(", ", "CREATE TABLE IF NOT EXISTS calls (", ")")));
    execute(connection, "CREATE TABLE IF NOT EXISTS forgotten (trace_id VARCHAR, time TIMESTAMP)");
  }

  private synchronized void readForgotten() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT trace_id FROM forgotten")) {
      while (result.next()) {
        forgotten.add(result.getString(1));
      }
    }
  }

  private static void check(DuckDBConnection connection, Path file)
      throws SQLException, LedgerException {
    try (Statement statement = connection.createStatement();
        ResultSet version = statement.executeQuery("SELECT max(version) FROM ledger_schema")) {
      version.next();
      if (version.getInt(1) != SCHEMA) {
        throw new LedgerException(
            file
                + ": was written by another version of Tallyspan; use that one, or move the file"
                + " away");
      }
    }
  }

  /**
   * Writes the rows of a batch, and removes those of calls that are not billed any more. Leaves out
   * calls of traces that were forgotten. When this returns, they are on disk.
   *
   * @param entries of the same call, the last one counts
   */
  synchronized void write(Collection<LedgerEntry> entries) throws SQLException {
    Map<LedgerEntry.Key, LedgerEntry> last = new LinkedHashMap<>();
    for (LedgerEntry entry : entries) {
      if (!forgotten.contains(entry.traceId())) {
        last.put(entry.id(), entry);
      }
    }
    connection.setAutoCommit(false);
    try {
      try (DuckDBAppender seen = connection.createAppender("temp", "main", "seen")) {
        for (LedgerEntry.Key key : last.keySet()) {
          seen.beginRow().append(key.key()).append(key.traceId()).append(key.spanId()).endRow();
        }
      }
      execute(
          connection,
          "DELETE FROM calls USING seen WHERE calls.key = seen.key"
              + " AND calls.trace_id = seen.trace_id AND calls.span_id = seen.span_id");
      execute(connection, "DELETE FROM seen");
      try (DuckDBAppender calls = connection.createAppender("main", "calls")) {
        for (LedgerEntry entry : last.values()) {
          if (entry.values() != null) {
            append(calls, entry.values());
          }
        }
      }
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static void append(DuckDBAppender calls, List<@Nullable Object> values)
      throws SQLException {
    calls.beginRow();
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value == null) {
        calls.appendNull();
      } else if (value instanceof String text) {
        calls.append(text);
      } else if (value instanceof Long number) {
        if (LedgerColumn.ALL.get(i).type().equals("TIMESTAMP")) {
          calls.appendEpochMicros(number);
        } else {
          calls.append(number.longValue());
        }
      } else if (value instanceof Double number) {
        calls.append(number.doubleValue());
      } else if (value instanceof BigDecimal amount) {
        calls.append(amount);
      } else if (value instanceof List<?> list) {
        calls.append(list);
      } else {
        throw new IllegalStateException("value of " + value.getClass());
      }
    }
    calls.endRow();
  }

  private void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      LOGGER.log(Level.DEBUG, "the ledger: a rollback failed: {0}", oneLine(e));
    }
  }

  /** Runs one statement in a transaction that can only read. */
  void query(String sql, List<String> parameters, Rows rows) throws IOException {
    query(sql, parameters, /* limitSeconds= */ 0, rows);
  }

  /**
   * Runs one statement in a transaction that can only read.
   *
   * @param limitSeconds how long it may take; 0 = no limit
   */
  void query(String sql, List<String> parameters, int limitSeconds, Rows rows) throws IOException {
    try (DuckDBConnection reader = connection.duplicate()) {
      execute(reader, "BEGIN TRANSACTION READ ONLY");
      try (PreparedStatement statement = reader.prepareStatement(sql)) {
        statement.setQueryTimeout(limitSeconds);
        for (int i = 0; i < parameters.size(); i++) {
          statement.setString(i + 1, parameters.get(i));
        }
        if (statement.execute()) {
          try (ResultSet result = statement.getResultSet()) {
            pass(result, rows);
          }
        } else {
          rows.columns(List.of());
        }
      }
    } catch (SQLException e) {
      String message = oneLine(e);
      throw new LedgerException(
          limitSeconds > 0 && message.contains("INTERRUPT")
              ? "the query took longer than " + limitSeconds + " s"
              : message,
          e);
    }
  }

  private static void pass(ResultSet result, Rows rows) throws SQLException, IOException {
    ResultSetMetaData meta = result.getMetaData();
    List<Rows.Column> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(new Rows.Column(meta.getColumnName(i), meta.getColumnTypeName(i)));
    }
    rows.columns(columns);
    while (result.next()) {
      List<@Nullable String> row = new ArrayList<>(columns.size());
      for (int i = 1; i <= columns.size(); i++) {
        row.add(text(result, i, columns.get(i - 1).type()));
      }
      rows.row(row);
    }
  }

  private static @Nullable String text(ResultSet result, int column, String type)
      throws SQLException {
    if (type.startsWith("DECIMAL")) {
      BigDecimal amount = result.getBigDecimal(column);
      if (amount == null) {
        return null;
      }
      return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }
    if (type.equals("TIMESTAMP")) {
      LocalDateTime time = result.getObject(column, LocalDateTime.class);
      return time == null ? null : time.toInstant(ZoneOffset.UTC).toString();
    }
    return result.getString(column);
  }

  /** Writes the result of a query to a file of its own, which the caller moves or deletes. */
  Path exportParquet(String sql) throws LedgerException {
    Path file = export.resolve(UUID.randomUUID() + ".parquet");
    try (DuckDBConnection reader = connection.duplicate()) {
      execute(
          reader,
          "COPY ("
              + sql
              + ") TO "
              + quoted(file.toString())
              + " (FORMAT parquet, COMPRESSION zstd)");
      return file;
    } catch (SQLException e) {
      throw new LedgerException(oneLine(e), e);
    }
  }

  /** Moves an exported file, over another one if there is one. */
  static void move(Path exported, Path to) throws LedgerException {
    try {
      Files.move(exported, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new LedgerException(to + ": cannot be written: " + e.getClass().getSimpleName(), e);
    }
  }

  @Override
  public String place() {
    return "the ledger";
  }

  @Override
  public synchronized void findTraces(Subject subject, Set<String> traceIds)
      throws LedgerException {
    String sql =
        "SELECT DISTINCT trace_id FROM calls WHERE trace_id <> '' AND (" + own(subject) + ")";
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        traceIds.add(result.getString(1));
      }
    } catch (SQLException e) {
      throw new LedgerException(oneLine(e), e);
    }
  }

  private static String own(Subject subject) {
    String id = quoted(subject.id());
    return switch (subject.kind()) {
      case USER -> "user_id = " + id;
      case SESSION -> "session_id = " + id + " OR conversation_id = " + id;
      case TRACE -> "trace_id = " + id;
    };
  }

  @Override
  public synchronized List<Removal> forget(Subject subject, Set<String> traceIds)
      throws LedgerException {
    try {
      connection.setAutoCommit(false);
      try {
        try (DuckDBAppender ids = connection.createAppender("main", "forgotten")) {
          long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
          for (String traceId : traceIds) {
            ids.beginRow().append(traceId).appendEpochMicros(now).endRow();
          }
        }
        String which =
            " FROM calls WHERE "
                + own(subject)
                + " OR (trace_id <> '' AND trace_id IN (SELECT trace_id FROM forgotten))";
        long traces;
        try (Statement statement = connection.createStatement();
            ResultSet count =
                statement.executeQuery("SELECT count(DISTINCT nullif(trace_id, ''))" + which)) {
          count.next();
          traces = count.getLong(1);
        }
        long rows;
        try (Statement statement = connection.createStatement()) {
          rows = statement.executeUpdate("DELETE" + which);
        }
        connection.commit();
        forgotten.addAll(traceIds);
        checkpoint();
        return List.of(
            Removal.done(
                "removed "
                    + Removal.count(rows, "call")
                    + " in "
                    + Removal.count(traces, "trace")
                    + " from the ledger"));
      } catch (SQLException | RuntimeException e) {
        rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new LedgerException(oneLine(e), e);
    }
  }

  /**
   * Removes what is too old, and the oldest rows if there are too many.
   *
   * @param maxAge zero = no limit
   * @param maxBytes 0 = no limit
   * @return the number of rows that were removed
   */
  synchronized long retain(Instant now, Duration maxAge, long maxBytes) throws SQLException {
    long removed = 0;
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "DELETE FROM forgotten WHERE time < " + timestamp(now.minus(FORGOTTEN_AGE)));
      if (!maxAge.isZero()) {
        removed +=
            statement.executeUpdate(
                "DELETE FROM calls WHERE time < " + timestamp(now.minus(maxAge)));
      }
      if (removed > 0) {
        checkpoint();
      }
      long bytes = usedBytes();
      if (maxBytes > 0 && bytes > maxBytes) {
        long rows = count();
        // All rows are about equally large.
        long surplus = (long) Math.ceil(rows * (1 - KEPT_SHARE * maxBytes / bytes));
        removed +=
            statement.executeUpdate(
                "DELETE FROM calls WHERE rowid IN (SELECT rowid FROM calls ORDER BY time LIMIT "
                    + surplus
                    + ")");
        checkpoint();
      }
    }
    return removed;
  }

  private static String timestamp(Instant time) {
    String text = LocalDateTime.ofInstant(time, ZoneOffset.UTC).withNano(0).toString();
    return "TIMESTAMP " + quoted(text.replace('T', ' '));
  }

  private long usedBytes() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet size =
            statement.executeQuery(
                "SELECT used_blocks * block_size FROM pragma_database_size()"
                    + " WHERE database_name = current_database()")) {
      return size.next() ? size.getLong(1) : 0;
    }
  }

  private long count() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT count(*) FROM calls")) {
      count.next();
      return count.getLong(1);
    }
  }

  /** Writes what is in the log to the file. Queries that run now prevent it, which does no harm. */
  private void checkpoint() {
    try {
      execute(connection, "CHECKPOINT");
    } catch (SQLException e) {
      LOGGER.log(Level.DEBUG, "the ledger: a checkpoint was put off: {0}", oneLine(e));
    }
  }

  private static void execute(DuckDBConnection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  static String oneLine(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    // The driver begins some messages with one about itself.
    int own = message.indexOf("\nError: ");
    message = own < 0 ? message : message.substring(own + 8);
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static void close(@Nullable DuckDBConnection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      LOGGER.log(Level.DEBUG, "the ledger: closing failed: {0}", oneLine(e));
    }
  }

  @Override
  public synchronized void close() {
    close(connection);
  }
}
