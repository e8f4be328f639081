package dev.tallyspan.collector.queue;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Keeps what each output is done with between runs. It may be behind: the outputs then get some
 * requests a second time. It must never be ahead.
 */
public interface CursorStore {

  /** Keeps nothing. */
  CursorStore NONE = done -> {};

  /**
   * Replaces what is kept. Called by one thread at a time.
   *
   * @param done for each output, the first and the last sequence of each range, inclusive
   */
  void save(Map<String, List<long[]>> done) throws IOException;
}
