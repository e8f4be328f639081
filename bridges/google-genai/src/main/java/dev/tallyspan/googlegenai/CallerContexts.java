package dev.tallyspan.googlegenai;

import dev.tallyspan.api.Guard;
import io.opentelemetry.context.Context;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import okhttp3.Call;
import okhttp3.EventListener;

/**
 * The context in which each call was made. An asynchronous call runs its interceptors on a thread
 * of the HTTP client, but asks for its listener on the thread of the caller, which is the hook
 * here.
 */
final class CallerContexts implements EventListener.Factory {

  private final EventListener.Factory delegate;
  private final Guard guard;

  /** Weak: a call that is never executed is not taken. */
  private final Map<Call, Context> contexts = Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * @param delegate creates the listeners
   */
  CallerContexts(EventListener.Factory delegate, Guard guard) {
    this.delegate = delegate;
    this.guard = guard;
  }

  @Override
  public EventListener create(Call call) {
    guard.run(() -> contexts.put(call, Context.current()));
    return delegate.create(call);
  }

  /** Returns the context of the caller, once; the current one if it is not known. */
  Context take(Call call) {
    Context context = contexts.remove(call);
    return context == null ? Context.current() : context;
  }
}
