package dev.tallyspan.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.listener.ContentRetrieverErrorContext;
import dev.langchain4j.rag.content.retriever.listener.ContentRetrieverListener;
import dev.langchain4j.rag.content.retriever.listener.ContentRetrieverRequestContext;
import dev.langchain4j.rag.content.retriever.listener.ContentRetrieverResponseContext;
import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.api.Document;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import dev.tallyspan.api.RetrievalCall;
import io.opentelemetry.api.common.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the span in the attributes that LangChain4j passes from the request to its response, and
 * makes it current in between, so that the embedding of the query is its child: a retriever runs on
 * one thread.
 */
final class TracingRetrieverListener implements ContentRetrieverListener {

  private final GenAi genAi;
  private final Guard guard;

  TracingRetrieverListener(GenAi genAi) {
    this.genAi = genAi;
    guard = genAi.guard();
  }

  @Override
  public void onRequest(ContentRetrieverRequestContext context) {
    guard.run(
        () ->
            context
                .attributes()
                .put(
                    this,
                    genAi
                        .retrieval(null)
                        .query(context.query().text())
                        .parent(Invocations.parentOf(context.query()))
                        .start()));
  }

  @Override
  public void onResponse(ContentRetrieverResponseContext context) {
    guard.run(
        () -> {
          if (context.attributes().remove(this) instanceof RetrievalCall call) {
            try {
              if (genAi.captures(Kind.DOCUMENTS)) {
                call.documents(context.contents().stream().map(it -> document(it)).toList());
              }
            } finally {
              call.end();
            }
          }
        });
  }

  @Override
  public void onError(ContentRetrieverErrorContext context) {
    guard.run(
        () -> {
          if (context.attributes().remove(this) instanceof RetrievalCall call) {
            call.fail(context.error()).close();
          }
        });
  }

  private static Document document(Content content) {
    Map<ContentMetadata, Object> metadata = content.metadata();
    TextSegment segment = content.textSegment();
    Object score = metadata.get(ContentMetadata.RERANKED_SCORE);
    if (score == null) {
      score = metadata.get(ContentMetadata.SCORE);
    }
    return new Document(
        text(metadata.get(ContentMetadata.EMBEDDING_ID)),
        segment == null ? null : segment.text(),
        score instanceof Number number ? number.doubleValue() : null,
        segment == null ? Map.of() : members(segment.metadata().toMap()));
  }

  private static Map<String, Value<?>> members(Map<String, Object> metadata) {
    Map<String, Value<?>> members = new LinkedHashMap<>();
    metadata.forEach(
        (key, value) -> {
          if (value instanceof Integer || value instanceof Long) {
            members.put(key, Value.of(((Number) value).longValue()));
          } else if (value instanceof Number number) {
            members.put(key, Value.of(number.doubleValue()));
          } else if (value != null) {
            members.put(key, Value.of(value.toString()));
          }
        });
    return members;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
