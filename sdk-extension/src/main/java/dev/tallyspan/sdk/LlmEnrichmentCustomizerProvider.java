package dev.tallyspan.sdk;

import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.logs.SdkLoggerProviderBuilder;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Adds {@link LlmEnrichment} to SDKs that are configured by properties: SDK autoconfiguration, the
 * Java agent, OpenTelemetry's Spring Boot starter. Loaded by the service loader.
 *
 * <p>The properties are listed in {@code docs/sdk-extension.md}. All begin with {@code
 * otel.tallyspan.}, and each can also be set as an environment variable. An invalid value causes a
 * {@link ConfigurationException} at start; an unknown property, a warning.
 */
public final class LlmEnrichmentCustomizerProvider implements AutoConfigurationCustomizerProvider {

  private static final System.Logger LOGGER = System.getLogger(LlmEnrichment.class.getName());

  /** Unknown properties are those of the process, so they are named once. */
  private static final AtomicBoolean NAMED = new AtomicBoolean();

  @Override
  public void customize(AutoConfigurationCustomizer customizer) {
    OfOneSdk sdk = new OfOneSdk();
    customizer.addTracerProviderCustomizer(sdk::addTo);
    customizer.addLoggerProviderCustomizer(sdk::addTo);
    customizer.addSpanExporterCustomizer(sdk::underPolicy);
    customizer.addLogRecordExporterCustomizer(sdk::underPolicy);
  }

  /** Both processors of an SDK share what they know; the SDK may be built in any order. */
  private static final class OfOneSdk {

    private @Nullable LlmEnrichment tracing;
    private boolean configured;

    synchronized SdkTracerProviderBuilder addTo(
        SdkTracerProviderBuilder provider, ConfigProperties config) {
      LlmEnrichment added = tracing(config);
      return added == null ? provider : provider.addSpanProcessor(added.spanProcessor());
    }

    synchronized SdkLoggerProviderBuilder addTo(
        SdkLoggerProviderBuilder provider, ConfigProperties config) {
      LlmEnrichment added = tracing(config);
      return added == null || added.events() == null
          ? provider
          : provider.addLogRecordProcessor(added.logRecordProcessor());
    }

    synchronized SpanExporter underPolicy(SpanExporter exporter, ConfigProperties config) {
      LlmEnrichment tracing = tracing(config);
      return tracing == null ? exporter : tracing.spanExporter(exporter);
    }

    synchronized LogRecordExporter underPolicy(
        LogRecordExporter exporter, ConfigProperties config) {
      LlmEnrichment tracing = tracing(config);
      return tracing == null ? exporter : tracing.logRecordExporter(exporter);
    }

    private @Nullable LlmEnrichment tracing(ConfigProperties config) {
      if (!configured) {
        try {
          ExtensionSettings settings = PropertySettings.read(config);
          boolean doctor = Boolean.parseBoolean(config.getString(Setting.PREFIX + "doctor"));
          if (doctor) {
            DoctorCommand.reportOnThisProcess(config::getString, System.err);
            settings.arrivals = new Arrivals();
          }
          tracing =
              settings.enabled || settings.contentPolicy != null
                  ? new LlmEnrichment(settings)
                  : null;
        } catch (SettingsException e) {
          throw new ConfigurationException(e.ofProperty(), e);
        }
        configured = true;
        nameUnknownProperties();
      }
      return tracing;
    }

    private static void nameUnknownProperties() {
      String warning =
          UnknownProperties.warning(
              System.getProperties().stringPropertyNames(), System.getenv().keySet());
      if (warning != null && !NAMED.getAndSet(true)) {
        LOGGER.log(Level.WARNING, warning);
      }
    }
  }
}
