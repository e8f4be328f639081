package dev.tallyspan.langchain4j;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.rag.content.retriever.listener.ContentRetrieverListener;
import dev.tallyspan.api.GenAi;

/**
 * Traces LangChain4j's models and content retrievers.
 *
 * <pre>{@code
 * ChatModel model = OpenAiChatModel.builder()
 *     .listeners(List.of(TallyspanLangChain4j.chatModelListener(genAi)))
 *     ...
 * StreamingChatModel streaming = TallyspanLangChain4j.wrap(genAi, streamingModel);
 * }</pre>
 *
 * <p>What is returned never throws into the application, except what the model itself throws.
 */
public final class TallyspanLangChain4j {

  private TallyspanLangChain4j() {}

  /**
   * Creates a listener of chat models. For streaming models, {@link #wrap} records more.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @return a listener for any number of models, which writes a span for each call
   * @throws NullPointerException if {@code genAi} is null
   */
  public static ChatModelListener chatModelListener(GenAi genAi) {
    return new TracingChatListener(requireNonNull(genAi, "genAi"));
  }

  /**
   * Creates a listener of embedding models.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @return a listener for any number of models, which writes a span for each call
   * @throws NullPointerException if {@code genAi} is null
   */
  public static EmbeddingModelListener embeddingModelListener(GenAi genAi) {
    return new TracingEmbeddingListener(requireNonNull(genAi, "genAi"));
  }

  /**
   * Creates a listener of content retrievers.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @return a listener for any number of retrievers, which writes a span for each search
   * @throws NullPointerException if {@code genAi} is null
   */
  public static ContentRetrieverListener contentRetrieverListener(GenAi genAi) {
    return new TracingRetrieverListener(requireNonNull(genAi, "genAi"));
  }

  /**
   * Traces a streaming model: a span for each call, with the time to the first chunk. A call that
   * is cancelled through the handle that LangChain4j passes with a partial response ends its span,
   * which a listener would not see. Listeners of {@link #chatModelListener} on the same model write
   * no second span.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @param model is not changed
   * @return a model that throws what the given one throws
   * @throws NullPointerException if an argument is null
   */
  public static StreamingChatModel wrap(GenAi genAi, StreamingChatModel model) {
    return new TracingStreamingModel(
        requireNonNull(genAi, "genAi"), requireNonNull(model, "model"));
  }
}
