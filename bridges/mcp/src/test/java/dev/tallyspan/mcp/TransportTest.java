package dev.tallyspan.mcp;

import static dev.tallyspan.bridges.testkit.Traces.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.Traces;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A transport that answers when, and as, a test says. */
class TransportTest {

  private final Traces traces = new Traces();
  private final GenAi genAi = traces.genAi();
  private final List<JSONRPCMessage> sent = new ArrayList<>();
  private final AtomicReference<Mono<Void>> sending = new AtomicReference<>(Mono.empty());
  private final AtomicReference<Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>>> handler =
      new AtomicReference<>();

  private final McpClientTransport plain =
      new McpClientTransport() {
        @Override
        public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> it) {
          handler.set(it);
          return Mono.empty();
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message) {
          sent.add(message);
          return sending.get();
        }

        @Override
        public Mono<Void> closeGracefully() {
          return Mono.empty();
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
          return McpJsonDefaults.getMapper().convertValue(data, type);
        }
      };

  private final McpClientTransport transport = TallyspanMcp.wrap(genAi, plain);

  TransportTest() {
    transport.connect(message -> message).block();
  }

  @AfterEach
  void close() {
    traces.close();
  }

  private void send(String method, Object id) {
    transport.sendMessage(new JSONRPCRequest(method, id, null)).block();
  }

  private void answer(Object id, Object result) {
    handler.get().apply(Mono.just(JSONRPCResponse.result(id, result))).block();
  }

  @Test
  void aRequestEndsWithItsResponse() {
    send("ping", "1");
    assertThat(traces.all()).isEmpty();

    answer("1", Map.of());

    assertThat(text(traces.only(), "jsonrpc.request.id")).isEqualTo("1");
    assertThat(text(traces.only(), "error.type")).isNull();
  }

  @Test
  void aResponseWithoutARequestIsPassedOn() {
    answer("none", Map.of());

    assertThat(traces.all()).isEmpty();
    assertThat(genAi.faults()).isZero();
  }

  @Test
  void responsesOfTheClientAreNotRecorded() {
    JSONRPCResponse response = JSONRPCResponse.result("1", Map.of());

    transport.sendMessage(response).block();

    assertThat(sent).containsExactly(response);
    assertThat(traces.all()).isEmpty();
  }

  @Test
  void whatCannotBeSentIsAnErrorAndPassedOn() {
    sending.set(Mono.error(new IllegalStateException("broken")));

    assertThatThrownBy(() -> send("ping", "1")).hasMessage("broken");

    assertThat(text(traces.only(), "error.type")).isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void aFailureAfterTheResponseIsNoneOfATool() {
    Sinks.Empty<Void> stream = Sinks.empty();
    sending.set(stream.asMono());
    try (var run = genAi.tool("weather").start()) {
      transport
          .sendMessage(new JSONRPCRequest("tools/call", "1", Weather.call("weather")))
          .subscribe(nothing -> {}, error -> {});
      answer("1", Map.of("content", List.of()));
      stream.tryEmitError(new IllegalStateException("stream is closed"));
      run.result("sunny");
    }

    assertThat(text(traces.only(), "mcp.method.name")).isEqualTo("tools/call");
    assertThat(text(traces.only(), "error.type")).isNull();
  }

  @Test
  void theSpanIsCurrentWhileTheTransportSends() {
    AtomicReference<String> current = new AtomicReference<>();
    sending.set(Mono.fromRunnable(() -> current.set(Span.current().getSpanContext().getSpanId())));

    transport.sendMessage(new JSONRPCNotification("notifications/cancelled")).block();

    assertThat(current).hasValue(traces.only().getSpanId());
  }

  @Test
  void theContextOfReactorReachesTheTransport() {
    AtomicReference<String> value = new AtomicReference<>();
    sending.set(
        Mono.deferContextual(
            context -> {
              value.set(context.get("key"));
              return Mono.empty();
            }));

    transport
        .sendMessage(new JSONRPCRequest("ping", "1", null))
        .contextWrite(context -> context.put("key", "value"))
        .block();

    assertThat(value).hasValue("value");
  }

  @Test
  void theOldestOfVeryManyOpenRequestsIsGivenUp() {
    for (int i = 0; i <= 4096; i++) {
      send("ping", i);
    }

    SpanData span = traces.only();
    assertThat(text(span, "jsonrpc.request.id")).isEqualTo("0");
    assertThat(text(span, "error.type")).isEqualTo("timeout");
  }
}
