package dev.tallyspan.langchain4j;

import dev.tallyspan.api.Guard;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A call of a traced AI service on this thread, which knows the invocation that started in it and
 * keeps its span current until the call returns.
 */
final class ServiceFrame implements AutoCloseable {

  private static final ThreadLocal<@Nullable ServiceFrame> CURRENT = new ThreadLocal<>();

  private final Guard guard;
  private final @Nullable ServiceFrame outer;
  private @Nullable Invocation invocation;
  private @Nullable Scope scope;

  private ServiceFrame(Guard guard, @Nullable ServiceFrame outer) {
    this.guard = guard;
    this.outer = outer;
  }

  static ServiceFrame enter(Guard guard) {
    ServiceFrame frame = new ServiceFrame(guard, CURRENT.get());
    CURRENT.set(frame);
    return frame;
  }

  /** An invocation has started on this thread. Does nothing if the service is not a traced one. */
  static void started(Invocation invocation) {
    ServiceFrame frame = CURRENT.get();
    if (frame != null && frame.invocation == null) {
      frame.invocation = invocation;
      frame.scope = invocation.makeCurrent();
    } else {
      invocation.returnedStream();
    }
  }

  void returned() {
    if (invocation != null) {
      // Either it has completed, or a stream was returned.
      invocation.returnedStream();
    }
  }

  void threw(Throwable error) {
    if (invocation != null) {
      invocation.failed(error);
    }
  }

  @Override
  public void close() {
    ToolScopes.closeLeftOvers();
    if (scope != null) {
      guard.run(scope::close);
    }
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }
}
