package dev.tallyspan.mcp;

import dev.tallyspan.api.GenAi;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/*
 * The SDK's clients are classes that cannot be wrapped, and a transport is what one gives them. So
 * the transport is wrapped: everything that a client sends and gets passes here, of the synchronous
 * and the asynchronous client alike, with the id of the request, which nothing above it knows.
 *
 * A request and its response are two messages. What is open is kept by the id of the request. A
 * response ends its span before the client gets it, so that who waits for the answer finds the span
 * ended. What never gets a response ends when sending fails, after the timeout, or when the
 * transport is closed.
 *
 * A message that cannot be recorded is sent as it is.
 */
/** A transport that writes a span for each request and notification. */
final class TracedTransport implements McpClientTransport {

  private final GenAi genAi;
  private final McpClientTransport transport;
  private final @Nullable Duration requestTimeout;
  private final SentMessages messages;
  private final OpenRequests open = new OpenRequests();

  TracedTransport(GenAi genAi, McpClientTransport transport, @Nullable Duration requestTimeout) {
    this.genAi = genAi;
    this.transport = transport;
    this.requestTimeout = requestTimeout;
    messages = new SentMessages(genAi, transport);
  }

  @Override
  public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
    return transport.connect(message -> handler.apply(message.doOnNext(this::arrived)));
  }

  private void arrived(JSONRPCMessage message) {
    if (message instanceof JSONRPCResponse response && response.id() != null) {
      SentMessage request = open.remove(response.id());
      if (request != null) {
        genAi.guard().run(() -> messages.answered(request, response));
        request.end();
      }
    }
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    if (!(message instanceof JSONRPCRequest) && !(message instanceof JSONRPCNotification)) {
      return transport.sendMessage(message);
    }
    return Mono.deferContextual(
        reactor -> {
          SentMessage sent = genAi.guard().get(() -> messages.start(message, parent(reactor)));
          return sent == null ? transport.sendMessage(message) : send(sent);
        });
  }

  private static Context parent(ContextView reactor) {
    Context parent = reactor.getOrDefault(Context.class, null);
    return parent == null ? Context.current() : parent;
  }

  private Mono<Void> send(SentMessage sent) {
    Object id = sent.id();
    if (id != null) {
      open.add(id, sent);
      genAi.guard().run(() -> expire(id, sent));
    }
    Mono<Void> sending;
    try {
      sending = transport.sendMessage(sent.message());
    } catch (Throwable t) {
      failed(sent, t);
      throw t;
    }
    Mono<Void> traced = current(sent, sending).doOnError(error -> failed(sent, error));
    // A notification gets no answer: it is over when it is sent.
    return id == null ? traced.doOnSuccess(nothing -> sent.end()).doOnCancel(sent::end) : traced;
  }

  /** The message is current for what the transport does to send it. */
  @SuppressWarnings("try") // the scope is only closed
  private static Mono<Void> current(SentMessage sent, Mono<Void> sending) {
    return Mono.fromDirect(
        subscriber -> {
          try (Scope scope = sent.makeCurrent()) {
            sending.subscribe(subscriber);
          }
        });
  }

  private void failed(SentMessage sent, Throwable error) {
    // After the response, a failure to close its stream is none of the request.
    if (sent.id() == null || open.remove(sent.id(), sent)) {
      sent.fail(error);
    }
  }

  private void expire(Object id, SentMessage sent) {
    if (requestTimeout != null) {
      sent.expiresWith(
          Schedulers.parallel()
              .schedule(
                  () -> {
                    if (open.remove(id, sent)) {
                      sent.fail("timeout");
                    }
                  },
                  requestTimeout.toNanos(),
                  TimeUnit.NANOSECONDS));
    }
  }

  @Override
  public Mono<Void> closeGracefully() {
    return transport.closeGracefully().doFinally(signal -> open.close());
  }

  @Override
  public void close() {
    try {
      transport.close();
    } finally {
      open.close();
    }
  }

  @Override
  public void setExceptionHandler(Consumer<Throwable> handler) {
    transport.setExceptionHandler(handler);
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
    return transport.unmarshalFrom(data, typeRef);
  }

  @Override
  public List<String> protocolVersions() {
    return transport.protocolVersions();
  }
}
