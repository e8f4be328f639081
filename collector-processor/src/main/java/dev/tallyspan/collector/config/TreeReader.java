package dev.tallyspan.collector.config;

import dev.tallyspan.collector.tree.TreeSettings;
import dev.tallyspan.collector.tree.TreeSettings.Duplicates;
import dev.tallyspan.collector.tree.TreeSettings.Identity;
import dev.tallyspan.collector.tree.TreeSettings.Spans;
import java.util.Map;

/** Reads {@code traces} of an exporter. */
final class TreeReader {

  static final String KEY = "traces";

  private static final Map<String, Duplicates> DUPLICATES =
      Map.of("keep", Duplicates.KEEP, "strip", Duplicates.STRIP, "drop", Duplicates.DROP);
  private static final Map<String, Spans> SPANS =
      Map.of("all", Spans.ALL, "llm", Spans.LLM, "llm_with_ancestors", Spans.LLM_WITH_ANCESTORS);
  private static final Map<String, Identity> IDENTITY =
      Map.of("leave", Identity.LEAVE, "root", Identity.ROOT, "all", Identity.ALL);
  private static final Map<String, Boolean> SNAPSHOTS = Map.of("keep", false, "collapse", true);
  private static final Map<String, Boolean> ORPHANS = Map.of("leave", false, "mark", true);

  private TreeReader() {}

  static TreeSettings read(Section exporter) {
    return read(exporter, TreeSettings.DEFAULT);
  }

  /**
   * @param otherwise what is not set
   */
  static TreeSettings read(Section exporter, TreeSettings otherwise) {
    Section traces = exporter.section(KEY);
    if (traces == null) {
      return otherwise;
    }
    TreeSettings settings =
        new TreeSettings(
            traces.choice("duplicates", DUPLICATES, otherwise.duplicates()),
            traces.choice("spans", SPANS, otherwise.spans()),
            traces.choice("identity", IDENTITY, otherwise.identity()),
            traces.choice("snapshots", SNAPSHOTS, otherwise.collapseSnapshots()),
            traces.choice("orphans", ORPHANS, otherwise.markOrphans()));
    traces.end();
    return settings;
  }
}
