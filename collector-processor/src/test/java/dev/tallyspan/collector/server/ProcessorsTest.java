package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.CacheWriteNames;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A file's processors, as the running server has them. */
class ProcessorsTest {

  private static final ByteString ONE = ByteString.copyFrom(new byte[] {1});

  private static final String PIPELINES =
      """
      receivers: {otlp: {protocols: {grpc: }}}
      service:
        pipelines:
          traces: {receivers: [otlp], processors: [tallyspan], exporters: [%s]}
      """;

  /** The conventions' attributes, which are otherwise written in their own form. */
  private static final Set<String> CONTENT =
      Set.of(
          "gen_ai.input.messages",
          "gen_ai.output.messages",
          "gen_ai.system_instructions",
          "gen_ai.tool.definitions");

  private static final Span OPENINFERENCE =
      span(
          "openinference.span.kind", "LLM",
          "llm.provider", "openai",
          "llm.model_name", "gpt-4o",
          "llm.finish_reason", "stop",
          "llm.input_messages.0.message.role", "user",
          "llm.input_messages.0.message.content", "Write to ann@example.com",
          "llm.output_messages.0.message.role", "assistant",
          "llm.output_messages.0.message.content", "Done");

  @TempDir private Path folder;

  @Test
  void aliasesAndDroppedOriginalsReachTheRunningStep() throws Exception {
    Map<String, AnyValue> out =
        process(
            """
            processors:
              tallyspan:
                aliases:
                  acme.model: gen_ai.request.model
                  acme.user: user.id
                drop_originals: [call]
            """,
            span("acme.model", "gpt-4o", "acme.user", "u1"));

    assertThat(out).doesNotContainKey("acme.model").containsKey("acme.user");
    assertThat(out.get("gen_ai.request.model").getStringValue()).isEqualTo("gpt-4o");
    assertThat(out.get("user.id").getStringValue()).isEqualTo("u1");
    assertThat(out.get("tallyspan.dialect").getArrayValue().getValues(0).getStringValue())
        .isEqualTo("custom");
  }

  @Test
  void spanOfADialectThatIsOffLeavesWithTheBytesItCameWith() throws Exception {
    Span span =
        span("langfuse.observation.type", "generation", "langfuse.observation.model.name", "m");
    String off = "processors: {tallyspan: {dialects: {langfuse: false}}}\n";

    assertThat(bytes(off, request(span))).isEqualTo(request(span));
    assertThat(process("processors: {tallyspan: }\n", span)).containsKey("gen_ai.request.model");
  }

  @Test
  void aliasThatAnySpanMayHaveMakesNoLlmSpan() throws Exception {
    String processors = "processors: {tallyspan: {aliases: {acme.user: user.id}}}\n";
    byte[] request = request(span("acme.user", "u1", "http.request.method", "GET"));

    assertThat(bytes(processors, request)).isEqualTo(request);
  }

  @Test
  void messagesOfLogRecordsThatCameBeforeAreTheSpansIfThatIsAskedFor() throws Exception {
    Span span =
        span("gen_ai.operation.name", "chat", "gen_ai.request.model", "gpt-4o").toBuilder()
            .setTraceId(ByteString.copyFrom(new byte[16], 0, 15).concat(ONE))
            .setSpanId(ByteString.copyFrom(new byte[8], 0, 7).concat(ONE))
            .build();
    ExportLogsServiceRequest.Builder logs = ExportLogsServiceRequest.newBuilder();
    logs.addResourceLogsBuilder()
        .addScopeLogsBuilder()
        .addLogRecordsBuilder()
        .setTraceId(span.getTraceId())
        .setSpanId(span.getSpanId())
        .setEventName("gen_ai.user.message")
        .getBodyBuilder()
        .getKvlistValueBuilder()
        .addValuesBuilder()
        .setKey("content")
        .getValueBuilder()
        .setStringValue("Why?");
    byte[] records = logs.build().toByteArray();

    assertThat(
            attributes(bytes("processors: {tallyspan: {join_logs: 30s}}\n", request(span), records))
                .get("gen_ai.input.messages")
                .getStringValue())
        .contains("Why?");
    assertThat(attributes(bytes("processors: {tallyspan: }\n", request(span), records)))
        .doesNotContainKey("gen_ai.input.messages");
  }

