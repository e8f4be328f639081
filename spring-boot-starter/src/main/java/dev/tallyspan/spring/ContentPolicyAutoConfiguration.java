package dev.tallyspan.spring;

import dev.tallyspan.sdk.LlmEnrichment;
import dev.tallyspan.sdk.SettingsException;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The content policy, and what applies it to the spans that Spring Boot's own tracing exports. Also
 * if {@code tallyspan.enabled} is false: what must not leave stays.
 */
@AutoConfiguration
@ConditionalOnClass({OpenTelemetry.class, SpanProcessor.class})
@EnableConfigurationProperties(TallyspanProperties.class)
public class ContentPolicyAutoConfiguration {

  ContentPolicyAutoConfiguration() {}

  @Bean
  @Conditional(Configured.class)
  @ConditionalOnMissingBean
  ContentPolicy tallyspanContentPolicy(TallyspanProperties properties) {
    try {
      return LlmEnrichment.contentPolicy(
          ExtensionSettings.contentPolicy(properties.getContentPolicy()));
    } catch (SettingsException e) {
      // The properties of the extension, without their first part.
      throw new IllegalArgumentException(e.ofProperty().substring("otel.".length()));
    }
  }

  /** The exporters of spans. With OpenTelemetry's starter, they are no beans. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass(OpenTelemetryStarter.TYPE)
  @ImportRuntimeHints(ExportersUnderPolicy.Hints.class)
  static class OfSpans {

    @Bean
    static ExportersUnderPolicy tallyspanExportersUnderPolicy(
        ObjectProvider<ContentPolicy> policy) {
      return new ExportersUnderPolicy(policy);
    }
  }

  /** If there is a property of the policy; which ones are needed, the policy says. */
  static final class Configured extends SpringBootCondition {

    private static final String PREFIX = "tallyspan.content-policy";

    @Override
    public ConditionOutcome getMatchOutcome(
        ConditionContext context, AnnotatedTypeMetadata metadata) {
      boolean configured =
          Binder.get(context.getEnvironment())
              .bind(PREFIX, Bindable.mapOf(String.class, Object.class))
              .isBound();
      return new ConditionOutcome(
          configured, ConditionMessage.of(PREFIX + (configured ? ".* is set" : ".* is not set")));
    }
  }
}
