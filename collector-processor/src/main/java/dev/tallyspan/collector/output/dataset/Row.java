package dev.tallyspan.collector.output.dataset;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A case as a tool reads it. */
interface Row {

  /**
   * @param dataset the name of the dataset
   */
  Map<String, @Nullable Object> of(String dataset, DatasetCase each);

  /** Returns the input as tools take it that know messages of OpenAI's chat API. */
  static Map<String, @Nullable Object> chatInput(DatasetCase each) {
    Map<String, @Nullable Object> input = new LinkedHashMap<>();
    input.put("messages", Messages.toOpenAi(each.system(), each.messages()));
    Json.putFilled(input, "tools", each.tools());
    return input;
  }

  /** Returns the expected answer as an object; null if it is not known. */
  static @Nullable Map<String, @Nullable Object> expectedObject(DatasetCase each) {
    Object expected = each.expected();
    if (expected == null) {
      return null;
    }
    if (expected instanceof Map) {
      return Json.object(expected);
    }
    Map<String, @Nullable Object> wrapped = new LinkedHashMap<>();
    wrapped.put("output", expected);
    return wrapped;
  }

  /** Returns the expected answer as a text; null if it is not known. */
  static @Nullable String expectedText(DatasetCase each) {
    Object expected = each.expected();
    return expected == null ? null : expected instanceof String text ? text : Json.text(expected);
  }
}
