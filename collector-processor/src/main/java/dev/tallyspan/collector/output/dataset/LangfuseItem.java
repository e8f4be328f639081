package dev.tallyspan.collector.output.dataset;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of Langfuse's {@code POST /api/public/dataset-items}: an item with this id is updated.
 */
final class LangfuseItem implements Row {

  @Override
  public Map<String, @Nullable Object> of(String dataset, DatasetCase each) {
    Map<String, @Nullable Object> item = new LinkedHashMap<>();
    item.put("datasetName", dataset);
    item.put("id", "tallyspan-" + each.stableId(dataset));
    item.put("input", Row.chatInput(each));
    item.put("expectedOutput", each.expected());
    item.put("metadata", each.metadata());
    item.put("sourceTraceId", each.source().get("trace_id"));
    Json.putText(item, "sourceObservationId", Json.text(each.source(), "span_id"));
    item.put("status", "ACTIVE");
    return item;
  }
}
