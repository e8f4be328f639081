package dev.tallyspan.spring;

import dev.tallyspan.semconv.GenAiAttributes;
import io.micrometer.observation.Observation;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationContext;

/** A search in a vector store: the query, how many documents at most, and the documents. */
final class RetrievalFacts implements ObservedFacts {

  @Override
  public boolean isAbout(Observation.ContextView context) {
    return context instanceof VectorStoreObservationContext;
  }

  @Override
  public void write(Observation.Context context, ObservedSpan span) {
    VectorStoreObservationContext store = (VectorStoreObservationContext) context;
    span.restrict("db.vector.query.content");
    span.restrict("db.vector.query.response.documents");
    TypedNumbers.whole("db.vector.query.top_k", span);
    TypedNumbers.whole("db.vector.dimension_count", span);
    SearchRequest query = store.getQueryRequest();
    if (query == null) {
      return;
    }
    span.set(GenAiAttributes.GEN_AI_RETRIEVAL_TOP_K.getKey(), query.getTopK());
    if (span.takesContent()) {
      span.setContent(GenAiAttributes.GEN_AI_RETRIEVAL_QUERY_TEXT, query.getQuery());
      List<Document> documents = store.getQueryResponse();
      if (documents != null && !documents.isEmpty()) {
        span.setContent(GenAiAttributes.GEN_AI_RETRIEVAL_DOCUMENTS, values(documents));
      }
    }
  }

  private static Value<?> values(List<Document> documents) {
    List<Value<?>> values = new ArrayList<>();
    for (Document document : documents) {
      Map<String, Value<?>> members = new LinkedHashMap<>();
      members.put("id", Value.of(document.getId()));
      if (document.getScore() != null) {
        members.put("score", Value.of(document.getScore()));
      }
      if (document.getText() != null) {
        members.put("content", Value.of(document.getText()));
      }
      values.add(Value.of(members));
    }
    return Value.of(values);
  }
}
