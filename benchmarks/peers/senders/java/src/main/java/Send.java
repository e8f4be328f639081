import static java.util.concurrent.TimeUnit.SECONDS;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;

/**
 * Sends one LLM span for each leg with the exporters of OpenTelemetry Java.
 *
 * <p>{@code Send GRPC_ENDPOINT HTTP_ENDPOINT LEG...}; a leg is {@code PROTOCOL,COMPRESSION}. Prints
 * the legs that were accepted.
 */
public final class Send {

  /** Keeps the result of an export, which a processor drops. */
  private static final class Watched implements SpanExporter {
    private final SpanExporter exporter;
    private CompletableResultCode result = CompletableResultCode.ofFailure();

    Watched(SpanExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      result = exporter.export(spans);
      return result;
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }

  private Send() {}

  public static void main(String[] arguments) {
    for (String leg : List.of(arguments).subList(2, arguments.length)) {
      Watched watched = new Watched(exporter(leg.split(","), arguments[0], arguments[1]));
      try (SdkTracerProvider provider =
          SdkTracerProvider.builder()
              .setResource(Resource.builder().put("service.name", "sdks-java").build())
              .addSpanProcessor(SimpleSpanProcessor.create(watched))
              .build()) {
        provider
            .get("sdks")
            .spanBuilder("chat gpt-4o")
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("interop.leg", leg)
            .setAttribute("gen_ai.operation.name", "chat")
            .setAttribute("gen_ai.provider.name", "openai")
            .setAttribute("gen_ai.request.model", "gpt-4o")
            .setAttribute("gen_ai.response.model", "gpt-4o")
            .setAttribute(
                AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of("stop"))
            .setAttribute("gen_ai.usage.input_tokens", 1000)
            .setAttribute("gen_ai.usage.output_tokens", 500)
            .startSpan()
            .end();
        provider.forceFlush().join(10, SECONDS);
      }
      if (watched.result.join(10, SECONDS).isSuccess()) {
        System.out.println(leg);
      }
    }
    System.exit(0); // The HTTP client keeps threads.
  }

  private static SpanExporter exporter(String[] leg, String grpcEndpoint, String httpEndpoint) {
    return leg[0].equals("grpc")
        ? OtlpGrpcSpanExporter.builder().setEndpoint(grpcEndpoint).setCompression(leg[1]).build()
        : OtlpHttpSpanExporter.builder()
            .setEndpoint(httpEndpoint + "/v1/traces")
            .setCompression(leg[1])
            .build();
  }
}
