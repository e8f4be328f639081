package dev.tallyspan.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/*
 * LangChain4j says before and after a tool runs, on the thread that runs it, but not if it threw. So
 * what is opened before may never be closed by what comes after. It is closed then when the service
 * returns on the same thread, and, if the tool ran on a thread of a pool, when the next tool starts
 * there.
 */
/** The tools that run on this thread, and are its current spans. */
final class ToolScopes {

  private static final ThreadLocal<@Nullable ToolScopes> TOP = new ThreadLocal<>();

  private final @Nullable ToolScopes below;
  private final ToolExecutionRequest request;
  private final Invocation invocation;
  private final OpenTool tool;
  private final Scope scope;

  private ToolScopes(
      @Nullable ToolScopes below,
      ToolExecutionRequest request,
      Invocation invocation,
      OpenTool tool) {
    this.below = below;
    this.request = request;
    this.invocation = invocation;
    this.tool = tool;
    scope = tool.run().makeCurrent();
  }

  static void open(ToolExecutionRequest request, Invocation invocation, OpenTool tool) {
    closeLeftOvers();
    TOP.set(new ToolScopes(TOP.get(), request, invocation, tool));
  }

  /** The tool that runs for this request; null if there is none. No longer current afterwards. */
  static @Nullable OpenTool close(ToolExecutionRequest request) {
    ToolScopes top = TOP.get();
    while (top != null) {
      pop(top);
      if (top.request == request) {
        top.invocation.remove(top.tool);
        return top.tool;
      }
      top = top.below;
    }
    return null;
  }

  /** Closes those whose invocation has ended. */
  static void closeLeftOvers() {
    for (ToolScopes top = TOP.get(); top != null && top.invocation.ended(); top = top.below) {
      pop(top);
    }
  }

  private static void pop(ToolScopes top) {
    top.tool.guard().run(top.scope::close);
    if (top.below == null) {
      TOP.remove();
    } else {
      TOP.set(top.below);
    }
  }
}
