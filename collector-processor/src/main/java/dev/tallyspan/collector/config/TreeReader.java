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
    Section traces = exporter.section(KEY);
    if (traces == null) {
      return TreeSettings.DEFAULT;
    }
    TreeSettings settings =
        new TreeSettings(
            traces.choice("duplicates", DUPLICATES, Duplicates.KEEP),
            traces.choice("spans", SPANS, Spans.ALL),
            traces.choice("identity", IDENTITY, Identity.LEAVE),
            traces.choice("snapshots", SNAPSHOTS, false),
            traces.choice("orphans", ORPHANS, false));
    traces.end();
    return settings;
  }
}
