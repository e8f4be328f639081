package dev.tallyspan.collector.wire;

/** A request after {@link TraceRewriter#rewrite} or {@link LogRewriter#rewrite}. */
public final class Rewritten {

  private final Slices body;
  private final boolean unchanged;
  private final int items;
  private final int edited;
  private final int fallbacks;
  private final int failed;
  private final Throwable failure;

  Rewritten(
      Slices body,
      boolean unchanged,
      int items,
      int edited,
      int fallbacks,
      int failed,
      Throwable failure) {
    this.body = body;
    this.unchanged = unchanged;
    this.items = items;
    this.edited = edited;
    this.fallbacks = fallbacks;
    this.failed = failed;
    this.failure = failure;
  }

  /** The request as it leaves. Refers to the bytes that were rewritten. */
  public Slices body() {
    return body;
  }

  /** Whether nothing was edited; then {@link #body} is the very bytes that came, in one slice. */
  public boolean unchanged() {
    return unchanged;
  }

  /** The number of spans or log records in the request. */
  public int items() {
    return items;
  }

  /** The number of items that leave with other bytes than they came with. */
  public int edited() {
    return edited;
  }

  /**
   * The number of items shown to the editor with a value that was put together from parts, which is
   * legal but which no known sender does.
   */
  public int fallbacks() {
    return fallbacks;
  }

  /**
   * The number of items that leave as they came because the editor threw, or because they or their
   * resource have more than 262,144 keys and values.
   */
  public int failed() {
    return failed;
  }

  /**
   * Why the first of the {@link #failed} items failed; null if none did. Its message may hold what
   * the editor put there.
   */
  public Throwable failure() {
    return failure;
  }
}
