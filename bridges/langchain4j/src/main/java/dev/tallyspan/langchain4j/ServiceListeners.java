package dev.tallyspan.langchain4j;

import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.observability.api.event.AiServiceStartedEvent;
import dev.langchain4j.observability.api.listener.AiServiceCompletedListener;
import dev.langchain4j.observability.api.listener.AiServiceErrorListener;
import dev.langchain4j.observability.api.listener.AiServiceRequestIssuedListener;
import dev.langchain4j.observability.api.listener.AiServiceStartedListener;
import dev.langchain4j.service.AiServiceContext;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.memory.ChatMemoryService;
import dev.langchain4j.service.tool.BeforeToolExecution;
import dev.langchain4j.service.tool.ToolExecution;
import dev.langchain4j.service.tool.ToolService;
import dev.tallyspan.api.AgentBuilder;
import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import dev.tallyspan.semconv.Message;
import java.lang.reflect.Field;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records the events of an AI service. */
final class ServiceListeners {

  private final GenAi genAi;
  private final Guard guard;

  private ServiceListeners(GenAi genAi) {
    this.genAi = genAi;
    guard = genAi.guard();
  }

  static void register(GenAi genAi, AiServices<?> services) {
    ServiceListeners listeners = new ServiceListeners(genAi);
    Guard guard = listeners.guard;
    services.registerListeners(
        (AiServiceStartedListener) event -> guard.run(() -> listeners.started(event)),
        (AiServiceRequestIssuedListener)
            event ->
                guard.run(
                    () ->
                        Invocations.announce(
                            event.invocationContext().invocationId(), event.request())),
        (AiServiceCompletedListener)
            event ->
                guard.run(
                    () ->
                        listeners.completed(
                            event.invocationContext(), event.result().orElse(null))),
        (AiServiceErrorListener)
            event -> guard.run(() -> failed(event.invocationContext(), event.error())));
    guard.run(() -> listeners.registerForTools(services));
  }

  /**
   * A builder has room for one consumer and does not show the one that it has; its tool service
   * does. Consumers that the application has set are kept.
   */
  private void registerForTools(AiServices<?> services) {
    ToolService tools = toolService(services);
    if (tools != null) {
      Consumer<BeforeToolExecution> before = event -> guard.run(() -> toolStarted(event));
      Consumer<ToolExecution> after = event -> guard.run(() -> toolFinished(event));
      tools.beforeToolExecution(
          tools.beforeToolExecution() == null
              ? before
              : before.andThen(tools.beforeToolExecution()));
      tools.afterToolExecution(
          tools.afterToolExecution() == null ? after : after.andThen(tools.afterToolExecution()));
    }
  }

  private static @Nullable ToolService toolService(AiServices<?> services) {
    try {
      Field context = AiServices.class.getDeclaredField("context");
      context.setAccessible(true);
      return ((AiServiceContext) context.get(services)).toolService;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void started(AiServiceStartedEvent event) {
    InvocationContext context = event.invocationContext();
    AgentBuilder agent =
        genAi.agent(simpleName(context.interfaceName())).conversation(conversation(context));
    if (context.defaultRequestParameters() != null) {
      agent.model(context.defaultRequestParameters().modelName());
    }
    event.systemMessage().ifPresent(system -> agent.system(system.text()));
    if (genAi.captures(Kind.INPUT_MESSAGES)) {
      agent.input(ChatMessages.message(event.userMessage()));
    }
    Invocation invocation = new Invocation(agent.startDetached());
    Invocations.add(context.invocationId(), invocation);
    ServiceFrame.started(invocation);
  }

  private void completed(InvocationContext context, @Nullable Object result) {
    Invocation invocation = Invocations.get(context.invocationId());
    if (invocation != null) {
      Invocations.remove(context.invocationId());
      if (genAi.captures(Kind.OUTPUT_MESSAGES)) {
        guard.run(() -> invocation.run().output(message(result)));
      }
      invocation.complete();
    }
  }

  private static void failed(InvocationContext context, Throwable error) {
    Invocation invocation = Invocations.get(context.invocationId());
    if (invocation != null) {
      Invocations.remove(context.invocationId());
      invocation.failed(error);
    }
  }

  private void toolStarted(BeforeToolExecution event) {
    Invocation invocation = Invocations.get(event.invocationContext().invocationId());
    if (invocation != null) {
      OpenTool tool =
          new OpenTool(
              genAi
                  .tool(event.request().name())
                  .type("function")
                  .callId(event.request().id())
                  .arguments(event.request().arguments())
                  .parent(invocation.context())
                  .startDetached(),
              guard);
      invocation.add(tool);
      ToolScopes.open(event.request(), invocation, tool);
    }
  }

  private static void toolFinished(ToolExecution execution) {
    OpenTool tool = ToolScopes.close(execution.request());
    if (tool != null) {
      tool.finished(execution);
    }
  }

  private static @Nullable Message message(@Nullable Object result) {
    Object content = result instanceof Result<?> whole ? whole.content() : result;
    if (content instanceof ChatResponse response) {
      return ChatMessages.message(response.aiMessage());
    }
    return content == null ? null : Message.assistant(content.toString());
  }

  private static @Nullable String conversation(InvocationContext context) {
    Object memory = context.chatMemoryId();
    return memory == null || ChatMemoryService.DEFAULT.equals(memory) ? null : memory.toString();
  }

  private static @Nullable String simpleName(@Nullable String className) {
    return className == null
        ? null
        : className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
  }
}
