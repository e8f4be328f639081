package dev.tallyspan.adk;

import com.google.adk.agents.BaseAgent;
import com.google.adk.agents.CallbackContext;
import com.google.adk.agents.InvocationContext;
import com.google.adk.models.LlmRequest;
import com.google.adk.models.LlmResponse;
import com.google.adk.plugins.BasePlugin;
import com.google.adk.tools.BaseTool;
import com.google.adk.tools.ToolContext;
import com.google.genai.types.Content;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import dev.tallyspan.api.Identity;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.Operations;
import io.opentelemetry.api.trace.Span;
import io.reactivex.rxjava3.core.Maybe;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * ADK calls its plugins within the span that they are about: that of the invocation, of the agent, of
 * the model call, of the tool. So the current span is the one to complete, as long as it is the start
 * of something. A model may answer on a thread of its own, where no span is current, and while ADK
 * handles the failure of a tool, another one is. So the spans of model calls and tools are kept, in the
 * data that ADK holds for plugins as long as an invocation runs: they go with it if an answer never
 * comes.
 *
 * What a plugin writes must be something that ADK does not write itself, since ADK's own values come
 * later, when a response is there, and would replace it. The operation of a model call is such.
 */
/**
 * Adds attributes to the spans that ADK has started. Never returns a value, which would replace
 * one.
 */
final class EnrichingPlugin extends BasePlugin {

  /** What this plugin keeps in the data of an invocation: model calls and spans of tools. */
  private static final String KEY = "tallyspan.";

  private final GenAi genAi;
  private final Guard guard;

  EnrichingPlugin(GenAi genAi) {
    super("tallyspan");
    this.genAi = genAi;
    guard = genAi.guard();
  }

  @Override
  public Maybe<Content> onUserMessageCallback(InvocationContext invocation, Content message) {
    guard.run(
        () -> {
          Span span = Span.current();
          identify(span, invocation);
          span.setAttribute(GenAiAttributes.GEN_AI_OPERATION_NAME, Operations.INVOKE_WORKFLOW);
          span.setAttribute(GenAiAttributes.GEN_AI_WORKFLOW_NAME, invocation.appName());
        });
    return Maybe.empty();
  }

  @Override
  public Maybe<Content> beforeAgentCallback(BaseAgent agent, CallbackContext context) {
    guard.run(() -> identify(Span.current(), context.invocationContext()));
    return Maybe.empty();
  }

  @Override
  public Maybe<LlmResponse> beforeModelCallback(
      CallbackContext context, LlmRequest.Builder request) {
    guard.run(
        () -> {
          Span span = Span.current();
          if (!span.isRecording()) {
            return;
          }
          InvocationContext invocation = context.invocationContext();
          identify(span, invocation);
          span.setAttribute(GenAiAttributes.GEN_AI_AGENT_NAME, context.agentName());
          ModelCall call = new ModelCall(span, System.nanoTime());
          call.request(request.build(), invocation.runConfig());
          invocation.callbackContextData().put(key(context), call);
        });
    return Maybe.empty();
  }

  @Override
  public Maybe<LlmResponse> afterModelCallback(CallbackContext context, LlmResponse response) {
    guard.run(
        () -> {
          ModelCall call = call(context);
          if (call != null) {
            call.response(response, System.nanoTime());
          }
        });
    return Maybe.empty();
  }

  @Override
  public Maybe<LlmResponse> onModelErrorCallback(
      CallbackContext context, LlmRequest.Builder request, Throwable error) {
    guard.run(
        () -> {
          ModelCall call = call(context);
          if (call != null) {
            call.fail(error);
          }
        });
    return Maybe.empty();
  }

  @Override
  public Maybe<Map<String, Object>> beforeToolCallback(
      BaseTool tool, Map<String, Object> arguments, ToolContext context) {
    guard.run(
        () -> {
          Span span = Span.current();
          InvocationContext invocation = context.invocationContext();
          identify(span, invocation);
          span.setAttribute(GenAiAttributes.GEN_AI_AGENT_NAME, context.agentName());
          String id = context.functionCallId().orElse(null);
          if (id != null) {
            span.setAttribute(GenAiAttributes.GEN_AI_TOOL_CALL_ID, id);
            invocation.callbackContextData().put(KEY + id, span);
          }
        });
    return Maybe.empty();
  }

  @Override
  public Maybe<Map<String, Object>> onToolErrorCallback(
      BaseTool tool, Map<String, Object> arguments, ToolContext context, Throwable error) {
    guard.run(
        () -> {
          Map<String, Object> data = context.invocationContext().callbackContextData();
          String id = context.functionCallId().orElse(null);
          if (id != null && data.get(KEY + id) instanceof Span span) {
            Errors.record(span, error);
          }
        });
    return Maybe.empty();
  }

  /** The identity of the application comes first: its id of a user may be one to be shown. */
  private void identify(Span span, InvocationContext invocation) {
    Identity identity = genAi.identity().conversation(invocation.session().id()).build();
    span.setAllAttributes(identity.attributes());
    if (identity.user() == null && invocation.userId() != null) {
      span.setAttribute(Identity.USER_ID, invocation.userId());
    }
  }

  /** Of one call: the id of the event that it is for. */
  private static String key(CallbackContext context) {
    return KEY + context.eventId();
  }

  private static @Nullable ModelCall call(CallbackContext context) {
    Object call = context.invocationContext().callbackContextData().get(key(context));
    return call instanceof ModelCall it ? it : null;
  }
}
