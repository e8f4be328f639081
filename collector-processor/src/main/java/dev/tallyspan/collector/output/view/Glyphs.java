package dev.tallyspan.collector.output.view;

/** The characters that draw a tree; each has the same width on every row. */
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
