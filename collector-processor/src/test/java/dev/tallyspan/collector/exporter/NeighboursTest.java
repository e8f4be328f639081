package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.exporter.Destination.Answer;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten senders share a batch, and a real backend refuses what one of them sent. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NeighboursTest {

  static Stream<Arguments> modes() {
    return Stream.of(Protocol.values())
        .flatMap(
            protocol -> Stream.of(Arguments.of(protocol, false), Arguments.of(protocol, true)));
  }

  @ParameterizedTest(name = "{0} patient={1}")
  @MethodSource("modes")
  void onlyTheGuiltyIsRefused(Protocol protocol, boolean patient) throws Exception {
    try (Destination backend =
            new Destination(
                protocol, names -> names.contains("6") ? Answer.INVALID : Answer.ACCEPT);
        OtlpExporter exporter =
            OtlpExporter.builder("otlp/test", protocol)
                .endpoint("http://localhost:" + backend.port())
                .compression(Compression.NONE)
                .patient(patient)
                .timeout(Duration.ofSeconds(60))
                .queue(
                    QueueSettings.DEFAULT.withBatch(
                        new BatchSettings(Duration.ofSeconds(30), 10, 0, Sizer.ITEMS)))
                .build()) {
      List<CompletableFuture<Outcome>> senders = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        senders.add(
            Sending.send(
                exporter, Signal.TRACES, SpanRequests.request(SpanRequests.names(i, 1)), 1));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (CompletableFuture<Outcome> sender : senders) {
        outcomes.add(sender.get(60, TimeUnit.SECONDS));
      }

      assertThat(outcomes.remove(6))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.code()).isEqualTo(StatusCode.INVALID_ARGUMENT));
      assertThat(outcomes).hasSize(9).containsOnly(Outcome.ACCEPTED);
      List<String> good = new ArrayList<>(SpanRequests.names(0, 10));
      good.remove("6");
      assertThat(backend.accepted).containsExactlyInAnyOrderElementsOf(good);
      assertThat(backend.requests).hasSizeLessThanOrEqualTo(9);
    }
  }
}
