package dev.tallyspan.langchain4j;

import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.tallyspan.api.ChatCall;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the span in the attributes that LangChain4j passes from the request to its response. */
final class TracingChatListener implements ChatModelListener {

  /** An attribute of calls that {@link TracingStreamingModel} traces. */
  static final Object TRACED = new Object();

  private final GenAi genAi;
  private final Guard guard;
  private final Object key = new Object();

  TracingChatListener(GenAi genAi) {
    this.genAi = genAi;
    guard = genAi.guard();
  }

  @Override
  public void onRequest(ChatModelRequestContext context) {
    guard.run(
        () -> {
          Map<Object, Object> attributes = context.attributes();
          // A second listener, or the same one given twice, must not trace the call again.
          if (attributes.putIfAbsent(TRACED, key) == null) {
            attributes.put(
                key,
                ChatRecording.request(genAi, context.modelProvider(), context.chatRequest())
                    .startDetached());
          }
        });
  }

  @Override
  public void onResponse(ChatModelResponseContext context) {
    guard.run(
        () -> {
          ChatCall call = take(context.attributes());
          if (call != null) {
            try {
              ChatRecording.response(genAi, call, context.modelProvider(), context.chatResponse());
            } finally {
              call.end();
            }
          }
        });
  }

  @Override
  public void onError(ChatModelErrorContext context) {
    guard.run(
        () -> {
          ChatCall call = take(context.attributes());
          if (call != null) {
            call.fail(context.error()).close();
          }
        });
  }

  private @Nullable ChatCall take(Map<Object, Object> attributes) {
    return attributes.remove(key) instanceof ChatCall call ? call : null;
  }
}
