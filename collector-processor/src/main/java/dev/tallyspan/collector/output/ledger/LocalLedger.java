package dev.tallyspan.collector.output.ledger;

import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.erasure.Removal;
import dev.tallyspan.collector.erasure.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
  public List<Removal> forget(Subject subject, List<PersonalData> others) {
    List<PersonalData> places = new ArrayList<>();
    places.add(database);
    places.addAll(others);
    return Removal.of(subject, places);
  }

  @Override
  public boolean isServer() {
    return false;
  }

  @Override
  public void close() {
    database.close();
  }
}
