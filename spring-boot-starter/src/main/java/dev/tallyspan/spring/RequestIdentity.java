package dev.tallyspan.spring;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * Who made a request. It is kept in the observation of the request, for the spans of Spring AI
 * below it, and written to the span of the request, from which the SDK extension passes it on to
 * other LLM spans.
 *
 * @param user null if not known
 * @param session null if not known
 */
record RequestIdentity(@Nullable String user, @Nullable String session) {

  static final String USER = "user.id";
  static final String SESSION = "session.id";

  void keepIn(Observation.Context request) {
    if (user == null && session == null) {
      return;
    }
    request.put(RequestIdentity.class, this);
    Span span = ObservedSpan.spanOf(request);
    if (span != null) {
      if (user != null) {
        span.tag(USER, user);
      }
      if (session != null) {
        span.tag(SESSION, session);
      }
    }
  }

  /** Returns the identity of the request that the observation is part of; null if there is none. */
  static @Nullable RequestIdentity around(Observation.ContextView context) {
    return Ancestors.first(
        context, each -> each.<@Nullable RequestIdentity>get(RequestIdentity.class));
  }
}
