package dev.tallyspan.collector.receive;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tallyspan.collector.otlp.Outcome;
import dev.tallyspan.collector.otlp.Signal;
import dev.tallyspan.collector.otlp.StatusCode;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** Parses requests with the generated classes, and answers as it is told. */
final class ParsingIntake implements Intake {

  private final List<Message> requests = new CopyOnWriteArrayList<>();
  private final List<byte[]> bytes = new CopyOnWriteArrayList<>();
  private final AtomicReference<Intake> next = new AtomicReference<>();

  /** What was accepted, parsed. */
  List<Message> requests() {
    return requests;
  }

  /** What was accepted, as it came. */
  List<byte[]> bytes() {
    return bytes;
  }

  /** Has the next request, and those after it, answered by somebody else; null: accepted. */
  void answer(Intake intake) {
    next.set(intake);
  }

  void answer(Outcome outcome) {
    answer((signal, request) -> CompletableFuture.completedStage(outcome));
  }

  @Override
  public CompletionStage<Outcome> accept(Signal signal, byte[] request) {
    Message message;
    try {
      message =
          switch (signal) {
            case TRACES -> ExportTraceServiceRequest.parseFrom(request);
            case LOGS -> ExportLogsServiceRequest.parseFrom(request);
            case METRICS -> ExportMetricsServiceRequest.parseFrom(request);
          };
    } catch (InvalidProtocolBufferException e) {
      return CompletableFuture.completedStage(
          Outcome.refused(StatusCode.INVALID_ARGUMENT, "not protobuf"));
    }
    Intake other = next.get();
    if (other != null) {
      return other.accept(signal, request);
    }
    requests.add(message);
    bytes.add(request);
    return CompletableFuture.completedStage(Outcome.ACCEPTED);
  }
}
