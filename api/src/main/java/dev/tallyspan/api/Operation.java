package dev.tallyspan.api;

import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/*
 * Three things can go wrong with an object that the application holds while something runs, and this
 * class is where they are handled, so that its subclasses only say what they record.
 *
 * Recording may fail: a hook of the user throws, or the SDK does. Everything that records runs in
 * record(), which catches and counts. Nothing that an application calls here throws.
 *
 * Threads. A streamed call is recorded on the threads of a client while the application may close it
 * on its own, so all state is guarded by this object. Hooks run under that lock: they get values,
 * not the operation, so there is nothing they could wait for.
 *
 * The end. It happens once; what is recorded afterwards is ignored. First the subclass writes what
 * it kept back, then the cost is determined from the facts, then metrics are recorded, then the span
 * ends, and last the scope is closed. Each is independent of the failure of the others, because a
 * span that never ends is worse than one without a cost, and a scope that stays open would give all
 * later work of the thread a wrong parent.
 *
 * A scope belongs to the thread that opened it. If the operation ends on another thread, closing the
 * scope there would do nothing, or fail with a strict context storage. It is left, and reported: the
 * application should have used startDetached().
 */
/**
 * An operation that has started. All methods may be called from any thread, and none throws. What
 * is recorded after the end is ignored, and so is null.
 *
 * <p>Exceptions do not pass through try-with-resources: record them with {@link #fail}, or use
 * {@link OperationBuilder#call}, which does.
 *
 * @param <O> the type of the operation
 */
