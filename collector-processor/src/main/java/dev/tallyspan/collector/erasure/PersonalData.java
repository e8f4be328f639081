package dev.tallyspan.collector.erasure;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A place that keeps what people did, and can remove it. Thread-safe. Both methods may block for as
 * long as it takes to read what is kept.
 */
public interface PersonalData {

  /** How messages call the place, such as "the ledger". */
  String place();

  /**
   * Adds the ids of the traces in which the subject occurs.
   *
   * @throws IOException if not everything that is kept can be read
   */
  void findTraces(Subject subject, Set<String> traceIds) throws IOException;

  /**
   * Removes what belongs to the subject or to one of the traces. When this returns, nothing that
   * was removed comes back after a crash.
   *
   * @param traceIds the traces in which the subject occurs, as far as all places together know
   * @return what was removed, and what was not, for people; contains nothing of the subject
   * @throws IOException if not everything could be removed
   */
  List<Removal> forget(Subject subject, Set<String> traceIds) throws IOException;
}
