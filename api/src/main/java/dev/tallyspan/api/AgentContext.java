package dev.tallyspan.api;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The agent that a part of the program belongs to, and what it called so far. Kept in the context
 * of its operation; an agent within an agent has its own. Thread-safe.
 */
final class AgentContext {

  private static final ContextKey<AgentContext> KEY = ContextKey.named("tallyspan-agent");

  private final @Nullable String name;
  private final AtomicLong inferenceCalls = new AtomicLong();
  private final AtomicLong toolCalls = new AtomicLong();

  AgentContext(@Nullable String name) {
    this.name = name;
  }

  static @Nullable AgentContext from(Context context) {
    return context.get(KEY);
  }

  Context storeIn(Context context) {
    return context.with(KEY, this);
  }

  @Nullable String name() {
    return name;
  }

  void addInferenceCall() {
    inferenceCalls.incrementAndGet();
  }

  void addToolCall() {
    toolCalls.incrementAndGet();
  }

  long inferenceCalls() {
    return inferenceCalls.get();
  }

  long toolCalls() {
    return toolCalls.get();
  }
}
