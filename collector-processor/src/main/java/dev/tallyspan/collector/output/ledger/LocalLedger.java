package dev.tallyspan.collector.output.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The accounts of a directory that no server has open. */
final class LocalLedger implements Ledger {

  private final LedgerDatabase database;

  LocalLedger(LedgerDatabase database) {
    this.database = database;
  }

  @Override
  public void query(String sql, List<String> parameters, Rows rows) throws IOException {
    database.query(sql, parameters, rows);
  }

  @Override
  public void exportParquet(String sql, Path file) throws IOException {
    LedgerDatabase.move(database.exportParquet(sql), file);
  }

  @Override
  public Forgotten forget(Subject subject, String value) throws IOException {
    return database.forget(subject, value);
  }

  @Override
  public void close() {
    database.close();
  }
}
