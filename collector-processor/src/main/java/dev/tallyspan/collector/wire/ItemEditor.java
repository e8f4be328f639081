package dev.tallyspan.collector.wire;

/**
 * Decides what changes on the items of a request.
 *
 * @param <I> spans or log records
 * @param <X> takes the changes to one
 */
@FunctionalInterface
public interface ItemEditor<I extends WireItem, X extends ItemEdits> {

  /** Whether the item with this number among all items of the request is to be edited. */
  default boolean concerns(int ordinal) {
    return true;
  }

  /**
   * Reads an item and asks for changes. Neither {@code item} nor {@code edits}, nor a view that the
   * item returns, may be kept beyond the call; strings and arrays may. If it throws, this item
   * leaves as it came.
   *
   * @param ordinal its number among all items of the request
   */
  void edit(int ordinal, I item, X edits);

  /**
   * Is called for each item that leaves as it came because {@link #edit} threw, or because it or
   * its resource has too many keys and values: a {@link TooManyValuesException}. Must not throw.
   */
  default void failed(Throwable cause) {}
}
