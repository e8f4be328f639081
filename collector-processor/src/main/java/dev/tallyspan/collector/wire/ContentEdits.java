package dev.tallyspan.collector.wire;

/** The changes to the attributes of any message that holds some. Not thread-safe. */
final class ContentEdits extends ItemEdits {

  /**
   * @param attributesTag the tag of the message's attributes
   */
  ContentEdits(int attributesTag) {
    super(attributesTag);
  }

  /**
   * Determines the effect of the edits, and cuts the attributes whose keys are not valid UTF-8: the
   * edits name keys as they are decoded, which does not find them. Returns whether anything
   * changes.
   */
  boolean resolveAll(WireAttributes attributes) {
    resolve(attributes);
    int cuts = cutCount();
    for (int i = 0; i < attributes.size(); i++) {
      if (!attributes.isUtf8Key(i)) {
        cut(attributes.entry(i, WireValues.FIELD_START), attributes.entry(i, WireValues.FIELD_END));
      }
    }
    if (cutCount() > cuts) {
      sortCuts();
    }
    return cutCount() > 0 || appendedSize() > 0;
  }
}
