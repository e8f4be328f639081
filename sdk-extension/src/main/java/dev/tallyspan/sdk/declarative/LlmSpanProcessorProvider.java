package dev.tallyspan.sdk.declarative;

import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.internal.ComponentProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;

/**
 * The span processor {@code tallyspan} of a configuration file. Found by the service loader.
 *
 * <pre>{@code
 * tracer_provider:
 *   processors:
 *     - tallyspan:
 *         enabled: true            # the default of each key is what is shown
 *         gen_ai_usage_cost: true
 *         target: genai-dev
 *         cache_write_names: both  # legacy for Langfuse
 *         catalog: prices.json     # no default: the prices of the jar
 *     - batch: ...
 * }</pre>
 *
 * <p>The service loader makes an instance wherever an SDK reads a configuration file, also of a
 * version whose interface is another; so nothing is linked here before the processor is asked for.
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
    return LlmSpanProcessorFactory.create(config);
  }
}
