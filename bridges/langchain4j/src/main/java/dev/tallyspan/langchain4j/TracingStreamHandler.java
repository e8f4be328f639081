package dev.tallyspan.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.tallyspan.api.ChatCall;
import dev.tallyspan.api.Delta;
import dev.tallyspan.api.GenAi;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/** Records what arrives, and passes it on with the call as the current span. */
final class TracingStreamHandler implements StreamingChatResponseHandler {

  private final GenAi genAi;
  private final StreamingChatResponseHandler handler;
  private final ChatCall call;
  private final @Nullable ModelProvider provider;
  private final @Nullable Invocation invocation;

  /**
   * @param invocation the AI service's that the call belongs to; null if there is none
   */
  TracingStreamHandler(
      GenAi genAi,
      StreamingChatResponseHandler handler,
      ChatCall call,
      @Nullable ModelProvider provider,
      @Nullable Invocation invocation) {
    this.genAi = genAi;
    this.handler = handler;
    this.call = call;
    this.provider = provider;
    this.invocation = invocation;
  }

  @Override
  public void onPartialResponse(String partialResponse) {
    call.chunk(Delta.text(partialResponse));
    handler.onPartialResponse(partialResponse);
  }

  @Override
  public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
    call.chunk(Delta.text(partial.text()));
    handler.onPartialResponse(
        partial, new PartialResponseContext(new Handle(context.streamingHandle())));
  }

  @Override
  public void onPartialThinking(PartialThinking partial) {
    call.chunk(Delta.reasoning(partial.text()));
    handler.onPartialThinking(partial);
  }

  @Override
  public void onPartialThinking(PartialThinking partial, PartialThinkingContext context) {
    call.chunk(Delta.reasoning(partial.text()));
    handler.onPartialThinking(
        partial, new PartialThinkingContext(new Handle(context.streamingHandle())));
  }

  @Override
  public void onPartialToolCall(PartialToolCall partial) {
    call.chunk(delta(partial));
    handler.onPartialToolCall(partial);
  }

  @Override
  public void onPartialToolCall(PartialToolCall partial, PartialToolCallContext context) {
    call.chunk(delta(partial));
    handler.onPartialToolCall(
        partial, new PartialToolCallContext(new Handle(context.streamingHandle())));
  }

  @Override
  public void onCompleteToolCall(CompleteToolCall complete) {
    // Some models send tool calls whole. The response has them again: only the time counts here.
    call.chunk();
    handler.onCompleteToolCall(complete);
  }

  @Override
  public void onUnmappedRawEvent(Object rawEvent) {
    handler.onUnmappedRawEvent(rawEvent);
  }

  @Override
  @SuppressWarnings("try") // the scope is only closed
  public void onCompleteResponse(ChatResponse response) {
    genAi.guard().run(() -> ChatRecording.response(genAi, call, provider, response));
    call.end();
    try (Scope scope = follower()) {
      handler.onCompleteResponse(response);
    }
  }

  @Override
  @SuppressWarnings("try") // the scope is only closed
  public void onError(Throwable error) {
    call.fail(error).close();
    try (Scope scope = follower()) {
      handler.onError(error);
    } finally {
      if (invocation != null) {
        invocation.broken(error);
      }
    }
  }

  /**
   * The tools and calls that follow in the same callback belong to the invocation of the AI
   * service, if there is one.
   */
  private Scope follower() {
    return invocation == null ? Scope.noop() : invocation.makeCurrent();
  }

  private static Delta delta(PartialToolCall partial) {
    return Delta.toolCall(
        partial.index(), partial.id(), partial.name(), partial.partialArguments());
  }

  /** The handle of the model, which ends the span if the application cancels the call. */
  private final class Handle implements StreamingHandle {
    private final StreamingHandle handle;

    Handle(StreamingHandle handle) {
      this.handle = handle;
    }

    @Override
    public void cancel() {
      try {
        handle.cancel();
      } finally {
        // No callback follows a cancellation.
        call.close();
        if (invocation != null) {
          invocation.abandoned();
        }
      }
    }

    @Override
    public boolean isCancelled() {
      return handle.isCancelled();
    }
  }
}
