package dev.tallyspan.collector.server;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.ProtoToJson;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests over a socket to backends that are as strict as the real ones. */
class StrictBackendsTest {

  private static final String PLANNING = "chat claude-sonnet-4-5";
  private static final String PROTOBUF = StrictBackend.PROTOBUF;
  private static final String TRACES = "/v1/traces";

  private final HttpClient client = HttpClient.newHttpClient();

  @TempDir private Path folder;

  @Test
  void langfuseTakesTheTraceAndReadsItsFacts() throws Exception {
    try (StrictBackend langfuse = StrictBackend.langfuse("pk-lf-1", "sk-lf-2")) {
      Map<String, Map<String, String>> spans =
          forwarded(
              langfuse,
              "langfuse",
              Map.of(
                  "LANGFUSE_HOST", langfuse.url(),
                  "LANGFUSE_PUBLIC_KEY", "pk-lf-1",
                  "LANGFUSE_SECRET_KEY", "sk-lf-2"));

      Set<String> types =
          Set.of(
              "span",
              "generation",
              "event",
              "embedding",
              "agent",
              "tool",
              "chain",
              "retriever",
              "guardrail",
              "evaluator");
      spans.forEach(
          (name, attributes) -> {
            if (attributes.containsKey("tallyspan.dialect")) {
              assertThat(types).as(name).contains(attributes.get("langfuse.observation.type"));
            }
          });
      Map<String, String> planning = spans.get(PLANNING);
      Json usage = object(planning.get("langfuse.observation.usage_details"));
      assertThat(usage.get("input").asCount()).isEqualTo(1_000);
      assertThat(usage.get("input_cached_tokens").asCount()).isEqualTo(1_000);
      assertThat(usage.get("input_cache_creation").asCount()).isEqualTo(2_000);
      assertThat(sum(usage)).isEqualTo(usage.get("total").asCount());
      Json costs = object(planning.get("langfuse.observation.cost_details"));
      assertThat(sum(costs)).isCloseTo(number(costs.get("total")), tolerance());
      assertThat(
              Instant.parse(
                  spans.get("chat gpt-5-mini").get("langfuse.observation.completion_start_time")))
          .isEqualTo(Instant.ofEpochSecond(1_795_000_000, 660_000_000));
    }
  }

  @Test
  void langfuseRefusesWhatTheRealOneRefuses() throws Exception {
    try (StrictBackend langfuse = StrictBackend.langfuse("pk-lf-1", "sk-lf-2")) {
      String auth = "Basic cGstbGYtMTpzay1sZi0y";
      String path = "/api/public/otel/v1/traces";
      byte[] trace = AgentTrace.request();

      assertThat(post(langfuse, path, PROTOBUF, trace, "authorization", auth)).isEqualTo(200);
      assertThat(post(langfuse, path, PROTOBUF, trace, "authorization", "Basic x")).isEqualTo(401);
      assertThat(post(langfuse, path, "text/plain", trace, "authorization", auth)).isEqualTo(400);
      assertThat(post(langfuse, path, PROTOBUF, new byte[] {7}, "authorization", auth))
          .isEqualTo(400);
      assertThat(post(langfuse, "/v1/traces", PROTOBUF, trace, "authorization", auth))
          .isEqualTo(404);
      byte[] withoutId = LlmRequests.traces(AgentTrace.root(), Span.newBuilder().setName("no id"));
      assertThat(post(langfuse, path, PROTOBUF, withoutId, "authorization", auth)).isEqualTo(400);
    }
  }

