package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.exporter.Protocol;
import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.collector.tree.TreeSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BackendProfilesTest {

  private static final String FILE =
      """
      receivers: {otlp: {protocols: {grpc: }}}
      processors: {tallyspan: }
      exporters:
        otlp_http:
          %s
      service: {pipelines: {traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http]}}}
      """;

  @TempDir private Path folder;

  static List<String> names() {
    return BackendProfiles.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyProfileHasNoFaults(String name) throws Exception {
    BackendProfile profile = BackendProfiles.get(name);

    assertThat(profile.name()).isEqualTo(name);
    assertThat(profile.protocols()).contains(Protocol.HTTP_PROTOBUF);
  }

  @ParameterizedTest
  @CsvSource({
    "https://cloud.langfuse.com/api/public/otel, langfuse",
    "https://US.cloud.langfuse.com, langfuse",
    "http://observe.acme.internal:3000/api/public/otel, langfuse",
    "http://observe.acme.internal:3000/api/public/otel/v1/traces, langfuse",
    "https://eu.api.smith.langchain.com/otel, langsmith",
    "http://localhost:6006, phoenix",
    "phoenix:4317, phoenix",
    "https://api-eu.braintrust.dev/otel, braintrust",
    "jaeger:4317, jaeger",
    "https://otlp-gateway-prod-eu-west-2.grafana.net/otlp, grafana",
    "https://otlp.eu01.nr-data.net, newrelic",
    "https://langfuse.com.acme.example/v1, ",
    "https://notlangfuse.com, ",
    "http://localhost:4318, ",
    "http://localhost:3000/api/public/otelx, ",
    "not an endpoint, "
  })
  void endpointsAreRecognised(String endpoint, String profile) {
    assertThat(BackendProfiles.forEndpoint(endpoint)).isEqualTo(profile);
  }

  @Test
  void anEndpointThatIsKnownChoosesTheProfileAndTheStartSaysSo() throws Exception {
    ExporterConfig exporter = exporter("endpoint: http://localhost:6006", Map.of());

    assertThat(exporter.profile().backend()).isNotNull();
    assertThat(exporter.profile().backend().notice("otlp_http"))
        .isEqualTo(
            "Profile of otlp_http: phoenix, recognised by its endpoint; to use none, set profile:"
                + " none");
    assertThat(exporter.traces().identity()).isEqualTo(TreeSettings.Identity.ROOT);
  }

  @Test
  void noneIsNoProfile() throws Exception {
    ExporterConfig exporter =
        exporter("{endpoint: \"http://localhost:6006\", profile: none}", Map.of());

    assertThat(exporter.profile().backend()).isNull();
    assertThat(exporter.traces()).isEqualTo(TreeSettings.DEFAULT);
  }

  @Test
  void aProfileIsEnoughForAnExporter() throws Exception {
    ExporterConfig exporter =
        exporter(
            "profile: langfuse",
            Map.of("LANGFUSE_PUBLIC_KEY", "pk-lf-1", "LANGFUSE_SECRET_KEY", "sk-lf-2"));

    assertThat(exporter.endpoint()).isEqualTo("https://cloud.langfuse.com/api/public/otel");
    assertThat(exporter.headers())
        .containsEntry("authorization", "Basic cGstbGYtMTpzay1sZi0y")
        .containsEntry("x-langfuse-ingestion-version", "4");
    assertThat(exporter.maxRequestBytes()).isEqualTo(10 << 20);
    assertThat(exporter.profile().backend().notice("otlp_http"))
        .isEqualTo("Profile of otlp_http: langfuse");
  }

  @Test
  void theEnvironmentCanHaveTheEndpoint() throws Exception {
    assertThat(
            exporter("profile: langfuse", Map.of("LANGFUSE_HOST", "http://langfuse:3000/"))
                .endpoint())
        .isEqualTo("http://langfuse:3000/api/public/otel");
    assertThat(
            exporter(
                    "{profile: langfuse, endpoint: \"http://other:3000/api/public/otel\"}",
                    Map.of("LANGFUSE_HOST", "http://langfuse:3000"))
                .endpoint())
        .isEqualTo("http://other:3000/api/public/otel");
  }

  @Test
  void limitsOfAProfileAreThoseOfTheExporterUnlessItSetsThem() throws Exception {
    assertThat(exporter("{profile: grafana, endpoint: \"http://a:9\"}", Map.of()).limits())
        .isEqualTo(new SizeLimits(2048, 0, 4_500_000));
    assertThat(
            exporter(
                    "{profile: grafana, endpoint: \"http://a:9\", content_policy: {mode: full,"
                        + " max_attribute_size: 0, max_span_size: 1MiB}}",
                    Map.of())
                .limits())
        .isEqualTo(new SizeLimits(0, 1 << 20, 4_500_000));
    assertThat(
            EnvironmentConfig.from(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://phoenix:6006"))
                .exporters()
                .get(0)
                .limits())
        .isEqualTo(new SizeLimits(0, 3584 << 10, 0));
  }

  @Test
  void headersOfTheExporterCountMore() throws Exception {
    ExporterConfig exporter =
        exporter(
            "{profile: braintrust, headers: {X-Bt-Parent: \"project_name:desk\"}}",
            Map.of("BRAINTRUST_API_KEY", "key", "BRAINTRUST_PARENT", "project_name:other"));

    assertThat(exporter.headers())
        .containsOnly(
            Map.entry("X-Bt-Parent", "project_name:desk"),
            Map.entry("authorization", "Bearer key"));
  }

  @Test
  void missingCredentialsAreWarnedOf() throws Exception {
    CollectorConfig config = parse("profile: langfuse", Map.of());

    assertThat(config.warnings())
        .extracting(Fault::message)
        .contains(
            "exporters.otlp_http.profile: langfuse: requests have no header authorization: set"
                + " LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY, or headers.authorization");
  }

  @Test
  void theEnvironmentAloneChoosesAProfileToo() throws Exception {
    ExporterConfig exporter =
        EnvironmentConfig.from(
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    "http://localhost:6006",
                    "PHOENIX_API_KEY",
                    "key"))
            .exporters()
            .get(0);

    assertThat(exporter.headers()).containsEntry("authorization", "Bearer key");
    assertThat(exporter.profile().backend()).isNotNull();
  }

  @Test
  void aProfileThatIsChosenKnowsTheAddressTheHeadersAndTheSignals() throws Exception {
    CollectorConfig config =
        EnvironmentConfig.from(
            Map.of("LANGFUSE_HOST", "http://127.0.0.1:3000", "LANGFUSE_PUBLIC_KEY", "pk"),
            BackendProfiles.get("langfuse"));

    ExporterConfig exporter = config.exporters().get(0);
    assertThat(exporter.endpoint()).isEqualTo("http://127.0.0.1:3000/api/public/otel");
    assertThat(exporter.headers()).containsEntry("x-langfuse-ingestion-version", "4");
    assertThat(config.pipelines())
        .filteredOn(pipeline -> !pipeline.exporters().isEmpty())
        .extracting(PipelineConfig::id)
        .containsExactly("traces");
    assertThat(config.warnings())
        .extracting(Fault::message)
        .containsExactlyInAnyOrder(
            "profile langfuse: requests have no header authorization: set LANGFUSE_PUBLIC_KEY and"
                + " LANGFUSE_SECRET_KEY, or OTEL_EXPORTER_OTLP_HEADERS",
            "profile langfuse: takes traces only; nothing else is forwarded");
  }

  @Test
  void theAddressOfTheEnvironmentCountsMoreThanThatOfAChosenProfile() throws Exception {
    ExporterConfig exporter =
        EnvironmentConfig.from(
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9",
                    "LANGFUSE_HOST", "http://127.0.0.1:3000"),
                BackendProfiles.get("langfuse"))
            .exporters()
            .get(0);

    assertThat(exporter.endpoint()).isEqualTo("http://127.0.0.1:9/api/public/otel");
  }

  @Test
  void aChosenProfileThatCannotBeUsedIsAFault() {
    assertThatThrownBy(() -> EnvironmentConfig.from(Map.of(), BackendProfiles.get("jaeger")))
        .hasMessageContaining("profile jaeger: needs OTEL_EXPORTER_OTLP_ENDPOINT");
    assertThatThrownBy(
            () ->
                EnvironmentConfig.from(
                    Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), BackendProfiles.get("langfuse")))
        .hasMessageContaining(
            "profile langfuse: is reached with OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "profile: langfues | 5:14: exporters.otlp_http.profile: unknown profile langfues; did you mean langfuse?",
        "profile: ./none.yaml | 5:14: exporters.otlp_http.profile: ./none.yaml: the file cannot be read, or is not UTF-8",
      })
  void aProfileThatIsNotKnownIsAFault(String line, String fault) {
    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> parse(line, Map.of()));

    assertThat(thrown.faults()).extracting(Fault::toString).contains(fault);
  }

  @Test
  void aBackendWithoutGrpcIsAFaultOfAGrpcExporter() {
    String file = FILE.formatted("profile: langfuse").replace("otlp_http", "otlp_grpc");

    assertThatThrownBy(() -> ConfigLoader.parse("c.yaml", file, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("langfuse is not reached over gRPC: use otlp_http");
  }

  @Test
  void usersWriteTheirOwn() throws Exception {
    Path own =
        Files.writeString(
            folder.resolve("acme.yaml"),
            """
            description: Our own backend
            transport:
              protocols: [http]
              headers:
                x-acme-key: {env: [ACME_KEY], prefix: "Key "}
            gen_ai_usage_cost: false
            traces: {spans: llm}
            kinds: {llm: completion}
            attributes:
              acme.kind: kind
              acme.usage:
                in: input_tokens
                details: {cached: cache_read_tokens}
            """);

    ExporterConfig exporter =
        exporter(
            "{profile: \"" + own + "\", endpoint: \"https://acme.example\"}",
            Map.of("ACME_KEY", "7"));

    assertThat(exporter.headers()).containsExactly(Map.entry("x-acme-key", "Key 7"));
    assertThat(exporter.traces().spans()).isEqualTo(TreeSettings.Spans.LLM);
    assertThat(exporter.profile().backend().profile().name()).isEqualTo("acme");
    assertThat(exporter.profile().backend().profile().attributes().attributes())
        .containsOnlyKeys("acme.kind", "acme.usage");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "descripton: x | my.yaml:1:1: unknown key descripton; did you mean description?",
        "vocabulary: genia | my.yaml:1:13: vocabulary: must be one of genai, openinference, not genia",
        "attributes: {a: input_token} | my.yaml:1:17: attributes.a: unknown input_token; did you mean input_tokens?",
        "attributes: {a: {b: cost}} | my.yaml:1:21: attributes.a.b: unknown cost; known: ",
        "kinds: {lmm: x} | my.yaml:1:14: kinds.lmm: unknown lmm; did you mean llm?",
        "transport: {protocols: [htpp]} | my.yaml:1:24: transport.protocols: unknown htpp; did you mean http?",
        "transport: {headers: {a: {}}} | my.yaml:1:26: transport.headers.a: set one of value, env, bearer and basic",
        "transport: {headers: {a: {basic: [X]}}} | my.yaml:1:34: transport.headers.a.basic: must be two variables, user and password",
        "transport: {max_request_bytes: 4} | ",
        "limits: {max_attribute_size: 2kB} | my.yaml:1:30: limits.max_attribute_size: must be a size such as 64MiB or 10GiB",
        "limits: {max_span_size: 63} | my.yaml:1:25: limits.max_span_size: must be from 64",
        "joined_lists: {a: a} | my.yaml:1:19: joined_lists.a: must be the key of another attribute",
        "span_names: all | my.yaml:1:13: span_names: must be one of genai, keep, not all",
        "limits: {max_spans: 1} | my.yaml:1:10: unknown key limits.max_spans",
        "transport: {endpoint: {path: otlp}} | my.yaml:1:30: transport.endpoint.path: must start with a slash, and not end so",
        "{vocabulary: openinference, drop_originals: true} | my.yaml:1:45: drop_originals: must be false with vocabulary: openinference, which reads originals",
        "'a: [' | my.yaml:1:",
      })
  void faultsInAFileAreReportedWithTheirPlace(String text, String fault) {
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class, () -> BackendProfileReader.read("my", "my.yaml", text));

    assertThat(thrown).hasMessageContaining(fault == null ? "description is missing" : fault);
  }

  private static ExporterConfig exporter(String line, Map<String, String> env) throws Exception {
    return parse(line, env).exporter("otlp_http");
  }

  private static CollectorConfig parse(String line, Map<String, String> env) throws Exception {
    return ConfigLoader.parse("c.yaml", FILE.formatted(line), env);
  }
}
