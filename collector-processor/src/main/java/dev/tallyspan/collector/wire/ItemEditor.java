package dev.tallyspan.collector.wire;

/**
 * Decides what to change in the items of a request. Called on the thread that calls {@link
 * RequestSplicer#splice}, for the items in the order of the bytes.
 *
 * @param <I> spans or log records
 * @param <X> receives the changes to one item
 */
@FunctionalInterface
public interface ItemEditor<I extends WireItem, X extends ItemEdits> {

  /** Whether to edit the item with this index among all items of the request. */
  default boolean concerns(int ordinal) {
    return true;
  }

  /**
   * Reads an item and requests changes. {@code item}, {@code edits}, and views that the item
   * returns are valid only during the call; strings and arrays remain valid. If this method throws,
   * the item stays unchanged.
   *
   * @param ordinal the index among all items of the request
   */
  void edit(int ordinal, I item, X edits);

  /**
   * Called for each item that stays unchanged because of an exception: {@link #edit} threw, the
   * item is malformed ({@link MalformedRequestException}), or the item or its resource has too many
   * keys and values ({@link TooManyValuesException}). Must not throw.
   */
  default void failed(Throwable cause) {}
}
