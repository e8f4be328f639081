package dev.tallyspan.sdk;

import dev.tallyspan.semconv.read.LogJoin;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The processors of a configuration file. The SDK creates each by itself and in any order, so they
 * share the events of the process; if there are several span processors, the last one has them.
 */
public final class DeclarativeComponents {

  private static volatile @Nullable LogJoin events;

  private DeclarativeComponents() {}

  /**
   * Creates the span processor.
   *
   * @param values the keys of the component
   * @return the processor; its shutdown ends the reloading of prices
   * @throws SettingsException if a key or value is not valid
   */
  public static SpanProcessor spanProcessor(Map<String, ?> values) {
    ExtensionSettings settings = new ExtensionSettings();
    SettingsReader.read(values, settings);
    settings.policyAtEnd = true; // Exporters of a configuration file cannot be wrapped.
    LlmEnrichment tracing = new LlmEnrichment(settings);
    events = tracing.events();
    return tracing.spanProcessor();
  }

  /**
   * Creates the log record processor. It keeps nothing until there is a span processor.
   *
   * @return the processor, which keeps events for the span processor that was created last
   */
  public static LogRecordProcessor logRecordProcessor() {
    return MessageEvents.processor(() -> events);
  }
}
