package dev.tallyspan.semconv.content;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of content may still leave: of a span with its events, or of a whole trace. Create
 * one for each span or trace, and pass it to each call of {@link ContentPolicy#apply}. Thread-safe.
 */
public final class ContentBudget {

  private static final long UNLIMITED = Long.MAX_VALUE;

  private final AtomicLong remaining;
  private final @Nullable ContentBudget whole;

  private ContentBudget(long bytes, @Nullable ContentBudget whole) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes=" + bytes + " is negative; 0 = no limit");
    }
    remaining = new AtomicLong(bytes == 0 ? UNLIMITED : bytes);
    this.whole = whole;
  }

  /**
   * {@return a new budget}
   *
   * @param bytes UTF-8 bytes of content; 0 = no limit
   * @throws IllegalArgumentException if the number is negative
   */
  public static ContentBudget ofBytes(long bytes) {
    return new ContentBudget(bytes, null);
  }

  /**
   * {@return a new budget that is part of this one: what is spent from it is spent from both}
   *
   * @param bytes UTF-8 bytes of content; 0 = no limit but that of this budget
   * @throws IllegalArgumentException if the number is negative
   */
  public ContentBudget part(long bytes) {
    return new ContentBudget(bytes, this);
  }

  /** {@return how many bytes are left; {@link Long#MAX_VALUE} without a limit} */
  public long remaining() {
    long own = remaining.get();
    return whole == null ? own : Math.min(own, whole.remaining());
  }

  boolean isLimited() {
    return remaining() < UNLIMITED;
  }

  void spend(long bytes) {
    remaining.updateAndGet(left -> left == UNLIMITED ? left : Math.max(0, left - bytes));
    if (whole != null) {
      whole.spend(bytes);
    }
  }
}
