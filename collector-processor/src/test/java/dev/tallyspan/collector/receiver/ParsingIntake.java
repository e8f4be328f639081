package dev.tallyspan.collector.receiver;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Sender;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Parses requests with the generated classes, and answers as it is told. */
final class ParsingIntake implements Intake {

  private final List<Message> requests = new CopyOnWriteArrayList<>();
  private final List<byte[]> bytes = new CopyOnWriteArrayList<>();
  private final List<Optional<Sender>> senders = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger withdrawals = new AtomicInteger();
  private final AtomicReference<Answer> next = new AtomicReference<>();

  /** What was accepted, parsed. */
  List<Message> requests() {
    return requests;
  }

  /** What was accepted, as it came. */
  List<byte[]> bytes() {
    return bytes;
  }

  /** Who sent what was accepted. */
  List<Optional<Sender>> senders() {
    return senders;
  }

  /** Has the next request, and those after it, answered by another; null: accepted. */
  void answer(Answer other) {
    next.set(other);
  }

  void answer(Outcome outcome) {
    answer((signal, request) -> CompletableFuture.completedStage(outcome));
  }

  /**
   * How many requests an {@link Answer} was asked about. The receiver holds their bytes longer,
   * from before they are complete.
   */
  int asked() {
    return asked.get();
  }

  /** How often a sender that went away withdrew its request. */
  int withdrawals() {
    return withdrawals.get();
  }

  @Override
  public void accept(OtlpRequest request) {
    request.ack().onWithdrawal(withdrawals::incrementAndGet);
    byte[] body = request.bytes().contiguous();
    Message message;
    try {
      message =
          switch (request.signal()) {
            case TRACES -> ExportTraceServiceRequest.parseFrom(body);
            case LOGS -> ExportLogsServiceRequest.parseFrom(body);
            case METRICS -> ExportMetricsServiceRequest.parseFrom(body);
          };
    } catch (InvalidProtocolBufferException e) {
      request.ack().settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, "not protobuf"));
      return;
    }
    Answer other = next.get();
    if (other != null) {
      asked.incrementAndGet();
      other.to(request.signal(), body).thenAccept(request.ack()::settle);
      return;
    }
    requests.add(message);
    bytes.add(body);
    senders.add(Optional.ofNullable(request.sender()));
    request.ack().settle(Outcome.ACCEPTED);
  }

  /** What a request is answered with. */
  interface Answer {
    CompletionStage<Outcome> to(Signal signal, byte[] request);
  }
}
