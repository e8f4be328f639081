package dev.tallyspan.sdk.declarative;

import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.internal.ComponentProvider;
import io.opentelemetry.sdk.logs.LogRecordProcessor;

/**
 * Provides the log record processor {@code tallyspan} for configuration files, which keeps message
 * events for the span processor of the same name. Loaded by the service loader; like {@link
 * LlmSpanProcessorProvider}, it links nothing before the processor is created.
 */
public final class LlmLogRecordProcessorProvider implements ComponentProvider {

  @Override
  public Class<?> getType() {
    return LogRecordProcessor.class;
  }

  @Override
  public String getName() {
    return "tallyspan";
  }

  @Override
  public Object create(DeclarativeConfigProperties config) {
    return LlmProcessorFactory.logRecordProcessor(config);
  }
}
