package dev.tallyspan.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import jakarta.servlet.Filter;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;

/** Who makes a request, in requests of Spring that are observed, without a network. */
class RequestIdentityTest {

  private static final IdentitySource PRINCIPAL = source("principal");
  private static final IdentitySource SESSION_ATTRIBUTE = source("attribute:app.session");

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final ObservationRegistry registry = registry();
  private final AtomicInteger handled = new AtomicInteger();

  @Test
  void principalAndAttributeOfAReactiveRequest() {
    reactive(
        new RequestIdentityWebFilter(PRINCIPAL, SESSION_ATTRIBUTE),
        Mono.just(new Named("ada")),
        "s-1");

    assertIdentity("ada", "s-1");
  }

  @Test
  void attributeAndHeaderOfAReactiveRequest() {
    reactive(
        new RequestIdentityWebFilter(source("header:X-User"), SESSION_ATTRIBUTE),
        Mono.empty(),
        "s-1");

    assertIdentity("of-header", "s-1");
  }

  @Test
  void reactiveRequestWithoutAPrincipalIsHandledOnceAndHasNoUser() {
    reactive(
        new RequestIdentityWebFilter(PRINCIPAL, SESSION_ATTRIBUTE), Mono.empty(), /* session= */ 7);

    assertIdentity(null, "7");
  }

  @Test
  void reactiveRequestIsHandledIfItsIdentityCannotBeRead() {
    reactive(
        new RequestIdentityWebFilter(PRINCIPAL, SESSION_ATTRIBUTE),
        Mono.error(new IllegalStateException("no session store")),
        new Unreadable());

    assertIdentity(null, null);
  }

  @Test
  void principalAndAttributeOfAServletRequest() throws Exception {
    servlet(new RequestIdentityFilter(PRINCIPAL, SESSION_ATTRIBUTE), new Named("ada"), "s-1");

    assertIdentity("ada", "s-1");
  }

  @Test
  void servletRequestIsHandledIfItsIdentityCannotBeRead() throws Exception {
    servlet(
        new RequestIdentityFilter(PRINCIPAL, SESSION_ATTRIBUTE), new Named(null), new Unreadable());

    assertIdentity(null, null);
  }

  @Test
  void reactiveApplicationHasTheFilterIfConfigured() {
    ReactiveWebApplicationContextRunner web =
        new ReactiveWebApplicationContextRunner()
            .withConfiguration(
                AutoConfigurations.of(
                    TallyspanAutoConfiguration.class, RequestIdentityAutoConfiguration.class));

    web.run(context -> assertThat(context).doesNotHaveBean(WebFilter.class));
    web.withPropertyValues("tallyspan.identity.user=principal")
        .run(context -> assertThat(context).hasSingleBean(RequestIdentityWebFilter.class));
  }

  private void reactive(WebFilter filter, Mono<Principal> principal, Object session) {
    WebFilter application =
        (exchange, chain) -> {
          exchange.getAttributes().put("app.session", session);
          return chain.filter(exchange.mutate().principal(principal).build());
        };
    WebHttpHandlerBuilder.webHandler(exchange -> Mono.fromRunnable(handled::incrementAndGet))
        .filters(all -> all.addAll(List.of(application, filter)))
        .observationRegistry(registry)
        .build()
        .handle(
            MockServerHttpRequest.get("/").header("X-User", "of-header").build(),
            new MockServerHttpResponse())
        .block(Duration.ofSeconds(60));
  }

  private void servlet(Filter filter, Principal principal, Object session) throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
    request.setUserPrincipal(principal);
    request.setAttribute("app.session", session);
    Filter application = (to, from, chain) -> handled.incrementAndGet();
    new ServerHttpObservationFilter(registry)
        .doFilter(
            request,
            new MockHttpServletResponse(),
            new MockFilterChain(new jakarta.servlet.http.HttpServlet() {}, filter, application));
  }

  private void assertIdentity(String user, String session) {
    assertThat(handled).hasValue(1);
    assertThat(exporter.getFinishedSpanItems()).hasSize(1);
    SpanData span = exporter.getFinishedSpanItems().get(0);
    assertThat(span.getAttributes().get(AttributeKey.stringKey("user.id"))).isEqualTo(user);
    assertThat(span.getAttributes().get(AttributeKey.stringKey("session.id"))).isEqualTo(session);
  }

  private ObservationRegistry registry() {
    OtelCurrentTraceContext current = new OtelCurrentTraceContext();
    OtelTracer tracer =
        new OtelTracer(
            SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build()
                .get("test"),
            current,
            event -> {});
    ObservationRegistry registry = ObservationRegistry.create();
    registry.observationConfig().observationHandler(new DefaultTracingObservationHandler(tracer));
    return registry;
  }

  private static IdentitySource source(String text) {
    return IdentitySource.parse("tallyspan.identity.user", text, /* principal= */ true);
  }

  private record Named(String getName) implements Principal {}

  private static final class Unreadable {
    @Override
    public String toString() {
      throw new IllegalStateException("unreadable");
    }
  }
}
