package dev.tallyspan.spring;

/**
 * OpenTelemetry's own Spring Boot starter, which configures an SDK with its auto-configuration: the
 * SDK extension is loaded by the service loader there, and beans are not processors.
 */
final class OpenTelemetryStarter {

  static final String TYPE =
      "io.opentelemetry.instrumentation.spring.autoconfigure.OpenTelemetryAutoConfiguration";

  private OpenTelemetryStarter() {}
}
