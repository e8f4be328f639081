package dev.tallyspan.collector.output.dataset;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sample of OpenAI's {@code evals}; without {@code ideal} until the right answer is known. */
final class OpenAiSample implements Row {

  @Override
  public Map<String, @Nullable Object> of(String dataset, DatasetCase each) {
    Map<String, @Nullable Object> sample = new LinkedHashMap<>();
    sample.put("input", Messages.toOpenAi(each.system(), each.messages()));
    String ideal = Row.expectedText(each);
    if (ideal != null) {
      sample.put("ideal", ideal);
    }
    Json.putFilled(sample, "tools", each.tools());
    sample.put("metadata", each.metadata());
    return sample;
  }
}
