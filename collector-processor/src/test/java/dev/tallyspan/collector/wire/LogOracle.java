package dev.tallyspan.collector.wire;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.wire.ProtobufOracle.Edit;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Does with protobuf-java's objects what {@link LogRewriter} does with bytes. */
final class LogOracle {

  /** What an editor saw of a record, and what it asked for. */
  record Seen(
      LogRecord log, Resource resource, String scopeName, String scopeVersion, List<Edit> edits) {}

  record Located(LogRecord log, ResourceLogs resource, ScopeLogs scope) {}

  private LogOracle() {}

  /** An editor that notes all it can see of each record and makes random edits. */
  static LogRewriter.LogEditor editor(Random random, List<Seen> seen) {
    return (log, edits) -> {
      List<Edit> changes = ProtobufOracle.makeEdits(random, log.attributes(), edits);
      Resource.Builder resource = Resource.newBuilder();
      resource.addAllAttributes(ProtobufOracle.keyValues(log.resource()));
      seen.add(new Seen(log(log), resource.build(), log.scopeName(), log.scopeVersion(), changes));
    };
  }

  /** All that the view shows of a record. */
  private static LogRecord log(WireLog view) {
    LogRecord.Builder log =
        LogRecord.newBuilder()
            .setTraceId(ByteString.fromHex(view.traceId()))
            .setSpanId(ByteString.fromHex(view.spanId()))
            .setEventName(view.eventName())
            .setTimeUnixNano(view.epochNanos())
            .setObservedTimeUnixNano(view.observedEpochNanos())
            .addAllAttributes(ProtobufOracle.keyValues(view.attributes()));
    if (view.body().size() > 0) {
      log.setBody(ProtobufOracle.anyValue(view.body(), 0));
    }
    return log.build();
  }

  /** Of a parsed record, what the view shows of it. */
  static LogRecord visible(LogRecord log) {
    LogRecord.Builder visible =
        LogRecord.newBuilder()
            .setTraceId(log.getTraceId())
            .setSpanId(log.getSpanId())
            .setEventName(log.getEventName())
            .setTimeUnixNano(log.getTimeUnixNano())
            .setObservedTimeUnixNano(log.getObservedTimeUnixNano());
    if (log.hasBody()) {
      visible.setBody(ProtobufOracle.visible(log.getBody()));
    }
    for (KeyValue attribute : log.getAttributesList()) {
      visible.addAttributes(ProtobufOracle.visible(attribute));
    }
    return visible.build();
  }

  static boolean isShown(LogRecord log, List<String> keys, List<String> events) {
    return log.getAttributesList().stream().anyMatch(a -> startsWith(a.getKey(), keys))
        || log.getAttributesList().stream()
            .anyMatch(
                a ->
                    a.getKey().equals("event.name")
                        && startsWith(a.getValue().getStringValue(), events))
        || startsWith(log.getEventName(), events);
  }

  private static boolean startsWith(String text, List<String> prefixes) {
    return prefixes.stream().anyMatch(text::startsWith);
  }

  /** The record with the edits made; what is set comes last, sorted by key. */
  static LogRecord apply(LogRecord log, List<Edit> edits) {
    return withAttributes(log, ProtobufOracle.apply(log.getAttributesList(), edits));
  }

  /** A rewritten record in the order that {@link #apply} gives. */
  static LogRecord sorted(LogRecord log, List<Edit> edits) {
    return withAttributes(log, ProtobufOracle.sorted(log.getAttributesList(), edits));
  }

  private static LogRecord withAttributes(LogRecord log, List<KeyValue> attributes) {
    return log.toBuilder().clearAttributes().addAllAttributes(attributes).build();
  }

  /** A request's records with where they are. */
  static List<Located> logs(ExportLogsServiceRequest request) {
    List<Located> logs = new ArrayList<>();
    for (ResourceLogs resource : request.getResourceLogsList()) {
      for (ScopeLogs scope : resource.getScopeLogsList()) {
        scope.getLogRecordsList().forEach(log -> logs.add(new Located(log, resource, scope)));
      }
    }
    return logs;
  }

  /** The request with its records emptied: what must not change at all. */
  static ExportLogsServiceRequest withoutLogs(ExportLogsServiceRequest request) {
    ExportLogsServiceRequest.Builder builder = request.toBuilder();
    for (ResourceLogs.Builder resource : builder.getResourceLogsBuilderList()) {
      for (ScopeLogs.Builder scope : resource.getScopeLogsBuilderList()) {
        scope.getLogRecordsBuilderList().forEach(LogRecord.Builder::clear);
      }
    }
    return builder.build();
  }
}
