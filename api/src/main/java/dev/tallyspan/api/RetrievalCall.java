package dev.tallyspan.api;

import dev.tallyspan.api.ContentCapture.Kind;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A search for documents that has started. */
public final class RetrievalCall extends Operation<RetrievalCall> {

  RetrievalCall(OperationBuilder.Started started) {
    super(started, started.parent().with(started.span()));
  }

  void writeQuery(@Nullable String query) {
    record(() -> tracing.content().text(span, "gen_ai.retrieval.query.text", Kind.QUERY, query));
  }

  /**
   * Sets the documents that were found, the most relevant first.
   *
   * @param documents content, see {@link ContentCapture.Kind#DOCUMENTS}; null elements are left out
   * @return this
   */
  public RetrievalCall documents(@Nullable Document @Nullable ... documents) {
    return documents == null ? this : documents(Arrays.asList(documents));
  }

  /**
   * Sets the documents that were found, the most relevant first.
   *
   * @param documents content, see {@link ContentCapture.Kind#DOCUMENTS}; null elements are left out
   * @return this
   */
  public RetrievalCall documents(@Nullable Collection<? extends @Nullable Document> documents) {
    return record(
        () -> {
          if (documents == null || !span.isRecording()) {
            return;
          }
          List<Value<?>> values = new ArrayList<>(documents.size());
          for (Document document : documents) {
            if (document != null) {
              values.add(document.toValue());
            }
          }
          tracing
              .content()
              .value(span, "gen_ai.retrieval.documents", Kind.DOCUMENTS, Value.of(values));
        });
  }

  @Override
  void measure(Instruments instruments, double seconds) {
    instruments.operation(seconds, facts, context());
  }
}
