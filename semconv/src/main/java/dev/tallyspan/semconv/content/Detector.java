package dev.tallyspan.semconv.content;

/**
 * Finds values of one kind in a text, for example customer numbers. Called on any thread, also on
 * several at once. It must take a time that grows only linearly with the text: texts come from
 * people and models, and may be hostile. Regular expressions with nested or adjacent repetitions do
 * not have this property.
 *
 * <p>A detector must find nothing in a mask, such as {@code [CUSTOMER]} or {@code
 * [CUSTOMER#hgkbcpaodmfn]}.
 *
 * <p>If a detector throws an exception, the attribute is removed, and {@link
 * PolicyReport#failures()} counts it.
 */
@FunctionalInterface
public interface Detector {

  /**
   * Reports each value found in a text, in any order; ranges may overlap.
   *
   * @param text of an attribute, or from inside its JSON; masks may be in it
   * @param findings takes each value found
   */
  void find(CharSequence text, Findings findings);
}