  @Test
  void langsmithTakesTheTraceAndReadsItsFacts() throws Exception {
    try (StrictBackend langsmith = StrictBackend.langsmith("lsv2_1")) {
      Map<String, Map<String, String>> spans =
          forwarded(
              langsmith,
              "langsmith",
              Map.of("LANGSMITH_ENDPOINT", langsmith.url(), "LANGSMITH_API_KEY", "lsv2_1"));

      Set<String> types =
          Set.of("llm", "chain", "tool", "retriever", "embedding", "prompt", "parser");
      spans.forEach(
          (name, attributes) -> {
            if (attributes.containsKey("tallyspan.dialect")) {
              assertThat(types).as(name).contains(attributes.get("langsmith.span.kind"));
            }
          });
      Json usage = object(spans.get(PLANNING).get("langsmith.usage_metadata"));
      assertThat(usage.get("input_tokens").asCount()).isEqualTo(4_000);
      assertThat(usage.get("input_token_details").get("cache_read").asCount()).isEqualTo(1_000);
      assertThat(usage.get("total_tokens").asCount()).isEqualTo(4_060);
      assertThat(number(usage.get("input_cost")) + number(usage.get("output_cost")))
          .isCloseTo(number(usage.get("total_cost")), tolerance());
      Json documents = object(spans.get("retrieval guides").get("output.value")).get("documents");
      assertThat(documents.at(0).get("page_content").text())
          .isEqualTo("Fjord cruises run all year.");
      assertThat(documents.at(0).get("metadata").get("id").text()).isEqualTo("g-12");
      assertThat(object(spans.get("execute_tool get_weather").get("input.value")).size())
          .isEqualTo(1);
    }
  }

  @Test
  void langsmithRefusesWhatTheRealOneRefuses() throws Exception {
    try (StrictBackend langsmith = StrictBackend.langsmith("lsv2_1")) {
      String path = "/otel/v1/traces";
      byte[] trace = AgentTrace.request();

      assertThat(post(langsmith, path, PROTOBUF, trace, "x-api-key", "lsv2_1")).isEqualTo(202);
      assertThat(post(langsmith, path, PROTOBUF, trace, "x-api-key", "other")).isEqualTo(401);
      assertThat(post(langsmith, path, "text/plain", trace, "x-api-key", "lsv2_1")).isEqualTo(415);
      assertThat(
              post(
                  langsmith,
                  path,
                  PROTOBUF,
                  trace,
                  "x-api-key",
                  "lsv2_1",
                  "content-encoding",
                  "zstd"))
          .isEqualTo(415);
    }
  }

  @Test
  void braintrustTakesTheTraceAndReadsItsFacts() throws Exception {
    try (StrictBackend braintrust = StrictBackend.braintrust("sk-1")) {
      Map<String, Map<String, String>> spans =
          forwarded(
              braintrust,
              "braintrust",
              Map.of(
                  "BRAINTRUST_API_URL", braintrust.url(),
                  "BRAINTRUST_API_KEY", "sk-1",
                  "BRAINTRUST_PARENT", "project_name:travel-desk"));

      Json metrics = object(spans.get(PLANNING).get("braintrust.metrics"));
      assertThat(metrics.get("prompt_tokens").asCount()).isEqualTo(4_000);
      assertThat(metrics.get("prompt_cached_tokens").asCount()).isEqualTo(1_000);
      assertThat(number(metrics.get("estimated_cost"))).isPositive();
      assertThat(object(spans.get(PLANNING).get("braintrust.span_attributes")).get("type").text())
          .isEqualTo("llm");
      Json metadata = object(spans.get(PLANNING).get("braintrust.metadata"));
      assertThat(metadata.get("model").text()).isEqualTo("claude-sonnet-4-5-20250929");
      assertThat(metadata.get("provider").text()).isEqualTo("anthropic");
      assertThat(spans.get("invoke_agent trip-planner"))
          .as("costs are those of leaves")
          .doesNotContainKey("braintrust.metrics");
    }
  }

  @Test
  void braintrustRefusesWhatTheRealOneRefuses() throws Exception {
    try (StrictBackend braintrust = StrictBackend.braintrust("sk-1")) {
      String path = "/otel/v1/traces";
      byte[] trace = AgentTrace.request();
      String parent = "x-bt-parent";

      assertThat(
              post(
                  braintrust,
                  path,
                  PROTOBUF,
                  trace,
                  "authorization",
                  "Bearer sk-1",
                  parent,
                  "project_name:a"))
          .isEqualTo(200);
      assertThat(post(braintrust, path, PROTOBUF, trace, parent, "project_name:a")).isEqualTo(401);
      assertThat(
              post(
                  braintrust,
                  path,
                  PROTOBUF,
                  trace,
                  "authorization",
                  "Bearer sk-1",
                  parent,
                  "travel-desk"))
          .isEqualTo(400);
    }
  }

