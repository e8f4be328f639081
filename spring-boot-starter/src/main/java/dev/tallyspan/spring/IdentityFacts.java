package dev.tallyspan.spring;

import io.micrometer.observation.Observation;

/** The user and session of the request, on every span of Spring AI. */
final class IdentityFacts implements ObservedFacts {

  @Override
  public boolean isAbout(Observation.ContextView context) {
    return context.getClass().getName().startsWith("org.springframework.ai.");
  }

  @Override
  public void write(Observation.Context context, ObservedSpan span) {
    RequestIdentity identity = RequestIdentity.around(context);
    if (identity != null) {
      span.set(RequestIdentity.USER, identity.user());
      span.set(RequestIdentity.SESSION, identity.session());
    }
  }
}