public abstract sealed class Operation<O extends Operation<O>> implements AutoCloseable
    permits AgentRun, ChatCall, EmbeddingsCall, McpCall, RetrievalCall, ToolRun, WorkflowRun {

  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  /** How deep exceptions that only wrap another one are opened. */
  private static final int MAX_WRAPPERS = 8;

  final Tracing tracing;
  final Facts facts;
  final Span span;
  private final Context context;
  private final SpanKind kind;
  private final String name;
  private final long startEpochNanos;
  final long startNanos;
  private @Nullable Scope scope;
  private @Nullable Thread scopeThread;
  private boolean ended;
  private boolean failed;
  private @Nullable Cost cost;

  Operation(OperationBuilder.Started started, Context context) {
    tracing = started.tracing();
    facts = started.facts();
    span = started.span();
    kind = started.kind();
    name = started.name();
    this.context = context;
    startEpochNanos = tracing.time().epochNanos();
    startNanos = tracing.time().now();
  }

  @SuppressWarnings("unchecked") // O is the type of this operation
  private O self() {
    return (O) this;
  }

  /** {@return the span} Its attributes are better set by the methods of this class. */
  public final Span span() {
    return span;
  }

  /** {@return the context to start children in, see {@link OperationBuilder#parent}} */
  public final Context context() {
    return context;
  }

  /**
   * Makes the operation current on this thread, until the scope is closed.
   *
   * @return the scope; close it on this thread
   */
  public final Scope makeCurrent() {
    return context.makeCurrent();
  }

  /**
   * Sets any attribute.
   *
   * @param <T> the type of the value
   * @param key with the name and type of the attribute
   * @param value replaces one of the same name
   * @return this
   */
  public final <T> O attribute(@Nullable AttributeKey<T> key, @Nullable T value) {
    return record(
        () -> {
          if (key != null && value != null && !key.getKey().isEmpty()) {
            facts.put(key, value, span);
          }
        });
  }

  /**
   * Records that the operation failed: {@code error.type} is the class of the exception, or of its
   * cause if it only wraps one, as {@link CompletionException} does. Its message and stack trace
   * are content, see {@link ContentCapture.Kind#EXCEPTION}.
   *
   * @param thrown what the operation threw
   * @return this
   */
  public final O fail(@Nullable Throwable thrown) {
    return record(
        () -> {
          if (thrown != null) {
            failWith(unwrap(thrown));
          }
        });
  }

  /**
   * Records that the operation failed.
   *
   * @param errorType a short name of few different values: a status code, an error code of the
   *     provider, or a class
   * @return this
   */
  public final O fail(@Nullable String errorType) {
    return record(
        () -> {
          if (errorType != null && !errorType.isEmpty()) {
            failed(errorType, "");
          }
        });
  }

  private void failWith(Throwable cause) {
    String type = cause.getClass().getName();
    failed(type, "");
    String message = tracing.content().text(Kind.EXCEPTION, cause.getMessage());
    if (message != null) {
      span.setStatus(StatusCode.ERROR, message);
    }
    String stackTrace =
        span.isRecording() && tracing.content().captures(Kind.EXCEPTION)
            ? tracing.content().text(Kind.EXCEPTION, stackTrace(cause))
            : null;
    if (stackTrace != null) {
      AttributesBuilder event = Attributes.builder();
      event.put("exception.type", type).put("exception.stacktrace", stackTrace);
      if (message != null) {
        event.put("exception.message", message);
      }
      span.addEvent("exception", event.build());
    }
  }

  private static String stackTrace(Throwable cause) {
    StringWriter text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text, /* autoFlush= */ true));
    return text.toString();
  }

  final void failed(String errorType, String description) {
    failed = true;
    facts.put(ERROR_TYPE, errorType, span);
    span.setStatus(StatusCode.ERROR, description);
  }

  private static Throwable unwrap(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; i < MAX_WRAPPERS; i++) {
      Throwable inner = cause.getCause();
      boolean wraps = cause instanceof CompletionException || cause instanceof ExecutionException;
      if (!wraps || inner == null) {
        return cause;
      }
      cause = inner;
    }
    return cause;
  }

  /** Ends the operation, which is complete. Does nothing if it has ended. */
  public final void end() {
    end(/* complete= */ true);
  }

  /**
   * Ends the operation. Does nothing if it has ended. The same as {@link #end}, except that a
   * stream which is not complete counts as abandoned.
   */
  @Override
  public final void close() {
    end(/* complete= */ false);
  }

  private synchronized void end(boolean complete) {
    if (ended) {
      return;
    }
    ended = true;
    long endNanos = startNanos;
    try {
      endNanos = tracing.time().now();
      finish(complete);
    } catch (Throwable t) {
      tracing.faults().add(t);
    }
    if (tracing.costs() != null && span.isRecording()) {
      cost = price(AttributeEdits.of(span));
    }
    try {
      measure(tracing.instruments(), TimeSource.seconds(startNanos, endNanos));
    } catch (Throwable t) {
      tracing.faults().add(t);
    }
    try {
      span.end();
    } catch (Throwable t) {
      tracing.faults().add(t);
    }
    detachScope();
  }

  /**
   * Writes what was kept back until the end.
   *
   * @param complete whether the application says that the operation is complete
   */
  void finish(boolean complete) {}

  /** Records the metrics of the operation. */
  abstract void measure(Instruments instruments, double seconds);

  final synchronized boolean hasFailed() {
    return failed;
  }

  /** Runs code that records, unless the operation has ended. */
  final synchronized O record(Runnable code) {
    if (!ended) {
      try {
        code.run();
      } catch (Throwable t) {
        tracing.faults().add(t);
      }
    }
    return self();
  }

  /** Sets the attribute that the generation defines for a slot. Only called while recording. */
  final <T> void set(Slot<T> slot, @Nullable T value) {
    Attribute.put(slot, value, tracing.generation(), facts, span);
  }

  /** Writes the token counts. Only called while recording. */
  final void write(TokenUsage usage) {
    UsageAttributes.forEach(
        usage,
        tracing.generation(),
        tracing.cacheWriteNames(),
        (key, count) -> facts.put(AttributeKey.longKey(key), count, span));
  }

  /** The cost of the operation so far; null without {@link GenAi.Builder#costs}. */
  final synchronized @Nullable Cost costSoFar() {
    return ended && cost != null ? cost : price(NoEdits.INSTANCE);
  }

  private @Nullable Cost price(AttributeEdits edits) {
    CallCosts costs = tracing.costs();
    if (costs == null) {
      return null;
    }
    try {
      long endEpochNanos = startEpochNanos + Math.max(0, tracing.time().now() - startNanos);
      return costs.price(
          new OperationView(
              span.getSpanContext(), name, kind, startEpochNanos, endEpochNanos, failed, facts),
          edits);
    } catch (Throwable t) {
      tracing.faults().add(t);
      return null;
    }
  }

  final synchronized void attachScope() {
    try {
      scope = context.makeCurrent();
      scopeThread = Thread.currentThread();
    } catch (Throwable t) {
      tracing.faults().add(t);
    }
  }

  private void detachScope() {
    Scope open = scope;
    if (open == null) {
      return;
    }
    if (scopeThread != Thread.currentThread()) {
      tracing
          .faults()
          .add(
              "An operation that was started with start() ended on another thread, where its scope"
                  + " cannot be closed; use startDetached()");
      return;
    }
    try {
      open.close();
    } catch (Throwable t) {
      tracing.faults().add(t);
    }
  }
}
