package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.config.ListenEndpoint;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.receiver.OtlpReceiver;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Runs a server for a moment, with all that most servers use, and sends it a request. A JVM that is
 * told to keep the classes it has loaded for its next start has most of what a server needs then.
 */
public final class Training {

  private static final String CONFIG =
      """
      receivers:
        otlp: {protocols: {grpc: {endpoint: "127.0.0.1:0"}, http: {endpoint: "127.0.0.1:0"}}}
      processors:
        memory_limiter: {check_interval: 1s, limit_percentage: 80}
        batch:
        tallyspan: {window: {wait: 100ms, wait_after_root: 100ms}}
      exporters:
        otlp_grpc: {endpoint: "127.0.0.1:%d", tls: {insecure: true}}
        otlp_http: {endpoint: "http://127.0.0.1:%d"}
      service:
        telemetry: {logs: {level: error}}
        pipelines:
          traces/durable:
            receivers: [otlp]
            processors: [memory_limiter, tallyspan, batch]
            exporters: [otlp_grpc]
          traces/direct:
            receivers: [otlp]
            processors: [tallyspan]
            exporters: [otlp_http]
            queue: direct
      """;

  private Training() {}

  /**
   * Runs the server.
   *
   * @param directory for its files; the caller deletes it
   * @return whether what was sent has arrived at the exporters' destination within 20 s
   */
  public static boolean run(Path directory) throws IOException, InterruptedException {
    CountDownLatch spans = new CountDownLatch(4);
    try (OtlpReceiver backend =
        OtlpReceiver.builder()
            .name("backend")
            .grpcEndpoint("127.0.0.1:0")
            .httpEndpoint("127.0.0.1:0")
            .intake(
                request -> {
                  IntStream.range(0, request.items()).forEach(span -> spans.countDown());
                  request.ack().settle(Outcome.ACCEPTED);
                })
            .build()) {
      backend.start();
      Path file = directory.resolve("collector.yaml");
      Files.writeString(file, CONFIG.formatted(backend.grpcPort(), backend.httpPort()));
      try {
        CollectorConfig config =
            ConfigLoader.load(file, Map.of()).withDataDirectory(directory.resolve("data"));
        return serve(config, spans);
      } catch (ConfigException e) {
        throw new IllegalStateException(e); // Cannot happen: it is the text above.
      }
    }
  }

  private static boolean serve(CollectorConfig config, CountDownLatch spans)
      throws IOException, InterruptedException {
    try (OwnTelemetry telemetry = OwnTelemetry.start(new ListenEndpoint("127.0.0.1", 0));
        CollectorServer server =
            CollectorServer.builder(config)
                .meter(telemetry.meter())
                .metricReaders(telemetry::connectorReader)
                .start()) {
      WarmUp.run(config);
      WarmUp.send(server.httpPort("otlp"), server.grpcPort("otlp"));
      telemetry.ready(server::isHealthy);
      boolean arrived = spans.await(20, TimeUnit.SECONDS);
      for (String path : new String[] {"/metrics", "/readyz"}) {
        URI page = URI.create("http://127.0.0.1:" + telemetry.port() + path);
        try (InputStream in = page.toURL().openStream()) {
          in.readAllBytes();
        }
      }
      return arrived;
    }
  }
}