  @Test
  void eachExporterGetsSpansWrittenInItsOwnWay() throws Exception {
    Map<String, Slices> sent =
        sent(
            """
            processors: {tallyspan: {drop_originals: true}}
            exporters:
              otlp_grpc: {endpoint: "a:4317"}
              otlp_grpc/b: {endpoint: "b:4317", drop_originals: false, gen_ai_usage_cost: false}
              otlp_grpc/c: {endpoint: "c:4317"}
            """,
            request(span("llm.model_name", "gpt-4o", "openinference.span.kind", "LLM")));

    assertThat(attributes(sent.get("otlp_grpc").toByteArray()))
        .containsKey("gen_ai.request.model")
        .doesNotContainKey("llm.model_name");
    assertThat(attributes(sent.get("otlp_grpc/b").toByteArray()))
        .containsKeys("gen_ai.request.model", "llm.model_name");
    assertThat(sent.get("otlp_grpc/c"))
        .as("rendered once for both")
        .isSameAs(sent.get("otlp_grpc"));
  }

  @Test
  void eachExporterGetsTheTreeThatItAsksFor() throws Exception {
    Map<String, Slices> sent =
        sent(
            """
            processors: {tallyspan: }
            exporters:
              otlp_grpc: {endpoint: "a:4317"}
              otlp_grpc/b: {endpoint: "b:4317", traces: {orphans: mark}}
              otlp_grpc/c: {endpoint: "c:4317", traces: {spans: llm}}
            """,
            request(span("http.route", "/").toBuilder().setParentSpanId(ONE).build()));

    assertThat(attributes(sent.get("otlp_grpc").toByteArray())).containsOnlyKeys("http.route");
    assertThat(sent).doesNotContainKey("otlp_grpc/c");
  }

  @Test
  void samplingIsForAllExportersOfThePipeline() throws Exception {
    String exporters =
        """
        exporters:
          otlp_grpc: {endpoint: "a:4317"}
          otlp_grpc/b: {endpoint: "b:4317", gen_ai_usage_cost: false}
        """;
    byte[] request =
        request(
            span("gen_ai.operation.name", "chat", "gen_ai.request.model", "gpt-4o").toBuilder()
                .setTraceId(ByteString.copyFrom(new byte[15]).concat(ONE))
                .build());

    assertThat(sent("processors: {tallyspan: {sampling: {share: 0}}}\n" + exporters, request))
        .isEmpty();
    assertThat(sent("processors: {tallyspan: {sampling: {share: 1}}}\n" + exporters, request))
        .containsOnlyKeys("otlp_grpc", "otlp_grpc/b");
  }

