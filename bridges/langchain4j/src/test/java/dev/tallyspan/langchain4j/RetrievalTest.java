package dev.tallyspan.langchain4j;

import static dev.tallyspan.bridges.testkit.Traces.count;
import static dev.tallyspan.bridges.testkit.Traces.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.OpenAiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetrievalTest {

  private final Traces traces = new Traces();
  private final FakeProvider provider = new FakeProvider();
  private final GenAi genAi = traces.genAi();

  @AfterEach
  void close() {
    provider.close();
    traces.close();
  }

  private EmbeddingModel embeddings() {
    return OpenAiEmbeddingModel.builder()
        .baseUrl(provider.baseUrl())
        .apiKey("none")
        .modelName("text-embedding-3-small")
        .maxRetries(0)
        .build()
        .addListener(TallyspanLangChain4j.embeddingModelListener(genAi));
  }

  @Test
  void embeddingsAreASpanWithTokensAndCost() {
    provider.answersJson(OpenAiPayloads.EMBEDDINGS);

    embeddings().embed("Paris");

    SpanData span = traces.only();
    assertThat(span.getName()).isEqualTo("embeddings text-embedding-3-small");
    assertThat(text(span, "gen_ai.provider.name")).isEqualTo("openai");
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(8191);
    assertThat(count(span, "gen_ai.embeddings.dimension.count")).isEqualTo(2);
    assertThat(text(span, "tallyspan.cost.status")).isEqualTo("priced");
    assertThat(span.getAttributes().toString()).doesNotContain("Paris");
  }

  @Test
  void anErrorFailsTheSpanOfEmbeddings() {
    provider.answersError(429, OpenAiPayloads.RATE_LIMIT);

    assertThatThrownBy(() -> embeddings().embed("Paris")).isInstanceOf(RuntimeException.class);

    assertThat(text(traces.only(), "error.type")).contains("RateLimitException");
  }

  @Test
  void aSearchHasItsQueryItsDocumentsAndTheEmbeddingBelowIt() {
    provider.answersJson(OpenAiPayloads.EMBEDDINGS);
    InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
    store.add(
        Embedding.from(new float[] {0.6f, 0.8f}),
        TextSegment.from("Paris is sunny.", Metadata.from("source", "guide.txt")));
    ContentRetriever retriever =
        EmbeddingStoreContentRetriever.builder()
            .embeddingStore(store)
            .embeddingModel(embeddings())
            .build()
            .addListener(TallyspanLangChain4j.contentRetrieverListener(genAi));

    assertThat(retriever.retrieve(Query.from("Weather?"))).hasSize(1);

    SpanData search = traces.named("retrieval");
    assertThat(text(search, "gen_ai.retrieval.query.text")).isEqualTo("Weather?");
    assertThat(text(search, "gen_ai.retrieval.documents"))
        .contains("Paris is sunny.", "\"score\":", "\"id\":", "guide.txt");
    assertThat(traces.named("embeddings text-embedding-3-small").getParentSpanId())
        .isEqualTo(search.getSpanId());
  }

  @Test
  void aSearchThatFailsLeavesNothingCurrent() {
    ContentRetriever broken =
        query -> {
          throw new IllegalStateException("broken");
        };

    assertThatThrownBy(
            () ->
                broken
                    .addListener(TallyspanLangChain4j.contentRetrieverListener(genAi))
                    .retrieve(Query.from("Weather?")))
        .isInstanceOf(IllegalStateException.class);

    assertThat(text(traces.only(), "error.type")).isEqualTo(IllegalStateException.class.getName());
    Traces.nothingIsCurrent();
  }
}
