package dev.tallyspan.anthropic;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client or service of which some methods are routed. */
final class TracedService implements InvocationHandler {

  private final Object delegate;
  private final Object silent;
  private final Map<String, Route> routes;

  private TracedService(Object delegate, Object silent, Map<String, Route> routes) {
    this.delegate = delegate;
    this.silent = silent;
    this.routes = routes;
  }

  /**
   * @param silent the same service without spans of its own, for the methods that are routed
   * @param routes by the name of the method
   */
  static <T> T of(Class<T> type, T delegate, T silent, Map<String, Route> routes) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            new TracedService(delegate, silent, routes)));
  }

  static boolean isTraced(Object service) {
    return handler(service) instanceof TracedService;
  }

  private static @Nullable InvocationHandler handler(Object service) {
    return Proxy.isProxyClass(service.getClass()) ? Proxy.getInvocationHandler(service) : null;
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    if (method.getName().equals("equals") && arguments != null && arguments.length == 1) {
      return proxy == arguments[0];
    }
    Route route = routes.get(method.getName());
    Object target = route == null ? delegate : silent;
    Route.Call call =
        () -> {
          try {
            return method.invoke(target, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
          }
        };
    if (route == null) {
      return call.run();
    }
    Object first = arguments == null || arguments.length == 0 ? null : arguments[0];
    return route.take(first, call);
  }
}
