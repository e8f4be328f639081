package dev.tallyspan.collector.output.dataset;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sample of Inspect; without {@code target} until the right answer is known. */
final class InspectSample implements Row {

  @Override
  public Map<String, @Nullable Object> of(String dataset, DatasetCase each) {
    Map<String, @Nullable Object> sample = new LinkedHashMap<>();
    sample.put("id", "tallyspan-" + each.stableId(dataset));
    sample.put("input", Messages.toInspect(each.system(), each.messages()));
    String target = Row.expectedText(each);
    if (target != null) {
      sample.put("target", target);
    }
    Map<String, @Nullable Object> metadata = each.metadata();
    Json.putFilled(metadata, "tools", each.tools());
    sample.put("metadata", metadata);
    return sample;
  }
}
