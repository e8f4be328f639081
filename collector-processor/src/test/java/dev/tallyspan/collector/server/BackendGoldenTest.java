package dev.tallyspan.collector.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.config.BackendProfiles;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Messages;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What is sent to each backend of one run of an agent, compared with a file for each profile. With
 * {@code -Dtallyspan.golden=write}, the files are written instead, to be looked at and committed.
 */
class BackendGoldenTest {

  private static final Path GOLDEN = Path.of("src/test/resources/profiles");
  private static final Path TABLE = Path.of("../docs/backends/README.md");
  private static final boolean WRITE = "write".equals(System.getProperty("tallyspan.golden"));

  /** Differs with each catalog of prices. */
  private static final String CATALOG = "tallyspan.cost.catalog";

  @TempDir private Path folder;

  static List<String> profiles() {
    return BackendProfiles.names();
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void eachBackendGetsWhatItReads(String profile) throws Exception {
    String sent = text(spans(profile));
    Path golden = GOLDEN.resolve(profile + ".txt");
    if (WRITE) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, sent);
    }

    assertThat(sent).isEqualTo(Files.readString(golden));
  }

  @Test
  void factsAreWhereTheTableOfTheDocumentationSays() throws Exception {
    Map<String, Map<String, Map<String, String>>> sent = new LinkedHashMap<>();
    for (String profile : BackendFacts.PROFILES) {
      sent.put(profile, spans(profile));
    }
    String table = BackendFacts.table(sent);
    String document = Files.readString(TABLE);
    String changed = BackendFacts.replaced(document, table);
    if (WRITE) {
      Files.writeString(TABLE, changed);
    }

    assertThat(changed).isEqualTo(Files.readString(TABLE));
  }

  @Test
  void exportersWithTheSameProfileShareTheBytes() throws Exception {
    Map<String, Slices> sent =
        BackendRun.sent(
            folder,
            List.of(
                "otlp_http/a: {endpoint: \"http://a:9\", profile: langfuse}",
                "otlp_http/b: {endpoint: \"http://b:9\", profile: phoenix}",
                "otlp_http/c: {endpoint: \"http://c:9\", profile: langfuse}",
                "otlp_http/d: {endpoint: \"http://d:9\"}",
                "otlp_http/e: {endpoint: \"http://e:9\", profile: elastic}"),
            AgentTrace.request());

    assertThat(sent.get("otlp_http/c"))
        .as("rendered once for both")
        .isSameAs(sent.get("otlp_http/a"));
    assertThat(sent.get("otlp_http/e"))
        .as("a profile that needs nothing special")
        .isSameAs(sent.get("otlp_http/d"));
    assertThat(keys(sent.get("otlp_http/a")))
        .contains("langfuse.observation.type")
        .doesNotContain("openinference.span.kind");
    assertThat(keys(sent.get("otlp_http/b")))
        .contains("openinference.span.kind")
        .doesNotContain("langfuse.observation.type");
    assertThat(keys(sent.get("otlp_http/d")))
        .doesNotContain("openinference.span.kind", "langfuse.observation.type");
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void tracesWithoutAnLlmLeaveAsTheyCame(String profile) throws Exception {
    Span.Builder root = AgentTrace.root();
    byte[] request = LlmRequests.traces(root);

    assertThat(sent(profile, request).toByteArray()).isEqualTo(request);
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void whatWasSentOnceIsNotWrittenAgain(String profile) throws Exception {
    byte[] once = sent(profile, AgentTrace.request()).toByteArray();

    assertThat(sent(profile, once).toByteArray()).isEqualTo(once);
  }

  @Test
  void settingsOfTheExporterCountMoreThanTheProfile() throws Exception {
    Slices sent =
        BackendRun.sent(
                folder,
                List.of(
                    "otlp_http: {endpoint: \"http://a:9\", profile: langfuse,"
                        + " cache_write_names: current, gen_ai_usage_cost: false,"
                        + " traces: {identity: leave}}"),
                AgentTrace.request())
            .get("otlp_http");

    Map<String, Map<String, String>> spans = BackendRun.attributes(sent);
    assertThat(spans.get("chat claude-sonnet-4-5"))
        .containsEntry("gen_ai.usage.cache_write.input_tokens", "2000")
        .containsKey("langfuse.observation.cost_details")
        .doesNotContainKey("gen_ai.usage.cost");
    assertThat(spans.get("POST /trips")).doesNotContainKey("user.id");
  }

  @Test
  void contentIsCutToWhatABackendAcceptsAndStaysJson() throws Exception {
    String question = "Where is the order? ".repeat(500);
    byte[] request = LlmRequests.traces(asked(question));

    Map<String, String> tempo = BackendRun.attributes(sent("grafana", request)).get("chat gpt-4o");
    Map<String, String> jaeger = BackendRun.attributes(sent("jaeger", request)).get("chat gpt-4o");

    String cut = tempo.get("gen_ai.input.messages");
    assertThat(cut.getBytes(UTF_8).length).isBetween(1000, 2048);
    assertThat(texts(cut)).startsWith("Where is the order? ").contains("bytes]…");
    assertThat(tempo).containsEntry("tallyspan.cost.status", "priced");
    assertThat(texts(jaeger.get("gen_ai.input.messages"))).isEqualTo(question);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "profile: grafana, content_policy: {mode: full, max_attribute_size: 0} | 10000 | 1000000",
        "profile: grafana, content_policy: {mode: full, max_attribute_size: 4KiB} | 3000 | 4096",
        "profile: grafana, content_policy: {mode: full, max_span_size: 1KiB} | 500 | 1024",
        "profile: grafana, content_policy: redacted | 1000 | 2048",
        "profile: grafana, content_policy: {mode: redacted, max_attribute_size: 1KiB} | 500 | 1024",
        "profile: none, content_policy: full | 10000 | 1000000",
      })
  void limitsOfTheExporterCountMoreThanThoseOfTheProfile(String keys, int least, int most)
      throws Exception {
    Slices sent =
        BackendRun.sent(
                folder,
                List.of("otlp_http: {endpoint: \"http://tempo:9\", " + keys + "}"),
                LlmRequests.traces(asked("Where is the order? ".repeat(500))))
            .get("otlp_http");

    String messages = BackendRun.attributes(sent).get("chat gpt-4o").get("gen_ai.input.messages");
    assertThat(messages.getBytes(UTF_8).length).isBetween(least, most);
    assertThat(texts(messages)).startsWith("Where is the order? ");
  }

  @Test
  void jaegerGetsATextBesideEveryListThatPeopleSearchBy() throws Exception {
    byte[] request =
        LlmRequests.traces(
            AgentTrace.root(),
            LlmRequests.chat("2", "1", "gpt-4o")
                .addAttributes(texts("gen_ai.response.finish_reasons", "stop", "length"))
                .addAttributes(texts("langfuse.trace.tags", "beta", "eu")),
            LlmRequests.chat("3", "1", "no-such-model")
                .addAttributes(LlmRequests.attribute("tallyspan.search.cost_missing", "mine")));

    Map<String, Map<String, String>> jaeger = BackendRun.attributes(sent("jaeger", request));
    Map<String, Map<String, String>> plain = BackendRun.attributes(sent("elastic", request));

    assertThat(jaeger.get("chat gpt-4o"))
        .containsEntry("gen_ai.response.finish_reasons", "[stop, length]")
        .containsEntry("tallyspan.search.finish_reasons", "stop,length")
        .containsEntry("tallyspan.search.tags", "beta,eu")
        .containsKey("tallyspan.search.dialect");
    assertThat(jaeger.get("chat no-such-model"))
        .containsEntry("tallyspan.search.cost_missing", "mine")
        .containsEntry("tallyspan.cost.status", "unpriced");
    assertThat(jaeger.get("POST /trips"))
        .containsEntry("tallyspan.search.models", "gpt-4o,no-such-model")
        .doesNotContainKeys("tallyspan.rollup.errors", "tallyspan.rollup.cache_read_tokens");
    assertThat(plain.get("chat gpt-4o"))
        .doesNotContainKeys("tallyspan.search.finish_reasons", "tallyspan.search.tags");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "profile: jaeger | OpenAI Chat Completions",
        "profile: jaeger, span_names: genai | chat gpt-4o",
        "span_names: genai | chat gpt-4o",
        "profile: jaeger, span_names: keep | OpenAI Chat Completions"
      })
  void spansGetTheNamesOfTheConventionsOnDemand(String keys, String name) throws Exception {
    byte[] request =
        LlmRequests.traces(
            LlmRequests.chat("1", "", "gpt-4o").setName("OpenAI Chat Completions"),
            LlmRequests.span("2", "1", "GET /"));

    Slices sent =
        BackendRun.sent(
                folder, List.of("otlp_http: {endpoint: \"http://a:9\", " + keys + "}"), request)
            .get("otlp_http");

    assertThat(BackendRun.attributes(sent)).containsOnlyKeys(name, "GET /");
  }

  private static KeyValue texts(String key, String... values) {
    ArrayValue.Builder array = ArrayValue.newBuilder();
    for (String value : values) {
      array.addValues(AnyValue.newBuilder().setStringValue(value));
    }
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setArrayValue(array))
        .build();
  }

  private static Span.Builder asked(String question) {
    String messages = Messages.toJson(List.of(Message.text("user", question)));
    return LlmRequests.chat("1", "", "gpt-4o")
        .addAttributes(LlmRequests.attribute("gen_ai.input.messages", messages));
  }

  private static String texts(String messages) {
    Object list = new Load(LoadSettings.builder().build()).loadFromString(messages);
    Map<?, ?> message = (Map<?, ?>) ((List<?>) list).get(0);
    Map<?, ?> part = (Map<?, ?>) ((List<?>) message.get("parts")).get(0);
    return (String) part.get("content");
  }

  @Test
  void whatTheSenderWroteStays() throws Exception {
    byte[] request =
        LlmRequests.traces(
            LlmRequests.chat("1", "", "gpt-4o")
                .addAttributes(LlmRequests.attribute("langfuse.observation.type", "evaluator")));

    assertThat(BackendRun.attributes(sent("langfuse", request)).get("chat gpt-4o"))
        .containsEntry("langfuse.observation.type", "evaluator")
        .containsKey("langfuse.observation.cost_details");
  }

  private Map<String, Map<String, String>> spans(String profile) throws Exception {
    return BackendRun.attributes(sent(profile, AgentTrace.request()));
  }

  private Slices sent(String profile, byte[] request) throws Exception {
    String line = "otlp_http: {endpoint: \"http://a:9\", profile: " + profile + "}";
    return BackendRun.sent(folder, List.of(line), request).get("otlp_http");
  }

  private static List<String> keys(Slices request) throws Exception {
    return BackendRun.attributes(request).values().stream()
        .flatMap(attributes -> attributes.keySet().stream())
        .distinct()
        .toList();
  }

  private static String text(Map<String, Map<String, String>> spans) {
    StringBuilder text = new StringBuilder();
    spans.forEach(
        (name, attributes) -> {
          text.append("== ").append(name).append('\n');
          attributes.entrySet().stream()
              .flatMap(it -> it.getKey().equals(CATALOG) ? Stream.empty() : Stream.of(it))
              .forEach(
                  it ->
                      text.append(it.getKey())
                          .append(" = ")
                          .append(it.getValue().replace("\n", "\\n"))
                          .append('\n'));
        });
    return text.toString();
  }
}
