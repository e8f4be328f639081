package dev.tallyspan.spring;

import dev.tallyspan.pricing.live.LiveCatalog;
import dev.tallyspan.sdk.LlmEnrichment;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.read.CustomDialect;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * The processor of spans, which Spring Boot adds to the tracer provider that it builds, and what
 * the processor and the other auto-configurations share.
 */
@AutoConfiguration(after = ContentPolicyAutoConfiguration.class)
@ConditionalOnTallyspan
@ConditionalOnClass({OpenTelemetry.class, SpanProcessor.class})
@EnableConfigurationProperties(TallyspanProperties.class)
public class TallyspanAutoConfiguration {

  TallyspanAutoConfiguration() {}

  @Bean(destroyMethod = "close")
  @Conditional(CatalogConfigured.class)
  @ConditionalOnMissingBean
  LiveCatalog tallyspanCatalog(TallyspanProperties properties) {
    return ConfiguredCatalog.open(properties.getCatalog(), properties.isStrict());
  }

  @Bean
  Prices tallyspanPrices(ObjectProvider<LiveCatalog> catalog) {
    return new Prices(catalog.getIfAvailable());
  }

  @Bean
  StartLine tallyspanStartLine(Prices prices, ObjectProvider<ContentPolicy> policy) {
    return new StartLine(prices, policy);
  }

  /** Processors are beans, unless OpenTelemetry's starter builds the SDK. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass(OpenTelemetryStarter.TYPE)
  static class Processors {

    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    LlmEnrichment tallyspanTracing(
        TallyspanProperties properties,
        Prices prices,
        ObjectProvider<ContentPolicy> policy,
        ObjectProvider<CustomDialect> dialects) {
      LlmEnrichment.Builder builder =
          LlmEnrichment.builder().settings(ExtensionSettings.withoutCatalog(properties));
      if (!prices.areShipped()) {
        builder.catalog(prices);
      }
      policy.ifAvailable(builder::contentPolicy);
      dialects.orderedStream().forEach(builder::addDialect);
      return builder.build();
    }

    /** Closed by the tracer provider. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean(name = "tallyspanSpanProcessor")
    SpanProcessor tallyspanSpanProcessor(LlmEnrichment tracing) {
      return tracing.spanProcessor();
    }
  }

  /** Messages that arrive as events. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass(OpenTelemetryStarter.TYPE)
  @ConditionalOnClass(LogRecordProcessor.class)
  static class Events {

    /** Closed by the logger provider. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean(name = "tallyspanLogRecordProcessor")
    LogRecordProcessor tallyspanLogRecordProcessor(LlmEnrichment tracing) {
      return tracing.logRecordProcessor();
    }
  }
}
