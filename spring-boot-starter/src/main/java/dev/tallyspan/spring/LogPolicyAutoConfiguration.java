package dev.tallyspan.spring;

import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;

/**
 * The content policy for log records: the processor that Spring Boot declares unless there is one,
 * with its exporters under the policy.
 */
@AutoConfiguration(
    after = ContentPolicyAutoConfiguration.class,
    beforeName = {
      "org.springframework.boot.actuate.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration",
      "org.springframework.boot.opentelemetry.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration"
    })
@ConditionalOnClass({OpenTelemetry.class, SpanProcessor.class, BatchLogRecordProcessor.class})
@ConditionalOnMissingClass(OpenTelemetryStarter.TYPE)
@ConditionalOnBean(ContentPolicy.class)
public class LogPolicyAutoConfiguration {

  LogPolicyAutoConfiguration() {}

  /** Closed by the logger provider. */
  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  BatchLogRecordProcessor tallyspanBatchLogRecordProcessor(
      ContentPolicy policy, ObjectProvider<LogRecordExporter> exporters) {
    LogRecordExporter all = LogRecordExporter.composite(exporters.orderedStream().toList());
    return BatchLogRecordProcessor.builder(UnderPolicy.of(policy).logRecordExporter(all)).build();
  }
}
