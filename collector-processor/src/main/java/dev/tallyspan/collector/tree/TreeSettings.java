package dev.tallyspan.collector.tree;

import static java.util.Objects.requireNonNull;

/**
 * How an exporter wants the trees of its traces.
 *
 * @param duplicates spans whose call another span bills, and sums of calls
 * @param spans which spans are written
 * @param identity where the trace's user, session, conversation, tenant and tags are copied to
 * @param collapseSnapshots whether states of a span are left out if a later one was seen
 * @param markOrphans whether spans get a mark if their parent was not seen
 */
public record TreeSettings(
    Duplicates duplicates,
    Spans spans,
    Identity identity,
    boolean collapseSnapshots,
    boolean markOrphans) {

  /** Spans that show tokens and costs which other spans bill. */
  public enum Duplicates {
    /** They stay as they are. */
    KEEP,
    /** They stay, without token counts and costs. */
    STRIP,
    /** Duplicates are left out; sums of calls stay, without token counts and costs. */
    DROP
  }

  /** Which spans are written. */
  public enum Spans {
    ALL,
    /** Spans about LLMs, whose parent is the nearest ancestor about LLMs. */
    LLM,
    /** Spans about LLMs and their ancestors. */
    LLM_WITH_ANCESTORS
  }

  /** Where identity is copied to. */
  public enum Identity {
    LEAVE,
    /** To the root. */
    ROOT,
    /** To the root and all spans about LLMs. */
    ALL
  }

  /** Changes nothing. */
  public static final TreeSettings DEFAULT =
      new TreeSettings(Duplicates.KEEP, Spans.ALL, Identity.LEAVE, false, false);

  public TreeSettings {
    requireNonNull(duplicates, "duplicates");
    requireNonNull(spans, "spans");
    requireNonNull(identity, "identity");
  }
}
