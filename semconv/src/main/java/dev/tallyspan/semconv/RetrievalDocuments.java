package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads retrieved documents into {@code [{id, score, content, …}]}: the id as text, the score as a
 * number if it is one. A distance is no score, since there less is better, and keeps its name.
 */
final class RetrievalDocuments {

  private RetrievalDocuments() {}

  /** The documents as a list; null if there are none. */
  static Value<?> read(Json source) {
    Json opened = source.unwrapOrSelf();
    Json list = opened.isObject() ? opened.first("documents", "results", "matches") : opened;
    List<Value<?>> documents = new ArrayList<>();
    for (Json element : list) {
      Json document = element.unwrapOrSelf();
      Json wrapped = document.get("document");
      documents.add(document(wrapped.isObject() ? wrapped : document));
    }
    return documents.isEmpty() ? null : Value.of(documents);
  }

  private static Value<?> document(Json document) {
    if (!document.isObject()) {
      return Value.of(Map.of("content", Value.of(String.valueOf(document.asText()))));
    }
    Map<String, Value<?>> read = new LinkedHashMap<>();
    Json id = document.first("id", "_id", "doc_id", "document_id");
    if (id.isPresent()) {
      read.put("id", Value.of(id.asText()));
    }
    Object score = Coercion.NUMBER.apply(document.get("score"));
    if (score != null) {
      read.put("score", Value.of((Double) score));
    }
    Json content = document.first("content", "page_content", "pageContent", "text");
    if (content.isPresent()) {
      read.put("content", content.value());
    }
    PartReader.rest(
            document,
            "id",
            "_id",
            "doc_id",
            "document_id",
            "score",
            "content",
            "page_content",
            "pageContent",
            "text")
        .forEach((name, member) -> read.put(name, Json.of(member).unwrapOrSelf().value()));
    return Value.of(read);
  }
}
