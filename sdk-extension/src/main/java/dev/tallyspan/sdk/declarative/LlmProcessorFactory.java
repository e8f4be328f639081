package dev.tallyspan.sdk.declarative;

import dev.tallyspan.sdk.DeclarativeComponents;
import dev.tallyspan.sdk.SettingsException;
import io.opentelemetry.api.incubator.config.DeclarativeConfigException;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.Map;

/** Creates the processors {@code tallyspan} from a configuration file. */
final class LlmProcessorFactory {

  private LlmProcessorFactory() {}

  static SpanProcessor spanProcessor(DeclarativeConfigProperties config) {
    try {
      return DeclarativeComponents.spanProcessor(YamlValues.of(config));
    } catch (SettingsException e) {
      throw new DeclarativeConfigException(e.ofComponent(), e);
    }
  }

  static LogRecordProcessor logRecordProcessor(DeclarativeConfigProperties config) {
    Map<String, Object> values = YamlValues.of(config);
    if (!values.isEmpty()) {
      throw new DeclarativeConfigException(
          "tallyspan: the log record processor has no settings; they belong to the span processor");
    }
    return DeclarativeComponents.logRecordProcessor();
  }
}
