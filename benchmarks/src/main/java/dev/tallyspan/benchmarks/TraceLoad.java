package dev.tallyspan.benchmarks;

import static dev.tallyspan.benchmarks.KeyValues.decimal;
import static dev.tallyspan.benchmarks.KeyValues.number;
import static dev.tallyspan.benchmarks.KeyValues.text;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Trace requests as the SDKs' batches are: 512 spans, of 4 resources with 4 scopes each. The same
 * seed gives the same bytes.
 */
public enum TraceLoad {
  /** LLM spans alone, with prompt and completion of 4 to 8 KB, a fifth of them not ASCII. */
  LLM(100),

  /** One LLM span in ten. */
  MIX(10),

  /** No LLM span at all. */
  NONE(0);

  public static final int SPANS_PER_REQUEST = 512;

  private static final int RESOURCES = 4;
  private static final int SCOPES = 4;

  private static final List<String> WORDS =
      List.of(
          "the of and a to in is you that it he was for on are as with his they at be this have from"
              .split(" "));

  private static final List<String> OTHER_WORDS =
      List.of("größe", "façade", "naïve", "日本語", "данные", "café", "δοκιμή", "😀");

  private final int llmPercent;

  TraceLoad(int llmPercent) {
    this.llmPercent = llmPercent;
  }

  /** So many different requests. */
  public List<ExportTraceServiceRequest> requests(int count, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, count).mapToObj(i -> request(random)).toList();
  }

  /** One request of so many spans of a single resource; at most 128. */
  public ExportTraceServiceRequest batch(int spans, long seed) {
    return TraceBatches.cut(requests(1, seed), spans).get(0);
  }

  private ExportTraceServiceRequest request(Random random) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    int spans = 0;
    for (int r = 0; r < RESOURCES; r++) {
      ResourceSpans.Builder resource = request.addResourceSpansBuilder();
      resource
          .getResourceBuilder()
          .addAttributes(text("service.name", "shop-" + r))
          .addAttributes(text("service.version", "1.27." + random.nextInt(100)))
          .addAttributes(text("host.name", "node-" + random.nextInt(1000)))
          .addAttributes(text("telemetry.sdk.language", "java"))
          .addAttributes(text("telemetry.sdk.name", "opentelemetry"))
          .addAttributes(text("telemetry.sdk.version", "1.67.0"))
          .addAttributes(number("process.pid", random.nextInt(100_000)));
      for (int s = 0; s < SCOPES; s++) {
        ScopeSpans.Builder scope = resource.addScopeSpansBuilder();
        scope.getScopeBuilder().setName("io.opentelemetry.scope-" + s).setVersion("2.33.1");
        for (int i = 0; i < SPANS_PER_REQUEST / RESOURCES / SCOPES; i++) {
          boolean llm = spans * llmPercent % 100 + llmPercent >= 100;
          scope.addSpans(llm ? llmSpan(random) : httpSpan(random));
          spans++;
        }
      }
    }
    return request.build();
  }

  private static Span httpSpan(Random random) {
    String id = Integer.toString(random.nextInt(1_000_000));
    return span(random, "GET /api/v2/orders/{id}")
        .addAttributes(text("http.request.method", "GET"))
        .addAttributes(text("url.path", "/api/v2/orders/" + id))
        .addAttributes(text("url.scheme", "https"))
        .addAttributes(text("http.route", "/api/v2/orders/{id}"))
        .addAttributes(number("http.response.status_code", 200))
        .addAttributes(text("server.address", "orders.internal.example.com"))
        .addAttributes(number("server.port", 8443))
        .addAttributes(text("client.address", "10.1.2." + random.nextInt(256)))
        .addAttributes(text("network.protocol.version", "1.1"))
        .addAttributes(text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) Test/1.0"))
        .addAttributes(number("thread.id", random.nextInt(200)))
        .addAttributes(text("thread.name", "http-worker-" + random.nextInt(200)))
        .build();
  }

  private static Span llmSpan(Random random) {
    int size = 4000 + random.nextInt(4000);
    boolean ascii = random.nextInt(5) > 0;
    Span.Builder span =
        span(random, "chat gpt-4o")
            .addAttributes(text("gen_ai.operation.name", "chat"))
            .addAttributes(text("gen_ai.provider.name", "openai"))
            .addAttributes(text("gen_ai.request.model", "gpt-4o"))
            .addAttributes(text("gen_ai.response.model", "gpt-4o-2024-08-06"))
            .addAttributes(text("gen_ai.response.id", "chatcmpl-" + random.nextLong()))
            .addAttributes(number("gen_ai.request.max_tokens", 4096))
            .addAttributes(decimal("gen_ai.request.temperature", 0.7))
            .addAttributes(number("gen_ai.usage.input_tokens", 100 + random.nextInt(5000)))
            .addAttributes(number("gen_ai.usage.output_tokens", 10 + random.nextInt(1000)))
            .addAttributes(text("gen_ai.input.messages", messages(random, "user", size, ascii)))
            .addAttributes(
                text("gen_ai.output.messages", messages(random, "assistant", size / 8, ascii)))
            .addAttributes(text("server.address", "api.openai.com"))
            .addAttributes(number("server.port", 443));
    span.addAttributesBuilder()
        .setKey("gen_ai.response.finish_reasons")
        .getValueBuilder()
        .getArrayValueBuilder()
        .addValuesBuilder()
        .setStringValue("stop");
    return span.build();
  }

  private static Span.Builder span(Random random, String name) {
    long start = 1_790_000_000_000_000_000L + random.nextInt();
    return Span.newBuilder()
        .setTraceId(bytes(random, 16))
        .setSpanId(bytes(random, 8))
        .setParentSpanId(bytes(random, 8))
        .setFlags(0x101)
        .setName(name)
        .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
        .setStartTimeUnixNano(start)
        .setEndTimeUnixNano(start + random.nextInt(1_000_000_000));
  }

  private static String messages(Random random, String role, int size, boolean ascii) {
    StringBuilder json = new StringBuilder("[{\"role\":\"").append(role);
    json.append("\",\"parts\":[{\"type\":\"text\",\"content\":\"");
    while (json.length() < size) {
      List<String> words = ascii || random.nextInt(4) > 0 ? WORDS : OTHER_WORDS;
      json.append(words.get(random.nextInt(words.size()))).append(' ');
    }
    return json.append("\"}]}]").toString();
  }

  private static ByteString bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
