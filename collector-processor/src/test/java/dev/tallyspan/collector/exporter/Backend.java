package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.FakeTimer;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** An exporter before a scripted backend, in virtual time. */
final class Backend {
  final FakeTimer timer = new FakeTimer();
  final ScriptedTransport transport = new ScriptedTransport();
  final Metrics metrics = new Metrics();
  final OtlpExporter exporter;

  Backend(Consumer<OtlpExporter.Builder> settings) {
    OtlpExporter.Builder builder =
        OtlpExporter.builder("otlp_grpc/test", Protocol.GRPC).meter(metrics.meter());
    builder.timer = timer;
    builder.transport = transport;
    builder.executor = Runnable::run;
    builder.random = () -> 0.5; // No jitter.
    settings.accept(builder);
    exporter = builder.build();
  }

  CompletableFuture<Outcome> send(String body, int items) {
    return send(Signal.TRACES, body, items);
  }

  CompletableFuture<Outcome> send(Signal signal, String body, int items) {
    return Sending.send(exporter, signal, slices(body), items);
  }

  CompletableFuture<Outcome> send(List<String> names) {
    return Sending.send(exporter, Signal.TRACES, SpanRequests.request(names), names.size());
  }

  static Slices slices(String body) {
    return Slices.of(body.getBytes(StandardCharsets.UTF_8));
  }
}
