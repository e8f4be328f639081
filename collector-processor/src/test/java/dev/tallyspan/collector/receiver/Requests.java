package dev.tallyspan.collector.receiver;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Requests for tests. */
final class Requests {

  static ExportTraceServiceRequest spans(int count) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    ScopeSpans.Builder scope = request.addResourceSpansBuilder().addScopeSpansBuilder();
    for (int i = 0; i < count; i++) {
      scope
          .addSpansBuilder()
          .setTraceId(ByteString.copyFrom(new byte[16]))
          .setSpanId(ByteString.copyFrom(new byte[8]))
          .setName("span " + i);
    }
    return request.build();
  }

  /** One span whose name makes the request exactly that long. */
  static ExportTraceServiceRequest ofSize(int bytes) {
    int text = bytes;
    while (true) {
      ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
      request
          .addResourceSpansBuilder()
          .addScopeSpansBuilder()
          .addSpansBuilder()
          .setNameBytes(ByteString.copyFrom(new byte[text]));
      int excess = request.build().getSerializedSize() - bytes;
      if (excess == 0) {
        return request.build();
      }
      text -= excess;
    }
  }

  static ExportLogsServiceRequest logs(int count) {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    var scope = request.addResourceLogsBuilder().addScopeLogsBuilder();
    for (int i = 0; i < count; i++) {
      scope.addLogRecordsBuilder().getBodyBuilder().setStringValue("log " + i);
    }
    return request.build();
  }

  /** Five metrics, one of each type, with 1 to 5 points. */
  static ExportMetricsServiceRequest fifteenPoints() {
    ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
    ScopeMetrics.Builder scope = request.addResourceMetricsBuilder().addScopeMetricsBuilder();
    for (int i = 0; i < 5; i++) {
      var metric = scope.addMetricsBuilder().setName("metric " + i);
      for (int point = 0; point <= i; point++) {
        switch (i) {
          case 0 -> metric.getGaugeBuilder().addDataPointsBuilder().setAsDouble(1);
          case 1 -> metric.getSumBuilder().addDataPointsBuilder().setAsInt(1);
          case 2 -> metric.getHistogramBuilder().addDataPointsBuilder().setCount(1);
          case 3 -> metric.getExponentialHistogramBuilder().addDataPointsBuilder().setCount(1);
          default -> metric.getSummaryBuilder().addDataPointsBuilder().setCount(1);
        }
      }
    }
    return request.build();
  }

  static byte[] gzip(byte[] content) {
    return compressed(content, true);
  }

  static byte[] zlib(byte[] content) {
    return compressed(content, false);
  }

  /** Zeros, in 64 MiB to a member: about a thousandth of their number. */
  static byte[] gzipBomb(int members) {
    byte[] member = gzip(new byte[64 << 20]);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < members; i++) {
      out.writeBytes(member);
    }
    return out.toByteArray();
  }

  private static byte[] compressed(byte[] content, boolean gzip) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream compressor =
        gzip ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
      compressor.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private Requests() {}
}
