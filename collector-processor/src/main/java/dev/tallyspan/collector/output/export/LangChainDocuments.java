package dev.tallyspan.collector.output.export;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Retrieved documents in the form of LangChain, whose metadata is everything but the text. */
final class LangChainDocuments {

  private LangChainDocuments() {}

  /**
   * Returns the documents; null if there are none.
   *
   * @param documents in the schema of the GenAI conventions
   */
  static @Nullable Value<?> of(@Nullable Value<?> documents) {
    if (documents == null || !(documents.getValue() instanceof List<?> list)) {
      return null;
    }
    List<Value<?>> all = new ArrayList<>();
    for (Object element : list) {
      if (element instanceof Value<?> document && document.getValue() instanceof List<?> members) {
        all.add(document(members));
      }
    }
    return all.isEmpty() ? null : Value.of(all);
  }

  private static Value<?> document(List<?> members) {
    Map<String, Value<?>> document = new LinkedHashMap<>();
    Map<String, Value<?>> metadata = new LinkedHashMap<>();
    document.put("type", Value.of("Document"));
    for (Object each : members) {
      if (each instanceof KeyValue member) {
        boolean text = member.getKey().equals("content");
        (text ? document : metadata)
            .put(text ? "page_content" : member.getKey(), member.getValue());
      }
    }
    document.put("metadata", Value.of(metadata));
    return Value.of(document);
  }
}
