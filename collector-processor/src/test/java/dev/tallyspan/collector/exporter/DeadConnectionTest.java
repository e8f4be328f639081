package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadConnectionTest {

  private static Outcome send(OtlpExporter exporter) throws Exception {
    return Sending.send(exporter, Signal.TRACES, Backend.slices("body"), 1)
        .get(60, TimeUnit.SECONDS);
  }

  @Test
  void grpcLeavesAConnectionThatIsHalfOpen() throws Exception {
    try (GrpcSink sink = new GrpcSink();
        FaultyWire wire = new FaultyWire(sink.port());
        OtlpExporter exporter =
            OtlpExporter.builder("otlp_grpc", Protocol.GRPC)
                .endpoint("http://localhost:" + wire.port())
                .timeout(Duration.ofMillis(500))
                .retry(Sending.RETRY_SOON)
                .build()) {
      assertThat(send(exporter)).isEqualTo(Outcome.ACCEPTED);
      wire.silenceConnections();

      assertThat(send(exporter)).isEqualTo(Outcome.ACCEPTED);
      assertThat(wire.connections.get()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void httpLeavesAConnectionThatIsHalfOpen() throws Exception {
    try (HttpSink sink = new HttpSink();
        FaultyWire wire = new FaultyWire(sink.port());
        OtlpExporter exporter =
            OtlpExporter.builder("otlp_http", Protocol.HTTP_PROTOBUF)
                .endpoint("http://localhost:" + wire.port())
                .timeout(Duration.ofMillis(500))
                .retry(Sending.RETRY_SOON)
                .build()) {
      assertThat(send(exporter)).isEqualTo(Outcome.ACCEPTED);
      wire.silenceConnections();

      assertThat(send(exporter)).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void httpSendsAgainAtOnceWhenAKeptConnectionBreaks() throws Exception {
    try (HttpSink sink = new HttpSink();
        FaultyWire wire = new FaultyWire(sink.port());
        OtlpExporter exporter =
            OtlpExporter.builder("otlp_http", Protocol.HTTP_PROTOBUF)
                .endpoint("http://localhost:" + wire.port())
                .retry(RetrySettings.DISABLED)
                .build()) {
      assertThat(send(exporter)).isEqualTo(Outcome.ACCEPTED);
      wire.cutConnections();

      assertThat(send(exporter)).isEqualTo(Outcome.ACCEPTED);
      assertThat(wire.connections).hasValue(2);
    }
  }

  /** What grpc-java makes of it depends on who notices first. */
  @RepeatedTest(20)
  void grpcSendsAgainWhenItsConnectionBreaks() throws Exception {
    try (GrpcSink sink = new GrpcSink();
        FaultyWire wire = new FaultyWire(sink.port());
        OtlpExporter exporter =
            OtlpExporter.builder("otlp_grpc", Protocol.GRPC)
                .endpoint("http://localhost:" + wire.port())
                .retry(Sending.RETRY_SOON)
                .build()) {
      assertThat(send(exporter)).isEqualTo(Outcome.ACCEPTED);
      wire.cutConnections();

      assertThat(send(exporter)).isEqualTo(Outcome.ACCEPTED);
    }
  }
}
