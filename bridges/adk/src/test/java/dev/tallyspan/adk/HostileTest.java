package dev.tallyspan.adk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.adk.agents.RunConfig.StreamingMode;
import com.google.adk.events.Event;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.GeminiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever fails while recording, the agent runs to its end. */
class HostileTest {

  @Test
  void spansThatThrow() {
    Traces traces = new Traces();
    FakeProvider provider = new FakeProvider();
    provider.answersJson(GeminiPayloads.FUNCTION_CALL);
    provider.answersJson(GeminiPayloads.CONTENT);
    Tracer plain = traces.openTelemetry().getTracer("gcp.vertex.agent");
    Tracer hostile = name -> proxy(SpanBuilder.class, plain.spanBuilder(name));

    List<Event> events;
    try (Weather weather =
        new Weather(provider, hostile, TallyspanAdk.plugin(GenAi.create(traces.openTelemetry())))) {
      events = weather.ask(StreamingMode.NONE);
    }

    assertThat(events).hasSize(3);
    assertThat(events.get(2).stringifyContent()).contains("It is sunny.");
    assertThat(traces.exported())
        .hasSize(5)
        .noneMatch(it -> it.getAttributes().toString().contains("user.id"));
    provider.close();
    traces.close();
  }

  /** Throws for the attribute that only the plugin sets. */
  private static <T> T proxy(Class<T> type, T delegate) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
          }
          if (method.getName().equals("setAttribute")
              && arguments[0] instanceof AttributeKey<?> key
              && key.getKey().equals("user.id")) {
            throw new AssertionError("hostile");
          }
          Object result;
          try {
            result = method.invoke(delegate, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
          if (result instanceof Span span && method.getName().equals("startSpan")) {
            return proxy(Span.class, span);
          }
          return type.isInstance(result) ? proxy : result;
        };
    return type.cast(
        Proxy.newProxyInstance(HostileTest.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
