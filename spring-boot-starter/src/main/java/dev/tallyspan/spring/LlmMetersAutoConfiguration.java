package dev.tallyspan.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Micrometer meters of spans, tokens and cost. */
@AutoConfiguration(after = TallyspanAutoConfiguration.class)
@ConditionalOnTallyspan
@ConditionalOnClass({MeterRegistry.class, SpanProcessor.class})
@ConditionalOnProperty(prefix = "tallyspan.metrics", name = "enabled", matchIfMissing = true)
public class LlmMetersAutoConfiguration {

  LlmMetersAutoConfiguration() {}

  /** A span processor, closed by the tracer provider. */
  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  LlmMeters tallyspanMeters(ObjectProvider<MeterRegistry> meters) {
    return new LlmMeters(meters::getIfUnique);
  }
}
