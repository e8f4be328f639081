package dev.tallyspan.langchain4j;

import dev.tallyspan.api.AgentRun;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * An invocation of an AI service: its span, and the tools that run in it. Ends once; safe for use
 * by the threads that tools and streams run on.
 */
final class Invocation {

  private final AgentRun run;
  private final List<OpenTool> tools = new ArrayList<>();
  private boolean streaming;
  private boolean ended;

  Invocation(AgentRun run) {
    this.run = run;
  }

  AgentRun run() {
    return run;
  }

  Context context() {
    return run.context();
  }

  Scope makeCurrent() {
    return run.makeCurrent();
  }

  /** The service has returned a stream: the end is no longer seen by who called it. */
  synchronized void returnedStream() {
    streaming = true;
  }

  /** Does nothing if the invocation has ended: its tools are no longer recorded. */
  synchronized void add(OpenTool tool) {
    if (!ended) {
      tools.add(tool);
    }
  }

  synchronized void remove(OpenTool tool) {
    tools.remove(tool);
  }

  synchronized boolean ended() {
    return ended;
  }

  void complete() {
    if (end()) {
      run.end();
    }
  }

  void failed(Throwable error) {
    if (end()) {
      run.fail(error).close();
    }
  }

  /** A streamed call failed. If errors are ignored, the service reports nothing after it. */
  void broken(Throwable error) {
    if (isStreaming()) {
      failed(error);
    }
  }

  /** The stream was cancelled: nothing follows. */
  void abandoned() {
    if (isStreaming() && end()) {
      run.close();
    }
  }

  private synchronized boolean isStreaming() {
    return streaming;
  }

  private boolean end() {
    List<OpenTool> open;
    synchronized (this) {
      if (ended) {
        return false;
      }
      ended = true;
      open = List.copyOf(tools);
      tools.clear();
    }
    // A tool that is still open has thrown: LangChain4j reports no end of it.
    open.forEach(OpenTool::interrupted);
    return true;
  }
}
