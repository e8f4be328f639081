package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Scalars;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads retrieved documents into {@code [{id, score, content, …}]}: the id as text, the score as a
 * number if it is one. A distance is not a score, since a smaller distance is better, and keeps its
 * name.
 */
public final class RetrievalDocuments {

  private static final String[] IDS = {"id", "_id", "doc_id", "document_id", "chunk_id"};

  private static final String[] SCORES = {
    "score", "_score", "relevance_score", "relevanceScore", "similarity", "similarity_score"
  };

  private RetrievalDocuments() {}

  /** The documents as a list; null if there are none. */
  static @Nullable Value<?> read(Json source) {
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

  /** Whether this is a list of documents just as they are written, ids and scores aside. */
  public static boolean conforms(Json json) {
    if (!json.isArray()) {
      return false;
    }
    for (Json document : json) {
      if (!document.isObject()) {
        return false;
      }
    }
    return true;
  }

  /**
   * The documents, each with an id and a score, which readers of v1.41's schema require: they drop
   * all documents for one that has none. Where no id is known, it is the position, from 0. Where no
   * score is known, it is 0 and {@code score_known} says that it is none. The same value if nothing
   * is missing.
   */
  public static Value<?> complete(Json documents) {
    List<Value<?>> complete = new ArrayList<>(documents.size());
    boolean changed = false;
    for (Json document : documents) {
      Json whole = document;
      if (!whole.get("id").isText()) {
        Json id = id(whole);
        String position = String.valueOf(complete.size());
        whole = Json.of(whole.with("id", Value.of(id.isPresent() ? id.asText() : position)));
      }
      if (!whole.get("score").isNumber()) {
        Double score = score(whole);
        whole = Json.of(whole.with("score", Value.of(score == null ? 0.0 : score)));
        if (score == null) {
          whole = Json.of(whole.with("score_known", Value.of(false)));
        }
      }
      changed |= whole != document;
      complete.add(whole.value());
    }
    return changed ? Value.of(complete) : documents.value();
  }

  private static Json id(Json document) {
    for (Json holder : List.of(document, document.get("metadata").unwrapOrSelf())) {
      Json id = holder.first(IDS);
      if (Scalars.text(id) != null) {
        return id;
      }
    }
    return Json.ABSENT;
  }

  /** A number where more is better; null if there is none. */
  private static @Nullable Double score(Json document) {
    for (Json holder : List.of(document, document.get("metadata").unwrapOrSelf())) {
      for (String name : SCORES) {
        Double score = Scalars.number(holder.get(name));
        if (score != null) {
          return score;
        }
      }
    }
    return null;
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
    Double score = Scalars.number(document.get("score"));
    if (score != null) {
      read.put("score", Value.of(score));
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
