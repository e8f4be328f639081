package dev.tallyspan.collector.output.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of Phoenix's {@code POST /v1/datasets/upload}: parallel lists. With the action {@code
 * update}, a dataset of this name is made the same as the file, and an example keeps its id.
 */
final class PhoenixUpload implements DatasetFormat.Writer {

  @Override
  public void write(String dataset, Collection<DatasetCase> cases, OutputStream out)
      throws IOException {
    List<@Nullable Object> inputs = new ArrayList<>();
    List<@Nullable Object> outputs = new ArrayList<>();
    List<@Nullable Object> metadata = new ArrayList<>();
    List<@Nullable Object> splits = new ArrayList<>();
    List<@Nullable Object> spanIds = new ArrayList<>();
    List<@Nullable Object> exampleIds = new ArrayList<>();
    for (DatasetCase each : cases) {
      inputs.add(Row.chatInput(each));
      Map<String, @Nullable Object> expected = Row.expectedObject(each);
      outputs.add(expected == null ? Map.of() : expected);
      metadata.add(each.metadata());
      splits.add(each.split());
      String spanId = Json.text(each.source(), "span_id");
      spanIds.add(spanId.isEmpty() ? null : spanId);
      exampleIds.add("tallyspan-" + each.stableId(dataset));
    }
    Map<String, @Nullable Object> upload = new LinkedHashMap<>();
    upload.put("action", "update");
    upload.put("name", dataset);
    upload.put("inputs", inputs);
    upload.put("outputs", outputs);
    upload.put("metadata", metadata);
    upload.put("splits", splits);
    upload.put("span_ids", spanIds);
    upload.put("example_ids", exampleIds);
    out.write(Json.bytes(upload));
    out.write('\n');
  }
}
