package dev.tallyspan.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageType;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.service.AiServices;
import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.HostileTelemetry;
import dev.tallyspan.bridges.testkit.Traces;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever fails while recording, the model is called and its answer arrives. */
class HostileTest {

  private final Traces traces = new Traces();

  @AfterEach
  void close() {
    traces.close();
  }

  interface Assistant {
    String answer(String question);
  }

  private static final ContentCapture THROWS =
      kind -> {
        throw new AssertionError("hostile");
      };

  /** Parameters that cannot be read. */
  private static final class Unreadable extends DefaultChatRequestParameters {
    Unreadable() {
      super(ChatRequestParameters.builder());
    }

    @Override
    public List<String> stopSequences() {
      throw new IllegalStateException("hostile");
    }

    @Override
    public ChatRequestParameters overrideWith(ChatRequestParameters parameters) {
      return this;
    }
  }

  private record Model(
      ChatModelListener listener, ChatRequestParameters parameters, ChatResponse response)
      implements ChatModel {
    @Override
    public ChatResponse doChat(ChatRequest request) {
      return response;
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
      return parameters;
    }

    @Override
    public List<ChatModelListener> listeners() {
      return List.of(listener);
    }

    @Override
    public ModelProvider provider() {
      return ModelProvider.OPEN_AI;
    }
  }

  private static ChatResponse response() {
    return ChatResponse.builder().aiMessage(AiMessage.from("Hi!")).build();
  }

  private Model model(GenAi genAi, ChatRequestParameters parameters, ChatResponse response) {
    return new Model(TallyspanLangChain4j.chatModelListener(genAi), parameters, response);
  }

  @Test
  void contentCaptureThatThrows() {
    GenAi genAi = GenAi.builder(traces.openTelemetry()).content(THROWS).build();
    Assistant assistant =
        TallyspanAiServices.build(
            genAi,
            AiServices.builder(Assistant.class)
                .chatModel(model(genAi, ChatRequestParameters.builder().build(), response())));

    assertThat(assistant.answer("Hello")).isEqualTo("Hi!");

    assertThat(traces.all()).hasSize(2);
    assertThat(genAi.faults()).isPositive();
    Traces.nothingIsCurrent();
  }

  @Test
  void aTracerThatThrows() {
    GenAi genAi = GenAi.create(HostileTelemetry.BROKEN);
    Assistant assistant =
        TallyspanAiServices.build(
            genAi,
            AiServices.builder(Assistant.class)
                .chatModel(model(genAi, ChatRequestParameters.builder().build(), response())));

    assertThat(assistant.answer("Hello")).isEqualTo("Hi!");
    Traces.nothingIsCurrent();
  }

  @Test
  void parametersThatThrow() {
    GenAi genAi = traces.genAi();
    Model model = model(genAi, new Unreadable(), response());

    assertThat(model.chat("Hello")).isEqualTo("Hi!");
    assertThat(traces.all()).isEmpty();
    assertThat(genAi.faults()).isEqualTo(1);
  }

  private static ChatMessage unreadable() {
    return new SystemMessage("Hello") {
      @Override
      public String text() {
        throw new IllegalStateException("hostile");
      }
    };
  }

  @Test
  void aMessageThatThrowsIsLeftOut() {
    GenAi genAi = traces.genAi();

    model(genAi, ChatRequestParameters.builder().modelName("m").build(), response())
        .chat(unreadable());

    assertThat(Traces.text(traces.only(), "gen_ai.output.messages")).contains("Hi!");
    assertThat(genAi.faults()).isEqualTo(1);
  }

  @Test
  void messagesAreNotReadIfTheyAreNotCaptured() {
    GenAi genAi = GenAi.create(traces.openTelemetry());

    model(genAi, ChatRequestParameters.builder().modelName("m").build(), response())
        .chat(unreadable());

    assertThat(traces.all()).hasSize(1);
    assertThat(genAi.faults()).isZero();
  }

  @Test
  void parametersOfAStreamThatThrow() {
    StreamingChatModel model =
        new StreamingChatModel() {
          @Override
          public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            handler.onCompleteResponse(response());
          }

          @Override
          public ChatRequestParameters defaultRequestParameters() {
            return new Unreadable();
          }
        };
    CompletableFuture<ChatResponse> answer = new CompletableFuture<>();

    TallyspanLangChain4j.wrap(traces.genAi(), model)
        .chat(
            "Hello",
            new StreamingChatResponseHandler() {
              @Override
              public void onCompleteResponse(ChatResponse response) {
                answer.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                answer.completeExceptionally(error);
              }
            });

    assertThat(answer.join().aiMessage().text()).isEqualTo("Hi!");
    assertThat(traces.all()).isEmpty();
  }

  @Test
  void usageThatThrowsCostsTheUsageAlone() {
    TokenUsage usage =
        new TokenUsage(1, 2) {
          @Override
          public Integer outputTokenCount() {
            throw new IllegalStateException("hostile");
          }
        };
    ChatResponse response =
        ChatResponse.builder()
            .aiMessage(AiMessage.from("Hi!"))
            .metadata(ChatResponseMetadata.builder().id("r-1").tokenUsage(usage).build())
            .build();

    model(traces.genAi(), ChatRequestParameters.builder().modelName("m").build(), response)
        .chat("Hello");

    assertThat(Traces.text(traces.only(), "gen_ai.response.id")).isEqualTo("r-1");
    assertThat(Traces.text(traces.only(), "gen_ai.output.messages")).contains("Hi!");
    assertThat(Traces.count(traces.only(), "gen_ai.usage.output_tokens")).isNull();
  }

  @Test
  void aMessageOfAnUnknownTypeIsLeftOut() {
    ChatMessage unknown = () -> ChatMessageType.CUSTOM;

    model(traces.genAi(), ChatRequestParameters.builder().modelName("m").build(), response())
        .chat(unknown, UserMessage.from("Hello"));

    assertThat(Traces.text(traces.only(), "gen_ai.input.messages")).contains("Hello");
  }
}
