package dev.tallyspan.collector.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpReceiverTest {

  @Test
  void protocolThatIsNotNamedIsOff() throws Exception {
    try (OtlpReceiver receiver = builder().httpEndpoint("127.0.0.1:0").build()) {
      assertThat(receiver.httpPort()).isEqualTo(-1);
      receiver.start();
      assertThat(receiver.httpPort()).isPositive();
      assertThat(receiver.grpcPort()).isEqualTo(-1);
    }
  }

  @Test
  void takenPortIsNamedAndNothingListens() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      String endpoint = "localhost:" + taken.getLocalPort();
      try (OtlpReceiver http =
              builder().grpcEndpoint("localhost:0").httpEndpoint(endpoint).build();
          OtlpReceiver grpc =
              builder().grpcEndpoint(endpoint).httpEndpoint("localhost:0").build()) {
        assertThatThrownBy(http::start)
            .isInstanceOf(IOException.class)
            .hasMessage(
                "protocols.http.endpoint=localhost/127.0.0.1:%d: cannot listen: Address already in"
                    + " use; stop the process that uses the port, or configure another port",
                taken.getLocalPort());
        assertThat(http.grpcPort()).isEqualTo(-1);
        assertThatThrownBy(grpc::start)
            .hasMessageStartingWith("protocols.grpc.endpoint=localhost/127.0.0.1:");
      }
    }
  }

  @Test
  void localhostIsBothAddressesOfTheMachineOnOnePort() throws Exception {
    InetAddress six = InetAddress.getByName("::1");
    assumeTrue(NetworkInterface.getByInetAddress(six) != null, "no IPv6 on this machine");
    int http;
    try (OtlpReceiver receiver =
        builder().grpcEndpoint("localhost:0").httpEndpoint("localhost:0").build()) {
      receiver.start();
      http = receiver.httpPort();
      for (InetAddress address : List.of(InetAddress.getByName("127.0.0.1"), six)) {
        new Socket(address, receiver.grpcPort()).close();
        new Socket(address, http).close();
      }
    }
    assertThatThrownBy(() -> new Socket(six, http)).isInstanceOf(ConnectException.class);
  }

  @Test
  void portThatIsTakenOnOneAddressOfLocalhostIsNamed() throws Exception {
    InetAddress six = InetAddress.getByName("::1");
    assumeTrue(NetworkInterface.getByInetAddress(six) != null, "no IPv6 on this machine");
    try (ServerSocket taken = new ServerSocket(0, 1, six);
        OtlpReceiver receiver =
            builder().httpEndpoint("localhost:" + taken.getLocalPort()).build()) {
      assertThatThrownBy(receiver::start)
          .hasMessageStartingWith("protocols.http.endpoint=localhost/[0:0:0:0:0:0:0:1]:");
      assertThatThrownBy(() -> new Socket("127.0.0.1", taken.getLocalPort()))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void requestThatIsSettledWhenItsReceiverIsClosedIsNoFault() throws Exception {
    BlockingQueue<OtlpRequest> requests = new LinkedBlockingQueue<>();
    OtlpReceiver receiver =
        OtlpReceiver.builder()
            .httpEndpoint("127.0.0.1:0")
            .grpcEndpoint("127.0.0.1:0")
            .intake(requests::add)
            .build();
    receiver.start();
    HttpClient.newHttpClient()
        .sendAsync(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + receiver.httpPort() + "/v1/traces"))
                .header("content-type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Requests.spans(1).toByteArray()))
                .build(),
            HttpResponse.BodyHandlers.discarding());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", receiver.grpcPort()).usePlaintext().build();
    try {
      TraceServiceGrpc.newFutureStub(channel).export(Requests.spans(1));
      OtlpRequest one = requests.poll(60, TimeUnit.SECONDS);
      OtlpRequest other = requests.poll(60, TimeUnit.SECONDS);

      receiver.close(Duration.ZERO);

      one.ack().settle(Outcome.ACCEPTED);
      other.ack().settle(Outcome.ACCEPTED);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void closingTwiceOrWithoutStartingIsHarmless() throws Exception {
    OtlpReceiver never = builder().httpEndpoint("localhost:0").build();
    never.close();
    OtlpReceiver receiver = builder().httpEndpoint("localhost:0").build();
    receiver.start();
    receiver.close(Duration.ZERO);
    receiver.close();
    assertThatThrownBy(receiver::start).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "localhost:", "localhost:x", "localhost:70000", "localhost:-1"})
  void endpointWithoutAPortIsRefused(String endpoint) {
    assertThatThrownBy(() -> builder().grpcEndpoint(endpoint).build())
        .hasMessage(
            "grpcEndpoint=" + endpoint + ": must be host:port, with a port of at most 65535");
  }

  @Test
  void settingsThatCannotBeMeantAreRefused() {
    refused(settings -> settings.maxRequestBytes(0), "grpcMaxRequestBytes=0: must be 1 to");
    refused(settings -> settings.maxInFlightBytes(-1), "maxInFlightBytes=-1: must not be negative");
    refused(settings -> settings.grpcMaxConcurrentStreams(0), "grpcMaxConcurrentStreams=0: must");
    refused(settings -> settings.grpcKeepAliveTime(Duration.ZERO), "grpcKeepAliveTime=PT0S: must");
    refused(settings -> settings.readTimeout(Duration.ofSeconds(-1)), "readTimeout=PT-1S: must");
    refused(settings -> settings.httpPath(Signal.LOGS, "v1/logs"), "httpPath=v1/logs: must start");
    refused(
        settings -> settings.httpPath(Signal.LOGS, "/v1/traces"),
        "httpPath=/v1/traces: is configured for two signals");
    refused(settings -> settings.httpEndpoint("::1:4318"), "httpEndpoint=::1:4318: an IPv6");
    assertThatThrownBy(() -> builder().build()).hasMessageStartingWith("protocols: neither grpc");
    assertThatThrownBy(() -> OtlpReceiver.builder().grpcEndpoint("localhost:0").build())
        .hasMessage("intake=null: is required");
  }

  @Test
  void tlsFileThatIsNotThereIsNamed() throws Exception {
    Path nowhere = Path.of("no-such-file.pem");
    try (OtlpReceiver receiver =
        builder()
            .grpcEndpoint("localhost:0")
            .grpcTls(ServerTls.of(nowhere, nowhere, null))
            .build()) {
      assertThatThrownBy(receiver::start).hasMessage("cert_file=no-such-file.pem: cannot be read");
    }
  }

  private static void refused(UnaryOperator<OtlpReceiverBuilder> settings, String message) {
    OtlpReceiverBuilder builder = builder().grpcEndpoint("localhost:0").httpEndpoint("localhost:0");
    assertThatThrownBy(() -> settings.apply(builder).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  private static OtlpReceiverBuilder builder() {
    return OtlpReceiver.builder().intake(new ParsingIntake());
  }
}
