package dev.tallyspan.collector.output.dataset;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record of a dataset in Braintrust. Its {@code origin} would be an object of Braintrust; which
 * trace it is from, its metadata say.
 */
final class BraintrustRecord implements Row {

  @Override
  public Map<String, @Nullable Object> of(String dataset, DatasetCase each) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("id", "tallyspan-" + each.stableId(dataset));
    row.put("input", Row.chatInput(each));
    if (each.expected() != null) {
      row.put("expected", each.expected());
    }
    row.put("metadata", each.metadata());
    Json.putFilled(row, "tags", each.tags());
    return row;
  }
}
