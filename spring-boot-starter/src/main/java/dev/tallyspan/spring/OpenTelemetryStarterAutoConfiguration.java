package dev.tallyspan.spring;

import dev.tallyspan.sdk.LlmEnrichment;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Passes the properties {@code tallyspan.*} on to the SDK extension where OpenTelemetry's starter
 * loads it, and applies the content policy to the exporters of the SDK. A property {@code
 * otel.tallyspan.*} takes precedence, except for the policy: both are applied. Also if Tallyspan is
 * off, so that the extension is too.
 */
@AutoConfiguration(
    after = ContentPolicyAutoConfiguration.class,
    beforeName = OpenTelemetryStarter.TYPE)
@ConditionalOnClass(
    name = OpenTelemetryStarter.TYPE,
    value = {AutoConfigurationCustomizerProvider.class, SpanProcessor.class})
@EnableConfigurationProperties(TallyspanProperties.class)
public class OpenTelemetryStarterAutoConfiguration {

  OpenTelemetryStarterAutoConfiguration() {}

  @Bean
  AutoConfigurationCustomizerProvider tallyspanCustomizer(
      TallyspanProperties properties,
      ObjectProvider<LlmMeters> meters,
      ObjectProvider<ContentPolicy> policy) {
    return customizer -> {
      customizer.addPropertiesSupplier(() -> ExtensionSettings.asProperties(properties));
      policy.ifAvailable(
          given -> {
            LlmEnrichment underPolicy = UnderPolicy.of(given);
            customizer.addSpanExporterCustomizer(
                (exporter, config) -> underPolicy.spanExporter(exporter));
            customizer.addLogRecordExporterCustomizer(
                (exporter, config) -> underPolicy.logRecordExporter(exporter));
          });
      LlmMeters counter = meters.getIfAvailable();
      if (counter != null) {
        customizer.addTracerProviderCustomizer(
            (provider, config) -> provider.addSpanProcessor(counter));
      }
    };
  }
}
