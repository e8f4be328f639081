package dev.tallyspan.sdk;

import dev.tallyspan.semconv.content.ContentBudget;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Applies a content policy to the log records that another exporter gets: bodies and attributes. A
 * record that the policy fails on is not exported, and is counted.
 */
final class PolicyLogExporter implements LogRecordExporter {

  private final LogRecordExporter exporter;
  private final ExportPolicy policy;
  private final Faults faults;

  private PolicyLogExporter(LogRecordExporter exporter, ExportPolicy policy, Faults faults) {
    this.exporter = exporter;
    this.policy = policy;
    this.faults = faults;
  }

  /**
   * As the interface: an application without the SDK of logs can then load the class that calls
   * this, because nothing of it has to be checked against the interface.
   */
  static LogRecordExporter of(LogRecordExporter exporter, ExportPolicy policy, Faults faults) {
    return new PolicyLogExporter(exporter, policy, faults);
  }

  @Override
  public CompletableResultCode export(Collection<LogRecordData> records) {
    return exporter.export(
        ExportPolicy.leaving(records, record -> new Leaving(record, policy), faults));
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  @Override
  public String toString() {
    return "PolicyLogExporter{" + exporter + "}";
  }

  private static final class Leaving implements LogRecordData {
    private final LogRecordData record;
    private final Attributes attributes;
    private final @Nullable Value<?> body;

    Leaving(LogRecordData record, ExportPolicy policy) {
      this.record = record;
      ContentBudget budget = policy.budget();
      attributes = policy.attributes(record.getAttributes(), budget);
      Value<?> original = record.getBodyValue();
      body = original == null ? null : policy.body(original, budget);
    }

    @Override
    public Resource getResource() {
      return record.getResource();
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
      return record.getInstrumentationScopeInfo();
    }

    @Override
    public long getTimestampEpochNanos() {
      return record.getTimestampEpochNanos();
    }

    @Override
    public long getObservedTimestampEpochNanos() {
      return record.getObservedTimestampEpochNanos();
    }

    @Override
    public SpanContext getSpanContext() {
      return record.getSpanContext();
    }

    @Override
    public Severity getSeverity() {
      return record.getSeverity();
    }

    @Override
    public @Nullable String getSeverityText() {
      return record.getSeverityText();
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation") // abstract in the interface
    public io.opentelemetry.sdk.logs.data.Body getBody() {
      return body == null
          ? io.opentelemetry.sdk.logs.data.Body.empty()
          : io.opentelemetry.sdk.logs.data.Body.string(body.asString());
    }

    @Override
    public @Nullable Value<?> getBodyValue() {
      return body;
    }

    @Override
    public Attributes getAttributes() {
      return attributes;
    }

    @Override
    public int getTotalAttributeCount() {
      return record.getTotalAttributeCount();
    }

    /** Called only by SDKs whose records have it. */
    @Override
    public @Nullable String getEventName() {
      return SdkLogView.eventName(record);
    }
  }
}
