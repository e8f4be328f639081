package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.KafkaReceiverConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.ReceiverConfig;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.kafka.KafkaLibrary;
import dev.tallyspan.collector.receiver.OtlpReceiver;
import dev.tallyspan.collector.receiver.kafka.KafkaReceiver;
import dev.tallyspan.collector.receiver.kafka.RefusedRecords;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A receiver that runs, of any type. */
interface RunningReceiver {

  /** Starts a receiver of one type with one configuration. */
  @FunctionalInterface
  interface Start {

    /**
     * @param limit how many bytes of requests it holds at most; 0 = its default
     * @throws IOException if it cannot start; the message names what of its configuration is wrong
     * @throws IllegalArgumentException if a file or a jar that it needs is missing
     */
    RunningReceiver with(Intake intake, RefusedRecords refused, long limit, Meter meter)
        throws IOException;
  }

  /**
   * A receiver that a configuration has.
   *
   * @param settings all that decides how it runs
   */
  record Configured(Object settings, Start start) {}

  /** Takes no more requests. Those in flight continue. Does not wait for them. */
  void stopAccepting();

  /** Blocks until the requests in flight are settled, at most for {@code drain}. */
  void close(Duration drain);

  /** The port of OTLP/gRPC; -1 if there is none. */
  default int grpcPort() {
    return -1;
  }

  /** The port of OTLP/HTTP; -1 if there is none. */
  default int httpPort() {
    return -1;
  }

  /** Returns the receivers of a configuration by their ids, in its order. */
  static Map<String, Configured> of(CollectorConfig config) {
    Map<String, Configured> receivers = new LinkedHashMap<>();
    for (ReceiverConfig each : config.receivers()) {
      receivers.put(
          each.id(),
          new Configured(
              each, (intake, refused, limit, meter) -> otlp(each, intake, limit, meter)));
    }
    for (KafkaReceiverConfig each : config.kafkaReceivers()) {
      each.of(PipelineConfig.signalsOf(each.id(), config.pipelines()))
          .ifPresent(
              settings ->
                  receivers.put(
                      each.id(),
                      new Configured(
                          settings,
                          (intake, refused, limit, meter) -> {
                            KafkaLibrary.require("receivers." + each.id());
                            return kafka(
                                KafkaReceiver.builder(each.id(), settings)
                                    .intake(intake)
                                    .refused(refused)
                                    .maxInFlightBytes(limit)
                                    .meter(meter)
                                    .build());
                          })));
    }
    return receivers;
  }

  private static RunningReceiver otlp(ReceiverConfig config, Intake intake, long limit, Meter meter)
      throws IOException {
    Authenticators authenticators = new Authenticators();
    OtlpReceiver otlp =
        Receivers.builder(config, authenticators)
            .maxInFlightBytes(limit)
            .intake(intake)
            .meter(meter)
            .build();
    RunningReceiver running =
        new RunningReceiver() {
          @Override
          public void stopAccepting() {
            otlp.stopAccepting();
          }

          @Override
          public void close(Duration drain) {
            otlp.close(drain);
            authenticators.close();
          }

          @Override
          public int grpcPort() {
            return otlp.grpcPort();
          }

          @Override
          public int httpPort() {
            return otlp.httpPort();
          }
        };
    try {
      otlp.start();
    } catch (IOException e) {
      running.close(Duration.ZERO);
      throw e;
    }
    return running;
  }

  private static RunningReceiver kafka(KafkaReceiver receiver) throws IOException {
    receiver.start();
    return new RunningReceiver() {
      @Override
      public void stopAccepting() {
        receiver.stopAccepting();
      }

      @Override
      public void close(Duration drain) {
        receiver.close(drain);
      }
    };
  }
}
