package dev.tallyspan.spring;

import dev.tallyspan.sdk.LlmEnrichment;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Applies the content policy to the exporters that Spring Boot's tracing sends spans to. Spring
 * Boot collects them in a bean {@code SpanExporters}, an interface, whose package differs between
 * Spring Boot 3 and 4. So the list is replaced in that bean, and the exporters stay beans of their
 * own types, which applications may ask for.
 */
final class ExportersUnderPolicy implements BeanPostProcessor {

  private static final Set<String> TYPES =
      Set.of(
          "org.springframework.boot.actuate.autoconfigure.tracing.SpanExporters",
          "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanExporters");

  private final ObjectProvider<ContentPolicy> policy;

  ExportersUnderPolicy(ObjectProvider<ContentPolicy> policy) {
    this.policy = policy;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (!(bean instanceof Iterable<?> exporters)) {
      return bean;
    }
    for (Class<?> type = bean.getClass(); type != null; type = type.getSuperclass()) {
      for (Class<?> each : type.getInterfaces()) {
        if (TYPES.contains(each.getName())) {
          ContentPolicy given = policy.getIfAvailable();
          return given == null ? bean : new Wrapped(exporters, UnderPolicy.of(given)).as(each);
        }
      }
    }
    return bean;
  }

  /** Answers {@code list()}; the interface derives its other methods from it. */
  private record Wrapped(Iterable<?> exporters, LlmEnrichment underPolicy)
      implements InvocationHandler {

    Object as(Class<?> type) {
      return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      if (method.isDefault()) {
        return InvocationHandler.invokeDefault(proxy, method, arguments);
      }
      return method.getName().equals("list") ? list() : method.invoke(exporters, arguments);
    }

    private List<SpanExporter> list() {
      List<SpanExporter> all = new ArrayList<>();
      for (Object exporter : exporters) {
        all.add(underPolicy.spanExporter((SpanExporter) exporter));
      }
      return List.copyOf(all);
    }
  }

  /** The interfaces that are implemented, for native images. */
  static final class Hints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
      for (String type : TYPES) {
        hints.proxies().registerJdkProxy(TypeReference.of(type));
      }
    }
  }
}
