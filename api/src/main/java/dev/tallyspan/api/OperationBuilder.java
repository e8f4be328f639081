package dev.tallyspan.api;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sets what is known before an operation starts, and starts it. Null is ignored. Not thread-safe;
 * may be used for more than one operation.
 *
 * @param <B> the type of the builder
 * @param <O> the type of the operation
 */
public abstract sealed class OperationBuilder<
        B extends OperationBuilder<B, O>, O extends Operation<O>>
    permits AgentBuilder,
        ChatBuilder,
        EmbeddingsBuilder,
        McpBuilder,
        RetrievalBuilder,
        ToolBuilder,
        WorkflowBuilder {

  /**
   * Code that runs within an operation.
   *
   * @param <O> the type of the operation
   * @param <R> the type of the result
   * @param <E> the type of exception that it may throw
   */
  @FunctionalInterface
  public interface Body<O, R extends @Nullable Object, E extends Exception> {

    /**
     * Runs the code.
     *
     * @param operation has started and is current; need not be ended
     * @return the result; null is a result too
     * @throws E makes the operation a failed one
     */
    R run(O operation) throws E;
  }

  /**
   * Code that runs within an operation and returns nothing.
   *
   * @param <O> the type of the operation
   * @param <E> the type of exception that it may throw
   */
  @FunctionalInterface
  public interface VoidBody<O, E extends Exception> {

    /**
     * Runs the code.
     *
     * @param operation has started and is current; need not be ended
     * @throws E makes the operation a failed one
     */
    void run(O operation) throws E;
  }

  final Tracing tracing;
  final Facts facts = new Facts();
  private @Nullable Context parent;
  private @Nullable SpanContext link;

  OperationBuilder(Tracing tracing) {
    this.tracing = tracing;
  }

  @SuppressWarnings("unchecked") // B is the type of this builder
  final B self() {
    return (B) this;
  }

  /** The type of the span, which determines its name and kind. */
  abstract GenAiSpanType type();

  /** The operation at the start of the span's name. */
  abstract String operationName();

  /** The text that follows the operation in the span's name; null if there is none. */
  @Nullable String subject() {
    AttributeKey<String> subject = type().subject();
    return subject == null ? null : facts.get(subject);
  }

  /** Creates the operation for a span that has started. */
  abstract O create(Started started);

  /**
   * Sets the parent. Default: the context that is current at the start.
   *
   * @param context null for the current one
   * @return this
   */
  public final B parent(@Nullable Context context) {
    parent = context;
    return self();
  }

  /**
   * Links another span, such as that of the transport which a request arrived with. Ignored if it
   * is not valid.
   *
   * @param span null is ignored; of several, the last valid one is linked
   * @return this
   */
  public final B link(@Nullable SpanContext span) {
    link = span != null && span.isValid() ? span : link;
    return self();
  }

  /**
   * Sets the server that is called.
   *
   * @param address a host name or IP address; null is ignored
   * @param port null if it is not known
   * @return this
   */
  public final B server(@Nullable String address, @Nullable Number port) {
    set(Slot.SERVER_ADDRESS, address);
    return set(Slot.SERVER_PORT, whole(port));
  }

  /**
   * Sets the conversation, in place of the one of the {@link Identity}.
   *
   * @param id as the provider or the application gives it
   * @return this
   */
  public final B conversation(@Nullable String id) {
    return set(Slot.CONVERSATION_ID, id);
  }

  /**
   * Sets any attribute.
   *
   * @param <T> the type of the value
   * @param key with the name and type of the attribute
   * @param value replaces one of the same name
   * @return this
   */
  public final <T> B attribute(@Nullable AttributeKey<T> key, @Nullable T value) {
    if (key != null && value != null && !key.getKey().isEmpty()) {
      facts.put(key, value);
    }
    return self();
  }

  /**
   * Starts the operation and makes it current on this thread until it is closed: what starts in
   * between are its children. For try-with-resources.
   *
   * @return the operation, which has started
   */
  public final O start() {
    O operation = startDetached();
    operation.attachScope();
    return operation;
  }

  /**
   * Starts the operation without making it current, for operations that end on another thread. Use
   * {@link Operation#makeCurrent} or {@link Operation#context} to give it children.
   *
   * @return the operation, which has started
   */
  public final O startDetached() {
    return create(begin());
  }

  /**
   * Runs code within the operation, and ends it. If the code throws, the operation has failed, and
   * the exception is passed on.
   *
   * @param <R> the type of the result
   * @param <E> the type of exception that the code may throw
   * @param body runs once, on this thread
   * @return what the code returns
   * @throws E what the code throws
   */
  public final <R extends @Nullable Object, E extends Exception> R call(
      Body<? super O, ? extends R, E> body) throws E {
    O operation = start();
    try {
      R result = body.run(operation);
      operation.end();
      return result;
    } catch (Throwable t) {
      operation.fail(t);
      throw t;
    } finally {
      operation.close();
    }
  }

  /**
   * Does the same as {@link #call} with code that returns nothing.
   *
   * @param <E> the type of exception that the code may throw
   * @param body runs once, on this thread
   * @throws E what the code throws
   */
  public final <E extends Exception> void run(VoidBody<? super O, E> body) throws E {
    this.<Boolean, E>call(
        operation -> {
          body.run(operation);
          return true;
        });
  }

  /**
   * Runs code that returns at once and completes later. The operation is current while the code
   * runs, and ends when the stage completes; if it completes with an exception, the operation has
   * failed.
   *
   * @param <R> the type of the result
   * @param body runs once, on this thread; what it throws before it returns a stage is passed on
   * @return the stage that the code returns
   */
  @SuppressWarnings("try") // the scope is only there to be closed
  public final <R extends @Nullable Object> CompletionStage<R> callAsync(
      Function<? super O, ? extends CompletionStage<R>> body) {
    O operation = startDetached();
    CompletionStage<R> stage;
    try (Scope scope = operation.makeCurrent()) {
      stage = body.apply(operation);
    } catch (Throwable t) {
      operation.fail(t).close();
      throw t;
    }
    if (stage == null) { // which the caller did not promise
      operation.close();
      return stage;
    }
    stage.whenComplete(
        (result, thrown) -> {
          if (thrown == null) {
            operation.end();
          } else {
            operation.fail(thrown).close();
          }
        });
    return stage;
  }

  /** What {@link #create} needs of a span that has started. */
  record Started(
      Tracing tracing, Facts facts, Span span, Context parent, SpanKind kind, String name) {}

  private Started begin() {
    Context context = parent == null ? Context.current() : parent;
    GenAiSpanType type = type();
    String operation = operationName();
    Facts own = new Facts(facts);
    Span span = Span.getInvalid();
    String name = operation;
    try {
      if (!operation.isEmpty() && !own.has(GenAiAttributes.MCP_METHOD_NAME.getKey())) {
        own.put(GenAiAttributes.GEN_AI_OPERATION_NAME, operation);
      }
      Identity.from(context, tracing.baggageKeys())
          .attributes()
          .forEach((key, value) -> stamp(own, key, value));
      AgentContext agent = AgentContext.from(context);
      if (agent != null && type == GenAiSpanType.EXECUTE_TOOL && agent.name() != null) {
        stamp(own, GenAiAttributes.GEN_AI_AGENT_NAME, agent.name());
      }
      name = type.spanName(operation, subject());
      SpanBuilder builder =
          tracing.tracer().spanBuilder(name).setSpanKind(type.kind()).setParent(context);
      own.writeTo(builder);
      if (link != null) {
        builder.addLink(link);
      }
      span = builder.startSpan();
    } catch (Throwable t) {
      tracing.faults().add(t);
    }
    return new Started(tracing, own, span, context, type.kind(), name);
  }

  @SuppressWarnings("unchecked") // attributes pair a key with a value of its type
  private static void stamp(Facts own, AttributeKey<?> key, Object value) {
    if (!own.has(key.getKey())) {
      own.put((AttributeKey<Object>) key, value);
    }
  }

  /** Sets the attribute that the generation defines for a slot; null is ignored. */
  final <T> B set(Slot<T> slot, @Nullable T value) {
    Attribute.put(slot, value, tracing.generation(), facts, /* span= */ null);
    return self();
  }

  final B set(AttributeKey<String> key, @Nullable String value) {
    return value == null || value.isEmpty() ? self() : attribute(key, value);
  }

  static @Nullable Long whole(@Nullable Number number) {
    return number == null ? null : number.longValue();
  }

  static @Nullable Double fraction(@Nullable Number number) {
    return number == null || !Double.isFinite(number.doubleValue()) ? null : number.doubleValue();
  }

  static @Nullable List<String> texts(@Nullable String @Nullable ... texts) {
    return texts == null ? null : Arrays.stream(texts).filter(Objects::nonNull).toList();
  }

  /** Whether the older generation is written. */
  final boolean isCore() {
    return tracing.generation() == ConventionVersion.CORE_1_41;
  }
}
