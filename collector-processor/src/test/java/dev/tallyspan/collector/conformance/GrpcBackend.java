package dev.tallyspan.collector.conformance;

import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A backend with OTLP/gRPC for traces. It compresses its responses, and accepts everything. */
final class GrpcBackend implements AutoCloseable {

  final List<ExportTraceServiceRequest> arrivals = new CopyOnWriteArrayList<>();

  /** Answers a request; what it throws is the status. */
  volatile Function<ExportTraceServiceRequest, ExportTraceServiceResponse> rule =
      request -> ExportTraceServiceResponse.getDefaultInstance();

  private final Server server;

  GrpcBackend() throws IOException {
    ServerInterceptor gzip =
        new ServerInterceptor() {
          @Override
          public <Q, R> io.grpc.ServerCall.Listener<Q> interceptCall(
              io.grpc.ServerCall<Q, R> call,
              io.grpc.Metadata headers,
              io.grpc.ServerCallHandler<Q, R> next) {
            call.setCompression("gzip");
            return next.startCall(call, headers);
          }
        };
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), /* port= */ 0))
            .intercept(gzip)
            .addService(
                new TraceServiceGrpc.TraceServiceImplBase() {
                  @Override
                  public void export(
                      ExportTraceServiceRequest request,
                      StreamObserver<ExportTraceServiceResponse> observer) {
                    arrivals.add(request);
                    answer(request, observer);
                  }
                })
            .build()
            .start();
  }

  private void answer(
      ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> observer) {
    ExportTraceServiceResponse response;
    try {
      response = rule.apply(request);
    } catch (RuntimeException e) {
      observer.onError(e);
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }

  String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
