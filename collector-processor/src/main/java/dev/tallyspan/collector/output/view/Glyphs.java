package dev.tallyspan.collector.output.view;

/** The signs a tree is drawn with, each of them as wide on every row. */
record Glyphs(
    boolean unicode,
    String branch,
    String lastBranch,
    String trunk,
    String gap,
    String folded,
    String deeper,
    String ellipsis,
    String cross,
    String orphan,
    String sigma,
    String atLeast,
    String dot,
    String rule,
    char bar,
    char waiting,
    char share,
    String micro) {

  static final Glyphs UNICODE =
      new Glyphs(
          true, "├─ ", "└─ ", "│  ", "   ", "┆  ", "‥  ", "…", "✗", "⚠", "Σ", "≥", " · ", "─", '━',
          '╌', '█', "µs");

  static final Glyphs ASCII =
      new Glyphs(
          false, "|- ", "`- ", "|  ", "   ", ":  ", ".. ", "...", "x", "!", "SUM", ">=", " | ", "-",
          '=', '-', '#', "us");
}
