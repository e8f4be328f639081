package dev.tallyspan.spring;

import dev.tallyspan.api.CatalogCosts;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The tracing API, after all auto-configurations that declare an {@code OpenTelemetry}. */
@AutoConfiguration(
    after = TallyspanAutoConfiguration.class,
    afterName = {
      OpenTelemetryStarter.TYPE,
      "org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration",
      "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration"
    })
@ConditionalOnTallyspan
@ConditionalOnClass({OpenTelemetry.class, SpanProcessor.class})
public class GenAiAutoConfiguration {

  GenAiAutoConfiguration() {}

  /**
   * Costs are known before a call ends, unless there are settings that only the processor knows:
   * then it prices the span.
   */
  @Bean
  @ConditionalOnBean(OpenTelemetry.class)
  @ConditionalOnMissingBean
  GenAi tallyspanGenAi(
      OpenTelemetry openTelemetry,
      TallyspanProperties properties,
      Prices prices,
      ObjectProvider<ContentPolicy> policy) {
    GenAi.Builder builder = GenAi.builder(openTelemetry);
    boolean listPrices =
        properties.getContracts().getFile() == null
            && properties.getCurrency().getTo() == null
            && properties.getDeployments().isEmpty();
    if (listPrices) {
      builder.costs(CatalogCosts.of(prices));
    }
    policy.ifAvailable(given -> builder.content(new PolicyCapture(given)));
    return builder.build();
  }
}
