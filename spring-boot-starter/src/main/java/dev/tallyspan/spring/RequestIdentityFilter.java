package dev.tallyspan.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.filter.ServerHttpObservationFilter;

/** Finds out who makes a request, in servlet applications; after Spring Security has. */
final class RequestIdentityFilter extends OncePerRequestFilter implements Ordered {

  private final IdentitySource user;
  private final IdentitySource session;

  RequestIdentityFilter(IdentitySource user, IdentitySource session) {
    this.user = user;
    this.session = session;
  }

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE - 100;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    ServerHttpObservationFilter.findObservationContext(request)
        .ifPresent(
            observed ->
                new RequestIdentity(read(user, request), read(session, request)).keepIn(observed));
    chain.doFilter(request, response);
  }

  private static @Nullable String read(IdentitySource source, HttpServletRequest request) {
    return source.read(() -> principal(request), request::getHeader, request::getAttribute);
  }

  private static @Nullable String principal(HttpServletRequest request) {
    Principal principal = request.getUserPrincipal();
    return principal == null ? null : principal.getName();
  }
}
