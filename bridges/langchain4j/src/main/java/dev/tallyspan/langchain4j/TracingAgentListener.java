package dev.tallyspan.langchain4j;

import dev.langchain4j.agentic.observability.AfterAgentToolExecution;
import dev.langchain4j.agentic.observability.AgentInvocationError;
import dev.langchain4j.agentic.observability.AgentListener;
import dev.langchain4j.agentic.observability.AgentRequest;
import dev.langchain4j.agentic.observability.AgentResponse;
import dev.langchain4j.agentic.observability.BeforeAgentToolExecution;
import dev.langchain4j.agentic.planner.AgentInstance;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.service.tool.BeforeToolExecution;
import dev.tallyspan.api.AgentBuilder;
import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import dev.tallyspan.semconv.Message;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * An agent begins and ends on one thread, and its span is current in between. Agents below it may
 * run on other threads, where nothing is current: their parent is found by the scope that they
 * share and the agent that LangChain4j says they belong to.
 */
/** Writes a span for each agent and each tool. */
final class TracingAgentListener implements AgentListener {

  /** An agent that runs on this thread. */
  private record Frame(
      @Nullable Frame below,
      AgenticScope scope,
      String agentId,
      Invocation invocation,
      Scope current) {}

  private final GenAi genAi;
  private final Guard guard;
  private final ThreadLocal<@Nullable Frame> top = new ThreadLocal<>();

  /** What runs in each scope, by the id of the agent. */
  private final Map<AgenticScope, Map<String, Invocation>> running =
      Collections.synchronizedMap(new WeakHashMap<>());

  TracingAgentListener(GenAi genAi) {
    this.genAi = genAi;
    guard = genAi.guard();
  }

  @Override
  public boolean inheritedBySubagents() {
    return true;
  }

  @Override
  public void beforeAgentInvocation(AgentRequest request) {
    guard.run(
        () -> {
          AgentInstance instance = request.agent();
          AgentBuilder agent =
              genAi
                  .agent(instance.name())
                  .id(instance.agentId())
                  .description(description(instance))
                  .parent(parent(request.agenticScope(), instance));
          if (!request.inputs().isEmpty() && genAi.captures(Kind.INPUT_MESSAGES)) {
            agent.input(Message.user(request.inputs().toString()));
          }
          Invocation invocation = new Invocation(agent.startDetached());
          runningIn(request.agenticScope()).put(request.agentId(), invocation);
          top.set(
              new Frame(
                  top.get(),
                  request.agenticScope(),
                  request.agentId(),
                  invocation,
                  invocation.makeCurrent()));
        });
  }

  @Override
  public void afterAgentInvocation(AgentResponse response) {
    guard.run(
        () -> {
          Invocation invocation = leave(response.agenticScope(), response.agentId());
          if (invocation != null) {
            if (response.output() != null && genAi.captures(Kind.OUTPUT_MESSAGES)) {
              guard.run(
                  () -> invocation.run().output(Message.assistant(response.output().toString())));
            }
            invocation.complete();
          }
        });
  }

  @Override
  public void onAgentInvocationError(AgentInvocationError error) {
    guard.run(
        () -> {
          Invocation invocation = leave(error.agenticScope(), error.agentId());
          if (invocation != null) {
            invocation.failed(error.error());
          }
        });
  }

  /** The agents wait for an answer. LangChain4j does not report their end on this thread. */
  @Override
  public void onAgenticSystemSuspended(AgenticScope scope) {
    guard.run(
        () -> {
          for (Frame frame = top.get(); frame != null && frame.scope == scope; ) {
            frame.invocation.complete();
            pop(frame);
            frame = frame.below;
          }
        });
  }

  @Override
  public void beforeAgenticScopeDestroyed(AgenticScope scope) {
    guard.run(() -> running.remove(scope));
  }

  @Override
  public void beforeAgentToolExecution(BeforeAgentToolExecution event) {
    guard.run(
        () -> {
          BeforeToolExecution execution = event.toolExecution();
          Invocation invocation =
              event.agenticScope() == null
                  ? onThisThread()
                  : runningIn(event.agenticScope()).get(event.agentInstance().agentId());
          if (invocation != null) {
            OpenTool tool =
                new OpenTool(
                    genAi
                        .tool(execution.request().name())
                        .type("function")
                        .callId(execution.request().id())
                        .arguments(execution.request().arguments())
                        .parent(invocation.context())
                        .startDetached(),
                    guard);
            invocation.add(tool);
            ToolScopes.open(execution.request(), invocation, tool);
          }
        });
  }

  @Override
  public void afterAgentToolExecution(AfterAgentToolExecution event) {
    guard.run(
        () -> {
          OpenTool tool = ToolScopes.close(event.toolExecution().request());
          if (tool != null) {
            tool.finished(event.toolExecution());
          }
        });
  }

  private @Nullable Invocation onThisThread() {
    Frame frame = top.get();
    return frame == null ? null : frame.invocation;
  }

  private Map<String, Invocation> runningIn(AgenticScope scope) {
    return running.computeIfAbsent(scope, it -> new ConcurrentHashMap<>());
  }

  /** Null for the current context. */
  private @Nullable Context parent(AgenticScope scope, AgentInstance instance) {
    AgentInstance parent = instance.parent();
    Invocation above = parent == null ? null : runningIn(scope).get(parent.agentId());
    if (above == null) {
      return null;
    }
    String currentTrace = Span.current().getSpanContext().getTraceId();
    String trace = above.run().span().getSpanContext().getTraceId();
    return currentTrace.equals(trace) ? null : above.context();
  }

  private @Nullable Invocation leave(AgenticScope scope, String agentId) {
    Invocation invocation = runningIn(scope).remove(agentId);
    for (Frame frame = top.get(); frame != null; frame = frame.below) {
      if (frame.scope == scope && frame.agentId.equals(agentId)) {
        // Those above it on this thread have not been told of their end.
        for (Frame each = top.get(); each != frame && each != null; each = each.below) {
          each.invocation.complete();
          pop(each);
        }
        pop(frame);
        return frame.invocation;
      }
    }
    return invocation;
  }

  private void pop(Frame frame) {
    guard.run(frame.current::close);
    if (frame.below == null) {
      top.remove();
    } else {
      top.set(frame.below);
    }
  }

  private static @Nullable String description(AgentInstance instance) {
    String description = instance.description();
    return description == null || description.isBlank() ? null : description;
  }
}
