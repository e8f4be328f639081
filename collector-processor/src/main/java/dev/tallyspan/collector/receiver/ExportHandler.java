package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.auth.Verdict;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Sender;
import dev.tallyspan.collector.flow.Signal;
import io.grpc.Grpc;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Handles the method {@code Export} of one signal. grpc-java calls the listener of each call in
 * order, never concurrently: on the event loop or, for compressed requests, on a worker. The
 * outcome may arrive on any thread.
 */
final class ExportHandler implements ServerCallHandler<InputStream, byte[]> {

  private final Signal signal;
  private final RequestDispatcher reception;
  private final int maxRequestBytes;
  private final Duration readTimeout;
  private final @Nullable Admission admission;
  private final Metadata.@Nullable Key<String> credentials;
  private final Timer timer;
  private final RequestWorkers workers;

  /**
   * @param admission null = anyone may send
   */
  ExportHandler(
      Signal signal,
      RequestDispatcher reception,
      int maxRequestBytes,
      Duration readTimeout,
      @Nullable Admission admission,
      Timer timer,
      RequestWorkers workers) {
    this.signal = signal;
    this.reception = reception;
    this.maxRequestBytes = maxRequestBytes;
    this.readTimeout = readTimeout;
    this.admission = admission;
    this.credentials =
        admission == null
            ? null
            : Metadata.Key.of(admission.header(), Metadata.ASCII_STRING_MARSHALLER);
    this.timer = timer;
    this.workers = workers;
  }

  @Override
  public ServerCall.Listener<InputStream> startCall(
      ServerCall<InputStream, byte[]> call, Metadata headers) {
    GrpcStream stream = GrpcStream.CURRENT.get();
    if (!stream.begin(call)) {
      return new ServerCall.Listener<>() {};
    }
    if (admission == null || credentials == null) {
      Export export = new Export(call, stream);
      export.read();
      return export;
    }
    SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    CompletableFuture<Verdict> verdict = admission.check(headers.get(credentials));
    Refusal refusal = verdict.isDone() ? admission.refusal(verdict.join(), peer) : null;
    if (refusal != null) {
      stream.refuse(refusal);
      return new ServerCall.Listener<>() {};
    }
    Export export = new Export(call, stream);
    Admission gate = admission;
    // Nothing of the body is read before.
    verdict.thenAccept(
        done -> {
          if (done instanceof Verdict.Accepted accepted) {
            export.sender = accepted.sender();
            export.read();
            return;
          }
          Refusal late = gate.refusal(done, peer);
          if (late != null) {
            stream.refuse(late);
          }
        });
    return export;
  }

  private final class Export extends ServerCall.Listener<InputStream> {

    private final ServerCall<InputStream, byte[]> call;
    private final GrpcStream stream;

    /** Null if there is no time limit. */
    private final @Nullable Timeout timeout;

    /** Written before the first message is asked for; null if that is not known. */
    private volatile @Nullable Sender sender;

    private byte @Nullable [] request;
    private RequestDispatcher.@Nullable Acknowledgement acknowledgement;

    Export(ServerCall<InputStream, byte[]> call, GrpcStream stream) {
      this.call = call;
      this.stream = stream;
      this.timeout =
          readTimeout.isZero()
              ? null
              : timer.newTimeout(
                  expired -> stream.refuse(Refusal.timedOut()),
                  readTimeout.toMillis(),
                  TimeUnit.MILLISECONDS);
    }

    /** Asks for one more message than allowed, to detect a second one. Called on any thread. */
    void read() {
      call.request(2);
    }

    @Override
    public void onMessage(InputStream message) {
      if (request != null) {
        stream.refuse(Refusal.malformed("Export takes one request per call"));
        return;
      }
      try {
        request = read(message);
      } catch (RefusedException e) {
        stream.refuse(e.refusal());
      } catch (IOException | RuntimeException e) {
        stream.refuse(Refusal.malformed("the request cannot be decompressed"));
      }
    }

    @Override
    public void onHalfClose() {
      cancelTimeout();
      byte[] received = request;
      if (received == null) {
        stream.refuse(Refusal.malformed("Export takes one request per call"));
      } else if (stream.handOn()) {
        handOn(received);
        request = null;
      }
    }

    @Override
    public void onCancel() {
      cancelTimeout();
      request = null;
      if (acknowledgement != null) {
        acknowledgement.withdraw();
      }
    }

    private void handOn(byte[] bytes) {
      RequestDispatcher.Acknowledgement opened =
          reception.open(signal, stream.reservation(), sender, this::answer);
      acknowledgement = opened;
      if (!workers.offer(() -> reception.handle(bytes, opened))) {
        stream.reservation().release();
        stream.refuse(Refusal.overloaded());
      }
    }

    private byte[] read(InputStream message) throws IOException, RefusedException {
      if (message instanceof KnownLength) {
        // It is not compressed, and its memory was reserved when its frames arrived.
        byte[] bytes = new byte[message.available()];
        message.readNBytes(bytes, 0, bytes.length);
        return bytes;
      }
      RequestBytes bytes =
          new RequestBytes(maxRequestBytes, stream.reservation(), /* expected= */ 0);
      bytes.append(message);
      byte[] array = bytes.toByteArray();
      stream.reservation().shrinkTo(array.length);
      return array;
    }

    /** Called on any thread. */
    private void answer(Outcome outcome) {
      if (!stream.end()) {
        return;
      }
      if (outcome instanceof Outcome.Refused refused) {
        GrpcStream.close(call, Refusal.of(refused));
      } else {
        call.sendHeaders(new Metadata());
        call.sendMessage(OtlpResponses.response(outcome));
        call.close(Status.OK, new Metadata());
      }
    }

    private void cancelTimeout() {
      if (timeout != null) {
        timeout.cancel();
      }
    }
  }
}
