package dev.tallyspan.bridges.testkit;

import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.stream.Stream;

/** Instances whose parts throw. */
public final class HostileTelemetry {

  private HostileTelemetry() {}

  /** One whose tracer throws, one whose content capture does, one without OpenTelemetry. */
  public static Stream<GenAi> instances() {
    return Stream.of(
        GenAi.builder(BROKEN).content(ContentCapture.ALL).build(),
        GenAi.builder(OpenTelemetry.noop())
            .content(
                kind -> {
                  throw new AssertionError("hostile");
                })
            .build(),
        GenAi.noop());
  }

  /** One whose tracer throws. */
  public static final OpenTelemetry BROKEN =
      new OpenTelemetry() {
        @Override
        public TracerProvider getTracerProvider() {
          return new TracerProvider() {
            @Override
            public Tracer get(String scope) {
              return name -> {
                throw new AssertionError("hostile");
              };
            }

            @Override
            public Tracer get(String scope, String version) {
              return get(scope);
            }
          };
        }

        @Override
        public ContextPropagators getPropagators() {
          return ContextPropagators.noop();
        }
      };
}