  @Test
  void phoenixAndMlflowTakeTheTrace() throws Exception {
    try (StrictBackend phoenix = StrictBackend.phoenix();
        StrictBackend mlflow = StrictBackend.mlflow()) {
      assertThat(forwarded(phoenix, "phoenix", Map.of("PHOENIX_COLLECTOR_ENDPOINT", phoenix.url())))
          .hasSize(8);
      assertThat(
              forwarded(
                  mlflow,
                  "mlflow",
                  Map.of("MLFLOW_TRACKING_URI", mlflow.url(), "MLFLOW_EXPERIMENT_ID", "1")))
          .hasSize(8);
    }
  }

  /**
   * The fakes answer as the real servers, which {@code benchmarks/peers/live} asks the same. If it
   * reports another status, the file is to be mended, and the fake after it.
   */
  @Test
  void phoenixAnswersAsTheRealOne() throws Exception {
    try (StrictBackend phoenix = StrictBackend.phoenix()) {
      assertThat(answers(phoenix)).isEqualTo(answersOfTheRealOne("phoenix"));
    }
  }

  @Test
  void mlflowAnswersAsTheRealOne() throws Exception {
    String experiment = "x-mlflow-experiment-id";
    try (StrictBackend mlflow = StrictBackend.mlflow()) {
      Map<String, Integer> answers = answers(mlflow, experiment, StrictBackend.EXPERIMENT);
      byte[] trace = AgentTrace.request();
      answers.put("no experiment", post(mlflow, TRACES, PROTOBUF, trace));
      answers.put(
          "an unknown experiment", post(mlflow, TRACES, PROTOBUF, trace, experiment, "999"));
      answers.put(
          "an experiment's name", post(mlflow, TRACES, PROTOBUF, trace, experiment, "trips"));

      assertThat(answers).isEqualTo(answersOfTheRealOne("mlflow"));
    }
  }

  /**
   * The status of each request of {@code benchmarks/peers/refusals.py}, which has the same names.
   */
  private Map<String, Integer> answers(StrictBackend backend, String... headers) throws Exception {
    byte[] trace = AgentTrace.request();
    byte[] json = json(trace);
    Map<String, Integer> statuses = new TreeMap<>();
    statuses.put("a trace", post(backend, TRACES, PROTOBUF, trace, headers));
    for (String encoding : List.of("gzip", "GZIP", "deflate", "zstd", "identity")) {
      byte[] body = compressed(encoding, trace);
      statuses.put(encoding, post(backend, TRACES, PROTOBUF, body, encoded(encoding, headers)));
    }
    statuses.put(
        "gzip that is none", post(backend, TRACES, PROTOBUF, trace, encoded("gzip", headers)));
    statuses.put("JSON", post(backend, TRACES, "application/json", json, headers));
    statuses.put(
        "JSON with a charset",
        post(backend, TRACES, "application/json; charset=utf-8", json, headers));
    statuses.put(
        "protobuf with a charset",
        post(backend, TRACES, PROTOBUF + "; charset=utf-8", trace, headers));
    statuses.put(
        "content type in capitals",
        post(backend, TRACES, "Application/X-Protobuf", trace, headers));
    statuses.put("text/plain", post(backend, TRACES, "text/plain", trace, headers));
    statuses.put("no protobuf", post(backend, TRACES, PROTOBUF, new byte[] {7}, headers));
    statuses.put("no spans", post(backend, TRACES, PROTOBUF, new byte[0], headers));
    statuses.put("another path", post(backend, TRACES + "/more", PROTOBUF, trace, headers));
    Map<String, Span.Builder> spans =
        Map.of(
            "NUL in a value", AgentTrace.root().addAttributes(attribute("note", "a\0b")),
            "a value of 6 MB",
                AgentTrace.root().addAttributes(attribute("note", "x".repeat(6_000_000))),
            "a span without an id", AgentTrace.root().clearSpanId(),
            "a span without a trace", AgentTrace.root().clearTraceId(),
            "an end after 2262", AgentTrace.root().setEndTimeUnixNano(-1));
    for (Map.Entry<String, Span.Builder> span : spans.entrySet()) {
      byte[] body = LlmRequests.traces(span.getValue());
      statuses.put(span.getKey(), post(backend, TRACES, PROTOBUF, body, headers));
    }
    byte[] noUtf8 = LlmRequests.traces(AgentTrace.root().addAttributes(attribute("note", "@@@@")));
    statuses.put("no UTF-8", post(backend, TRACES, PROTOBUF, withoutUtf8(noUtf8), headers));
    return statuses;
  }

