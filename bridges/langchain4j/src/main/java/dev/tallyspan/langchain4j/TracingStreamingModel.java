package dev.tallyspan.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.tallyspan.api.ChatCall;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import io.opentelemetry.context.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model that traces the calls of another one. */
final class TracingStreamingModel implements StreamingChatModel {

  private final GenAi genAi;
  private final Guard guard;
  private final StreamingChatModel model;

  TracingStreamingModel(GenAi genAi, StreamingChatModel model) {
    this.genAi = genAi;
    guard = genAi.guard();
    this.model = model;
  }

  @Override
  public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
    chat(request, ChatRequestOptions.EMPTY, handler);
  }

  @Override
  @SuppressWarnings("try") // the scope is only closed
  public void chat(
      ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
    Invocation invocation = guard.get(() -> Invocations.ownerOf(request));
    ChatCall call = guard.get(() -> start(request));
    if (call == null) {
      callModel(request, options, handler);
      return;
    }
    try (Scope scope = call.makeCurrent()) {
      callModel(
          request,
          model.listeners().isEmpty() ? options : traced(options),
          new TracingStreamHandler(genAi, handler, call, model.provider(), invocation));
    } catch (Throwable t) {
      call.fail(t).close();
      throw t;
    }
  }

  /** A model of one's own may have the method without options alone. */
  private void callModel(
      ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
    if (options == ChatRequestOptions.EMPTY) {
      model.chat(request, handler);
    } else {
      model.chat(request, options, handler);
    }
  }

  private ChatCall start(ChatRequest request) {
    ChatRequest whole =
        ChatRequest.builder()
            .messages(request.messages())
            .parameters(model.defaultRequestParameters().overrideWith(request.parameters()))
            .build();
    return ChatRecording.request(genAi, model.provider(), whole).startStream();
  }

  /** Tells listeners of this bridge that the call is traced. */
  private static ChatRequestOptions traced(ChatRequestOptions options) {
    Map<Object, Object> attributes = new LinkedHashMap<>();
    if (options != null) {
      attributes.putAll(options.listenerAttributes());
    }
    attributes.put(TracingChatListener.TRACED, Boolean.TRUE);
    return ChatRequestOptions.builder().listenerAttributes(attributes).build();
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    model.doChat(request, handler);
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return model.defaultRequestParameters();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return model.listeners();
  }

  @Override
  public ModelProvider provider() {
    return model.provider();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return model.supportedCapabilities();
  }
}
