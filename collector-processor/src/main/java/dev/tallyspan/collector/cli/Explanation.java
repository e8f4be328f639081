package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.processor.Enrichment;

/** What {@code explain} prints, span by span. */
interface Explanation extends Enrichment.Observer {

  /** The spans that follow are in this file. */
  void file(String name);

  /** There are no more spans. */
  void end();
}