  private static Map<String, Integer> answersOfTheRealOne(String backend) throws Exception {
    Map<String, Integer> statuses = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/profiles/refusals.txt"))) {
      String[] cells = line.split(" \\| ");
      if (cells[0].equals(backend)) {
        statuses.put(cells[1], Integer.valueOf(cells[2]));
      }
    }
    return statuses;
  }

  private static byte[] json(byte[] trace) throws Exception {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    ProtoToJson.write(Signal.TRACES, trace, json);
    return json.toByteArray();
  }

  private static String[] encoded(String encoding, String... headers) {
    return Stream.concat(Stream.of("content-encoding", encoding), Stream.of(headers))
        .toArray(String[]::new);
  }

  private static byte[] compressed(String encoding, byte[] body) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream compressing =
        switch (encoding) {
          case "gzip", "GZIP" -> new GZIPOutputStream(out);
          case "deflate" -> new DeflaterOutputStream(out);
          default -> out;
        }) {
      compressing.write(body);
    }
    return out.toByteArray();
  }

  /** A request in which the text @@@@ became bytes that are no UTF-8. */
  private static byte[] withoutUtf8(byte[] request) {
    return new String(request, ISO_8859_1).replace("@@@@", "@\u00ff\u00fe@").getBytes(ISO_8859_1);
  }

  /** The attributes that a backend got of the trace, by the name of the span. */
  private Map<String, Map<String, String>> forwarded(
      StrictBackend backend, String profile, Map<String, String> env) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve(profile + ".yaml"),
            """
            receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}}
            processors: {tallyspan: }
            exporters: {otlp_http: {profile: %s}}
            service:
              pipelines:
                traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http]}
            """
                .formatted(profile));
    CollectorServer server = CollectorServer.builder(ConfigLoader.load(file, env)).start();
    try {
      URI receiver = URI.create("http://127.0.0.1:" + server.httpPort("otlp") + "/v1/traces");
      int status =
          client
              .send(
                  HttpRequest.newBuilder(receiver)
                      .header("content-type", PROTOBUF)
                      .POST(BodyPublishers.ofByteArray(AgentTrace.request()))
                      .build(),
                  BodyHandlers.discarding())
              .statusCode();
      assertThat(status).isEqualTo(200);
    } finally {
      server.close(Duration.ofSeconds(5));
    }
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addAllSpans(backend.spans);
    return new LinkedHashMap<>(BackendRun.attributes(Slices.of(request.build().toByteArray())));
  }

  private int post(StrictBackend backend, String path, String type, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(backend.url() + path))
            .header("content-type", type)
            .POST(BodyPublishers.ofByteArray(body));
    if (headers.length > 0) { // None is an error there.
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  /** A JSON object in a text, as these backends want it. */
  private static Json object(String text) {
    Json json = Json.parse(text);
    assertThat(json.isObject() && !json.truncated()).as("a JSON object").isTrue();
    return json;
  }

  private static double number(Json json) {
    return ((Number) json.value().getValue()).doubleValue();
  }

  private static double sum(Json parts) {
    return parts.entries().entrySet().stream()
        .filter(part -> !part.getKey().equals("total"))
        .mapToDouble(part -> number(part.getValue()))
        .sum();
  }

  private static Offset<Double> tolerance() {
    return Offset.offset(1e-9);
  }
}