  @ParameterizedTest
  @CsvSource({
    "https://cloud.langfuse.com/api/public/otel, true",
    "https://us.cloud.langfuse.com, true",
    "http://observe.acme.internal:3000/api/public/otel, true",
    "https://langfuse.com.acme.example/v1, false",
    "http://localhost:14318, false"
  })
  void namesOfCacheWritesAreThoseThatEachBackendReads(String endpoint, boolean old)
      throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("c.yaml"),
            """
            processors: {tallyspan: }
            receivers: {otlp: {protocols: {grpc: }}}
            exporters: {otlp_grpc: {endpoint: "jaeger:4317"}, otlp_http: {endpoint: "%s"}}
            service:
              pipelines:
                traces:
                  receivers: [otlp]
                  processors: [tallyspan]
                  exporters: [otlp_grpc, otlp_http]
            """
                .formatted(endpoint));
    CollectorConfig config = ConfigLoader.load(file, Map.of());
    ProcessorConfig processor = config.processor("tallyspan");

    assertThat(Profiles.of(processor, config.exporter("otlp_http")).cacheWriteNames())
        .isEqualTo(old ? CacheWriteNames.LEGACY : null);
    assertThat(Profiles.of(processor, config.exporter("otlp_grpc")).cacheWriteNames()).isNull();
  }

  @Test
  void keptContentIsThatOfTheSenderForExportersThatDoNotSetIt() throws Exception {
    Map<String, Slices> sent =
        sent(
            """
            processors: {tallyspan: {content: keep}}
            exporters:
              otlp_grpc: {endpoint: "jaeger:4317"}
              otlp_grpc/json: {endpoint: "tempo:4317", content: json}
            """,
            request(OPENINFERENCE));

    assertThat(attributes(sent.get("otlp_grpc").toByteArray()))
        .containsKeys("llm.input_messages.0.message.content", "gen_ai.request.model")
        .doesNotContainKeys("gen_ai.input.messages", "gen_ai.output.messages");
    assertThat(attributes(sent.get("otlp_grpc/json").toByteArray()))
        .containsKeys("gen_ai.input.messages", "gen_ai.output.messages");
  }

  @Test
  void policyMasksKeptContent() throws Exception {
    Map<String, Slices> sent =
        sent(
            """
            processors: {tallyspan: {content: keep}}
            exporters:
              otlp_grpc/masked: {endpoint: "jaeger:4317", content_policy: redacted}
              otlp_grpc/none: {endpoint: "tempo:4317", content_policy: metadata}
            """,
            request(OPENINFERENCE));

    assertThat(
            attributes(sent.get("otlp_grpc/masked").toByteArray())
                .get("llm.input_messages.0.message.content")
                .getStringValue())
        .startsWith("Write to ")
        .doesNotContain("ann@example.com");
    assertThat(sent.get("otlp_grpc/none").toByteArray())
        .asString(StandardCharsets.ISO_8859_1)
        .doesNotContain("Write to")
        .contains("gpt-4o");
  }

  /** One trace of each instrumentation. */
  static Stream<Path> captures() throws IOException {
    Set<String> seen = new HashSet<>();
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/captures/files"))) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*__traces__.*\\.pb"))
          .sorted()
          .filter(file -> seen.add(file.getFileName().toString().split("__")[0]))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void nothingMoreLeavesUnderAPolicyIfContentIsKept(Path file) throws Exception {
    String exporters =
        """
        exporters:
          otlp_grpc/masked: {endpoint: "jaeger:4317", content_policy: redacted}
          otlp_grpc/none: {endpoint: "tempo:4317", content_policy: metadata}
        """;
    byte[] request = Files.readAllBytes(file);
    Map<String, Slices> kept =
        sent("processors: {tallyspan: {content: keep}}\n" + exporters, request);
    Map<String, Slices> written = sent("processors: {tallyspan: }\n" + exporters, request);

    for (String exporter : kept.keySet()) {
      List<KeyValue> left = new ArrayList<>(allAttributes(kept.get(exporter).toByteArray()));
      left.removeIf(it -> CONTENT.contains(it.getKey())); // masked in the form it came in
      assertThat(allAttributes(written.get(exporter).toByteArray())).containsAll(left);
    }
  }

  private static List<KeyValue> allAttributes(byte[] request) throws Exception {
    return ExportTraceServiceRequest.parseFrom(request).getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .flatMap(
            span ->
                Stream.concat(
                    span.getAttributesList().stream(),
                    span.getEventsList().stream()
                        .flatMap(event -> event.getAttributesList().stream())))
        .toList();
  }

  @Test
  void attributesOfABackendHoldNoContentThatIsKept() throws Exception {
    Span vercel =
        span(
            "ai.operationId", "ai.generateText.doGenerate",
            "ai.model.id", "gpt-4o",
            "ai.model.provider", "openai.chat",
            "ai.prompt.messages", "[{\"role\":\"user\",\"content\":\"Why?\"}]",
            "ai.response.text", "Because.");
    Map<String, Slices> sent =
        sent(
            """
            processors: {tallyspan: {content: keep}}
            exporters:
              otlp_grpc/phoenix: {endpoint: "phoenix:4317", profile: phoenix}
            """,
            request(vercel));

    assertThat(attributes(sent.get("otlp_grpc/phoenix").toByteArray()))
        .containsKeys("openinference.span.kind", "llm.model_name", "ai.prompt.messages")
        .doesNotContainKeys("input.value", "output.value", "llm.input_messages.0.message.content");
  }

  @Test
  void keptContentIsReadToEstimateTokens() throws Exception {
    Map<String, AnyValue> out =
        process("processors: {tallyspan: {content: keep, estimate: true}}\n", OPENINFERENCE);

    assertThat(out)
        .containsKey("tallyspan.usage.estimator")
        .doesNotContainKey("gen_ai.input.messages");
  }

  @ParameterizedTest
  @CsvSource({"keep, false, false", "keep, true, true", "json, false, true"})
  void contentIsReadForWhatShowsIt(String content, boolean observed, boolean read)
      throws Exception {
    Path file = folder.resolve("c.yaml");
    Files.writeString(
        file,
        "processors: {tallyspan: {content: "
            + content
            + "}}\nexporters: {otlp_grpc: {endpoint: \"jaeger:4317\"}}\n"
            + PIPELINES.formatted("otlp_grpc"));
    CollectorConfig config = ConfigLoader.load(file, Map.of());
    Meter meter = MeterProvider.noop().get("test");
    try (Catalogs catalogs = Catalogs.open(config, meter, InstantSource.system())) {
      Batch batch =
          Processors.of(config, catalogs, meter, observed)
              .llm(config.pipelines().get(0))
              .orElseThrow()
              .apply(batch(Signal.TRACES, request(OPENINFERENCE)));

      assertThat(batch.records().get(0).llm().inputMessages().isEmpty()).isNotEqualTo(read);
    }
  }

  private Map<String, AnyValue> process(String processors, Span span) throws Exception {
    return attributes(bytes(processors, request(span)));
  }

  private static Map<String, AnyValue> attributes(byte[] request) throws Exception {
    ExportTraceServiceRequest out = ExportTraceServiceRequest.parseFrom(request);
    Map<String, AnyValue> attributes = new LinkedHashMap<>();
    for (KeyValue attribute :
        out.getResourceSpans(0).getScopeSpans(0).getSpans(0).getAttributesList()) {
      attributes.put(attribute.getKey(), attribute.getValue());
    }
    return attributes;
  }

  /** The trace request as it leaves, after the log requests have passed through. */
  private byte[] bytes(String processors, byte[] request, byte[]... logs) throws Exception {
    String exporters = "exporters: {otlp_grpc: {endpoint: \"jaeger:4317\"}}\n";
    return sent(processors + exporters, request, logs).get("otlp_grpc").toByteArray();
  }

  /** The trace request as each exporter gets it. */
  private Map<String, Slices> sent(String components, byte[] request, byte[]... logs)
      throws Exception {
    Path file = folder.resolve("c.yaml");
    Files.writeString(file, components + PIPELINES.formatted(String.join(", ", ids(components))));
    CollectorConfig config = ConfigLoader.load(file, Map.of());
    Map<String, Slices> sent = new LinkedHashMap<>();
    Map<String, Exporter> exporters = new LinkedHashMap<>();
    config.exporters().forEach(it -> exporters.put(it.id(), new Sent(it.id(), sent)));
    Meter meter = MeterProvider.noop().get("test");
    try (Catalogs catalogs = Catalogs.open(config, meter, InstantSource.system())) {
      Processors processors = Processors.of(config, catalogs, meter);
      PipelineConfig pipeline = config.pipelines().get(0);
      LlmProcessor processor = processors.llm(pipeline).orElseThrow();
      for (byte[] log : logs) {
        processor.apply(batch(Signal.LOGS, log));
      }
      Batch batch = processor.apply(batch(Signal.TRACES, request));
      Outputs.of(
              config,
              pipeline,
              pipeline.exporters(),
              processors,
              exporters,
              /* processed= */ null,
              meter)
          .forEach(it -> it.write(batch));
    }
    return sent;
  }

  private static List<String> ids(String components) {
    return Pattern.compile("otlp_grpc(/[a-z]+)?")
        .matcher(components)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  private static Batch batch(Signal signal, byte[] request) {
    return Batch.of(new OtlpRequest(signal, Slices.of(request), 1, new SenderAck(outcome -> {})));
  }

  private record Sent(String id, Map<String, Slices> to) implements Exporter {

    @Override
    public void send(OtlpRequest request) {
      to.put(id, request.bytes());
    }

    @Override
    public void close(Duration drain) {}
  }

  private static byte[] request(Span span) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);
    return request.build().toByteArray();
  }

  private static Span span(String... keysAndValues) {
    Span.Builder span = Span.newBuilder().setName("x");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      span.addAttributesBuilder()
          .setKey(keysAndValues[i])
          .getValueBuilder()
          .setStringValue(keysAndValues[i + 1]);
    }
    return span.build();
  }
}
