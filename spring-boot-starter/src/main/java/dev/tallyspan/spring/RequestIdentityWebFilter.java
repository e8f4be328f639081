package dev.tallyspan.spring;

import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Finds out who makes a request, in reactive applications; after Spring Security has. */
final class RequestIdentityWebFilter implements WebFilter, Ordered {

  private final IdentitySource user;
  private final IdentitySource session;

  RequestIdentityWebFilter(IdentitySource user, IdentitySource session) {
    this.user = user;
    this.session = session;
  }

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE - 100;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (user.kind() != IdentitySource.Kind.PRINCIPAL) {
      keep(exchange, null);
      return chain.filter(exchange);
    }
    return exchange
        .getPrincipal()
        .map(Principal::getName)
        .map(Optional::of)
        .onErrorResume(e -> Mono.empty()) // a request need not fail because of its trace
        .defaultIfEmpty(Optional.empty())
        .flatMap(
            name -> {
              keep(exchange, name.orElse(null));
              return chain.filter(exchange);
            });
  }

  private void keep(ServerWebExchange exchange, @Nullable String principal) {
    ServerRequestObservationContext.findCurrent(exchange.getAttributes())
        .ifPresent(
            observed ->
                new RequestIdentity(read(user, exchange, principal), read(session, exchange, null))
                    .keepIn(observed));
  }

  private static @Nullable String read(
      IdentitySource source, ServerWebExchange exchange, @Nullable String principal) {
    return source.read(
        () -> principal,
        exchange.getRequest().getHeaders()::getFirst,
        exchange.getAttributes()::get);
  }
}
