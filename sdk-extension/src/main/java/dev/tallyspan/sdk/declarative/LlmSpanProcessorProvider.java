package dev.tallyspan.sdk.declarative;

import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.internal.ComponentProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;

/**
 * Provides the span processor {@code tallyspan} for configuration files. Loaded by the service
 * loader.
 *
 * <pre>{@code
 * tracer_provider:
 *   processors:
 *     - tallyspan:
 *         catalog: {url: "https://prices.example.com/catalog.json"}
 *     - batch: ...
 * logger_provider:
 *   processors:
 *     - tallyspan:
 * }</pre>
 *
 * <p>All keys are listed in {@code docs/sdk-extension.md}.
 *
 * <p>The service loader creates an instance in every SDK that reads a configuration file, including
 * versions with a different interface. So this class links nothing before the processor is created.
 */
public final class LlmSpanProcessorProvider implements ComponentProvider {

  @Override
  public Class<?> getType() {
    return SpanProcessor.class;
  }

  @Override
  public String getName() {
    return "tallyspan";
  }

  @Override
  public Object create(DeclarativeConfigProperties config) {
    return LlmProcessorFactory.spanProcessor(config);
  }
}
