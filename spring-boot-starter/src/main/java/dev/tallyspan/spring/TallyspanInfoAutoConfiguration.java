package dev.tallyspan.spring;

import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** {@code tallyspan} in the endpoint {@code info}. */
@AutoConfiguration(after = TallyspanAutoConfiguration.class)
@ConditionalOnTallyspan
@ConditionalOnClass({
  InfoContributor.class,
  ConditionalOnEnabledInfoContributor.class,
  SpanProcessor.class
})
public class TallyspanInfoAutoConfiguration {

  TallyspanInfoAutoConfiguration() {}

  @Bean
  @ConditionalOnEnabledInfoContributor("tallyspan")
  @ConditionalOnMissingBean(name = "tallyspanInfo")
  InfoContributor tallyspanInfo(
      TallyspanProperties properties, Prices prices, ObjectProvider<ContentPolicy> policy) {
    return new TallyspanInfo(properties, prices, policy, Clock.systemUTC());
  }
}
