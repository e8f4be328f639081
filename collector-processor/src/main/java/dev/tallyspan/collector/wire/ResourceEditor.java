package dev.tallyspan.collector.wire;

/**
 * Decides what to change in the resources of a request. Called on the thread that calls {@link
 * ResourceSplicer#splice}, for the resources in the order of the bytes.
 */
@FunctionalInterface
public interface ResourceEditor {

  /**
   * Reads the attributes of a resource and requests changes. The attributes and edits are valid
   * only during the call. If this method throws, the resource stays unchanged.
   *
   * @param at which resource, as in {@link RequestIndex#resourceAt}; for editors that also read the
   *     items
   * @param attributes those of all parts, if the resource comes in parts; empty if there is no
   *     resource
   */
  void edit(int at, WireAttributes attributes, ResourceEdits edits);

  /**
   * Called for each resource that stays unchanged because of an exception: {@link #edit} threw, the
   * resource is malformed ({@link MalformedRequestException}), or it has too many keys and values
   * ({@link TooManyValuesException}). Must not throw.
   */
  default void failed(Throwable cause) {}
}
