package dev.tallyspan.langchain4j;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.service.AiServices;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Traces LangChain4j's AI services: each invocation becomes the span of an agent, each tool that it
 * runs a span below it. The models and retrievers of the service are traced on their own, see
 * {@link TallyspanLangChain4j}; their spans are children of the agent's.
 *
 * <pre>{@code
 * Assistant assistant = TallyspanAiServices.build(genAi,
 *     AiServices.builder(Assistant.class).chatModel(model).tools(new Weather()));
 * }</pre>
 */
public final class TallyspanAiServices {

  private TallyspanAiServices() {}

  /**
   * Builds a service that is traced. Call it in place of {@link AiServices#build}.
   *
   * @param <T> the interface of the service
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @param services get listeners, and are built
   * @return the service; it throws what the untraced one throws
   * @throws NullPointerException if an argument is null
   */
  public static <T> T build(GenAi genAi, AiServices<T> services) {
    requireNonNull(genAi, "genAi");
    requireNonNull(services, "services");
    Guard guard = genAi.guard();
    guard.run(() -> ServiceListeners.register(genAi, services));
    T service = services.build();
    T traced = guard.get(() -> traced(service, guard));
    return traced == null ? service : traced;
  }

  @SuppressWarnings("unchecked") // the same interfaces
  private static <T> T traced(T service, Guard guard) {
    if (!Proxy.isProxyClass(service.getClass())) {
      return service;
    }
    InvocationHandler handler = Proxy.getInvocationHandler(service);
    return (T)
        Proxy.newProxyInstance(
            service.getClass().getClassLoader(),
            service.getClass().getInterfaces(),
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return handler.invoke(service, method, unwrapped(proxy, service, arguments));
              }
              try (ServiceFrame frame = ServiceFrame.enter(guard)) {
                try {
                  Object result = handler.invoke(service, method, arguments);
                  frame.returned();
                  return result;
                } catch (Throwable t) {
                  frame.threw(t);
                  throw t;
                }
              }
            });
  }

  /** So that the traced service equals itself. */
  private static Object[] unwrapped(Object proxy, Object service, Object[] arguments) {
    return arguments != null && arguments.length == 1 && arguments[0] == proxy
        ? new Object[] {service}
        : arguments;
  }
}
