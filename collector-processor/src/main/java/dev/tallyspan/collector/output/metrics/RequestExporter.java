package dev.tallyspan.collector.output.metrics;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.exporter.internal.otlp.metrics.MetricsRequestMarshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Sends the SDK's metrics into pipelines, as a sender over the network would. Values are
 * cumulative, so a request that is refused loses nothing: the next one contains it.
 *
 * <p>The SDK has no public way to encode metrics other than to send them; its encoder is a class
 * that its exporters share.
 */
final class RequestExporter implements MetricExporter {

  private volatile @Nullable Intake pipelines;

  void sendTo(Intake intake) {
    pipelines = intake;
  }

  void stop() {
    pipelines = null;
  }

  @Override
  public CompletableResultCode export(Collection<MetricData> metrics) {
    Intake intake = pipelines;
    if (intake == null || metrics.isEmpty()) {
      return CompletableResultCode.ofSuccess();
    }
    MetricsRequestMarshaler request = MetricsRequestMarshaler.create(metrics);
    ByteArrayOutputStream encoded = new ByteArrayOutputStream(request.getBinarySerializedSize());
    int points;
    try {
      request.writeBinaryTo(encoded);
      points = Items.count(Signal.METRICS, encoded.toByteArray());
    } catch (IOException | MalformedRequestException e) {
      throw new IllegalStateException(e); // Written in memory, by the SDK.
    }
    CompletableResultCode result = new CompletableResultCode();
    intake.accept(
        new OtlpRequest(
            Signal.METRICS,
            Slices.of(encoded.toByteArray()),
            points,
            new SenderAck(
                outcome -> {
                  if (outcome instanceof Outcome.Refused) {
                    result.fail();
                  } else {
                    result.succeed();
                  }
                })));
    return result;
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
    return AggregationTemporality.CUMULATIVE;
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
