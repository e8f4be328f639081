package dev.tallyspan.collector.exporter;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A real server of either protocol. Which spans it gets decides how it answers. */
final class Destination implements AutoCloseable {

  enum Answer {
    ACCEPT,
    /** {@code UNAVAILABLE} or 503. */
    DOWN,
    /** {@code UNAVAILABLE} with RetryInfo, or 503 with Retry-After: in one second. */
    DOWN_WITH_DELAY,
    /** {@code RESOURCE_EXHAUSTED} with RetryInfo, or 429 with Retry-After: in one second. */
    THROTTLE,
    /** {@code RESOURCE_EXHAUSTED} without RetryInfo, which HTTP does not have. */
    EXHAUSTED,
    INVALID,
    /** As a gRPC server does that accepts 4 MiB, or 413. */
    TOO_LARGE,
    UNAUTHENTICATED,
    /** One of the spans was not accepted. */
    ALL_BUT_ONE,
    NONE
  }

  /** The spans of each request that arrived. */
  final List<List<String>> requests = new CopyOnWriteArrayList<>();

  /** The spans that were accepted, in order. */
  final List<String> accepted = new CopyOnWriteArrayList<>();

  private final Function<List<String>, Answer> rule;
  private final Runnable close;
  private final int port;

  /**
   * @param rule called on several threads
   */
  Destination(Protocol protocol, Function<List<String>, Answer> rule) throws IOException {
    this.rule = rule;
    if (protocol == Protocol.GRPC) {
      GrpcSink grpc = new GrpcSink();
      grpc.rule = body -> grpc(answer(body));
      port = grpc.port();
      close = grpc::close;
    } else {
      HttpSink http = new HttpSink();
      http.rule = body -> http(answer(body));
      port = http.port();
      close = http::close;
    }
  }

  int port() {
    return port;
  }

  private Answer answer(byte[] body) {
    List<String> names = SpanRequests.names(body);
    requests.add(names);
    Answer answer = rule.apply(names);
    if (answer == Answer.ACCEPT || answer == Answer.ALL_BUT_ONE) {
      accepted.addAll(names);
    }
    return answer;
  }

  private static GrpcSink.Answer grpc(Answer answer) {
    return switch (answer) {
      case ACCEPT -> GrpcSink.Answer.message(new byte[0]);
      case DOWN -> GrpcSink.Answer.of(Status.UNAVAILABLE);
      case DOWN_WITH_DELAY -> delayed(Status.UNAVAILABLE);
      case THROTTLE -> delayed(Status.RESOURCE_EXHAUSTED);
      case EXHAUSTED -> GrpcSink.Answer.of(Status.RESOURCE_EXHAUSTED.withDescription("quota"));
      case INVALID -> GrpcSink.Answer.of(Status.INVALID_ARGUMENT);
      case TOO_LARGE ->
          GrpcSink.Answer.of(
              Status.RESOURCE_EXHAUSTED.withDescription(
                  "grpc: received message larger than max (9999999 vs. 4194304)"));
      case UNAUTHENTICATED -> GrpcSink.Answer.of(Status.UNAUTHENTICATED);
      case ALL_BUT_ONE -> GrpcSink.Answer.message(allButOne());
      case NONE -> null;
    };
  }

  private static GrpcSink.Answer delayed(Status status) {
    Metadata trailers = new Metadata();
    RetryInfo info =
        RetryInfo.newBuilder()
            .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(1))
            .build();
    trailers.put(
        GrpcSink.DETAILS,
        com.google.rpc.Status.newBuilder().addDetails(Any.pack(info)).build().toByteArray());
    return new GrpcSink.Answer(status, trailers, null);
  }

  private static HttpSink.Answer http(Answer answer) {
    return switch (answer) {
      case ACCEPT -> HttpSink.Answer.of(200);
      case DOWN -> HttpSink.Answer.of(503);
      case DOWN_WITH_DELAY -> HttpSink.Answer.of(503, "Retry-After", "1");
      case THROTTLE -> HttpSink.Answer.of(429, "Retry-After", "1");
      case EXHAUSTED -> throw new IllegalArgumentException();
      case INVALID -> HttpSink.Answer.of(400);
      case TOO_LARGE -> HttpSink.Answer.of(413);
      case UNAUTHENTICATED -> HttpSink.Answer.of(401);
      case ALL_BUT_ONE -> HttpSink.Answer.protobuf(allButOne());
      case NONE -> null;
    };
  }

  private static byte[] allButOne() {
    return ExportTraceServiceResponse.newBuilder()
        .setPartialSuccess(ExportTracePartialSuccess.newBuilder().setRejectedSpans(1))
        .build()
        .toByteArray();
  }

  @Override
  public void close() {
    close.run();
  }
}
