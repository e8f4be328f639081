package dev.tallyspan.collector.pipeline;

import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds what belongs to each item of a request, for those who visit the items in ascending order.
 * Not thread-safe.
 */
public final class ItemCursor<T> {

  private final List<T> all;
  private final ToIntFunction<T> item;
  private int next;

  /**
   * @param all in ascending order of their items
   * @param item returns the index of an element's item
   */
  public ItemCursor(List<T> all, ToIntFunction<T> item) {
    this.all = all;
    this.item = item;
  }

  /**
   * Returns the element of the item; null if there is none.
   *
   * @param index not less than in the last call
   */
  public @Nullable T at(int index) {
    while (next < all.size() && item.applyAsInt(all.get(next)) < index) {
      next++;
    }
    return next < all.size() && item.applyAsInt(all.get(next)) == index ? all.get(next) : null;
  }
}
