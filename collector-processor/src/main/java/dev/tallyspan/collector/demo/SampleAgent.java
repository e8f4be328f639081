package dev.tallyspan.collector.demo;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An application with agents, instrumented by hand: a travel desk, and a nightly job with older
 * instrumentation. Its spans describe the minutes before a given time and are sent as OTLP over
 * HTTP, one request per trace. They have tokens but no cost.
 */
public final class SampleAgent {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /**
   * Records the sample's traces and sends them.
   *
   * @param endpoint the OTLP/HTTP server, without {@code /v1/traces}
   * @param now when the last trace ends
   * @return the number of spans sent
   * @throws IOException if the server does not accept a trace within ten seconds
   */
  public static int send(URI endpoint, Instant now) throws IOException {
    String url = endpoint.toString().replaceAll("/+$", "") + "/v1/traces";
    int sent = 0;
    // No retries: the server is on this machine, and the user waits.
    try (SpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(url)
            .setTimeout(TIMEOUT)
            .setRetryPolicy(null)
            .build()) {
      for (List<SpanData> trace : traces(now)) {
        CompletableResultCode result = exporter.export(trace);
        if (!result.join(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).isSuccess()) {
          throw new IOException(url + " did not accept the sample's spans", cause(result));
        }
        sent += trace.size();
      }
    }
    return sent;
  }

  private static List<List<SpanData>> traces(Instant now) {
    return List.of(
        record("ticket-digest", now, 905, (tracer, at) -> new OlderTraces(tracer).digest(at)),
        record("travel-desk", now, 361, (tracer, at) -> new TravelTraces(tracer).refundTicket(at)),
        record("travel-desk", now, 188, (tracer, at) -> new TravelTraces(tracer).planTrip(at)),
        record("travel-desk", now, 74, (tracer, at) -> new TravelTraces(tracer).answerQuestion(at)),
        record("travel-desk", now, 13, (tracer, at) -> new TravelTraces(tracer).planDays(at)));
  }

  private static List<SpanData> record(
      String service, Instant now, long secondsAgo, BiConsumer<Tracer, Long> script) {
    Ended ended = new Ended();
    Resource resource =
        Resource.getDefault()
            .merge(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        service,
                        AttributeKey.stringKey("service.version"),
                        "1.4.0",
                        AttributeKey.stringKey("deployment.environment.name"),
                        "demo")));
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder().setResource(resource).addSpanProcessor(ended).build()) {
      long at = TimeUnit.SECONDS.toNanos(now.getEpochSecond() - secondsAgo) + now.getNano();
      script.accept(provider.get("example." + service), at);
    }
    return ended.spans;
  }

  private static @Nullable Throwable cause(CompletableResultCode result) {
    return result.isDone() ? result.getFailureThrowable() : null;
  }

  private SampleAgent() {}

  /**
   * Collects ended spans. An application would use a {@code BatchSpanProcessor}, which does not
   * report whether its spans were delivered; the sample needs to know.
   */
  private static final class Ended implements SpanProcessor {
    private final List<SpanData> spans = new ArrayList<>();

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      spans.add(span.toSpanData());
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }
}
