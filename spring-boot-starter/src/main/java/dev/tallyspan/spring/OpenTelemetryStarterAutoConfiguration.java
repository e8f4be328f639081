package dev.tallyspan.spring;

import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Passes the properties {@code tallyspan.*} on to the SDK extension where OpenTelemetry's starter
 * loads it. A property {@code otel.tallyspan.*} takes precedence. Also if Tallyspan is off, so that
 * the extension is too.
 */
@AutoConfiguration(beforeName = OpenTelemetryStarter.TYPE)
@ConditionalOnClass(
    name = OpenTelemetryStarter.TYPE,
    value = {AutoConfigurationCustomizerProvider.class, SpanProcessor.class})
@EnableConfigurationProperties(TallyspanProperties.class)
public class OpenTelemetryStarterAutoConfiguration {

  OpenTelemetryStarterAutoConfiguration() {}

  @Bean
  AutoConfigurationCustomizerProvider tallyspanCustomizer(
      TallyspanProperties properties, ObjectProvider<LlmMeters> meters) {
    return customizer -> {
      customizer.addPropertiesSupplier(() -> ExtensionSettings.asProperties(properties));
      LlmMeters counter = meters.getIfAvailable();
      if (counter != null) {
        customizer.addTracerProviderCustomizer(
            (provider, config) -> provider.addSpanProcessor(counter));
      }
    };
  }
}
