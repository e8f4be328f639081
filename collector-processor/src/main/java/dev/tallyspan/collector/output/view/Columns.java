package dev.tallyspan.collector.output.view;

/**
 * The columns of a tree for a width. A narrow terminal drops the timeline first, then the cached
 * tokens.
 *
 * @param tree the columns of the span's guides and name
 * @param bar the columns of the timeline; 0 to leave it out
 * @param cached the columns of cached tokens; 0 to leave them out
 */
record Columns(int tree, int bar, int cached) {

  static final int GAP = 2;
  static final int TIME = 9;
  static final int TOKENS = 8;
  static final int MONEY = 13;
  private static final int FIXED = TIME + 2 * TOKENS + GAP + 2 * MONEY;
  private static final int GOOD_TREE = 42;
  private static final int LEAST_TREE = 32;
  private static final int MOST_TREE = 72;

  static Columns of(int width) {
    int left = width - FIXED;
    int cached = left - TOKENS >= LEAST_TREE ? TOKENS : 0;
    left -= cached;
    int bar = Math.min(30, left - GOOD_TREE - GAP);
    if (bar < 8) {
      bar = 0;
    }
    return new Columns(Math.min(MOST_TREE, left - (bar == 0 ? 0 : bar + GAP)), bar, cached);
  }
}
