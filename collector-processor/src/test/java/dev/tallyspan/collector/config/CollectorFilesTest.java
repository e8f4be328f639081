package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.flow.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files in the shapes that operators have for the Collector, with {@code --only traces}. */
class CollectorFilesTest {

  static final Path FILES = Path.of("src/test/resources/collector-configs");

  private static final Map<String, String> ENV =
      Map.of(
          "PROMPTS_AUTH", "a",
          "POD_IP", "127.0.0.1",
          "API_KEY", "a",
          "DD_API_KEY", "a",
          "APP_PASSWORD", "a",
          "OUT_PASSWORD", "a");

  private static final String HERE = "service.pipelines.traces.";

  /**
   * A file that runs.
   *
   * @param pipelines each as {@code id: receivers > processors > exporters}
   * @param warnings a part of each, in the order of the file
   */
  private record Runs(String file, List<String> pipelines, List<String> warnings) {
    @Override
    public String toString() {
      return file;
    }
  }

  /**
   * A file that is refused.
   *
   * @param faults a part of each, in the order of the file
   */
  private record Refused(String file, List<String> faults) {
    @Override
    public String toString() {
      return file;
    }
  }

  private static Runs runs(String file, String pipelines, String... warnings) {
    return new Runs(file, List.of(pipelines.split("; ")), Arrays.asList(warnings));
  }

  static final List<Runs> RUNNING =
      List.of(
          runs(
              "01-gateway-with-two-backends",
              "traces: otlp >  > otlphttp/prompts, otlphttp/spans",
              "the name otlphttp is deprecated",
              "the name otlphttp is deprecated"),
          runs(
              "02-all-signals-with-monitoring",
              "traces: otlp > resource > otlp/spans, debug",
              "extensions.zpages: has no effect",
              "extensions.pprof: has no effect",
              "the name otlp is deprecated",
              "service.pipelines.metrics: left out",
              "service.pipelines.logs: left out"),
          runs(
              "03-span-metrics-and-service-graph",
              "traces: otlp >  > otlp_grpc",
              "span_metrics is left out: use tallyspan_metrics",
              "service_graph is left out: keep a Collector",
              "service.pipelines.metrics: left out"),
          runs(
              "04-tail-sampling-in-kubernetes",
              "traces: otlp >  > otlp_grpc",
              "timeout: has no effect",
              "compaction: has no effect",
              HERE + "receivers: zipkin is left out: let a Collector receive it",
              HERE + "receivers: jaeger is left out: let a Collector receive it",
              HERE + "processors: k8sattributes is left out: it adds",
              HERE + "processors: resourcedetection is left out: it adds",
              HERE + "processors: groupbytrace is left out: the window",
              HERE + "processors: tail_sampling is left out: use sampling of"),
          runs(
              "05-forward-to-a-second-stage",
              "traces/out: otlp/apps >  > otlp_http;"
                  + " traces/out-2: otlp/agents > resource/agents > otlp_http"),
          runs(
              "06-datadog-connector",
              "traces/sampled: otlp > probabilistic_sampler > otlp_http/copy",
              "exporters: datadog is left out: use otlp_grpc or otlp_http",
              "service.pipelines.metrics: left out"),
          runs(
              "09-transform-that-adds",
              "traces: otlp > transform > otlp_grpc",
              "log_statements: has no effect: it changes spans",
              "service.pipelines.logs: left out"),
          runs(
              "10-old-logging-exporter",
              "traces: otlp >  > logging, otlp",
              "the name logging is deprecated",
              "loglevel: is deprecated, use verbosity",
              "the name otlp is deprecated"),
          runs(
              "11-anchors-and-merge-keys",
              "traces/small: otlp >  > otlp_grpc/one;"
                  + " traces/large: otlp >  > otlp_grpc/two, otlp_http/three"),
          runs("12-ids-with-spaces", "traces/in: otlp/2 >  > otlp_http/b"),
          runs(
              "13-queue-and-batch-in-the-exporter",
              "traces: otlp >  > otlp_http",
              "encoding: has no effect: proto is sent",
              "max_idle_conns: has no effect",
              "cookies: has no effect",
              "profiles_endpoint: has no effect",
              "block_on_overflow: has no effect"),
          runs("14-empty-variables", "traces: otlp >  > otlp_http"),
          runs(
              "15-dollar-without-braces",
              "traces: otlp >  > otlp_http",
              "$VENDOR_KEY is not a variable here: write ${env:VENDOR_KEY}"),
          runs(
              "16-filter-and-attributes",
              "traces: otlp > filter, attributes > otlp_http",
              "include_metadata: has no effect",
              "processors.filter.metrics: has no effect",
              "from_context: not supported: what the receiver knows",
              HERE + "processors: span is left out"),
          runs(
              "17-load-balancing",
              "traces: otlp >  > ",
              HERE + "exporters: none is left, so nothing is forwarded: add otlp_grpc",
              "load_balancing is left out: use otlp_grpc or otlp_http"),
          runs(
              "18-cloud-vendor",
              "traces: otlp >  > otlp_http/copy",
              "service.extensions: sigv4auth is left out: use bearertokenauth",
              "service.extensions: ecs_observer is left out",
              HERE + "receivers: awsxray is left out: let a Collector receive it",
              HERE + "exporters: awsxray is left out",
              "service.pipelines.metrics: left out"),
          runs(
              "19-tls-on-both-sides",
              "traces: otlp >  > otlp_grpc",
              "wait_for_ready: has no effect"),
          runs(
              "20-own-telemetry",
              "traces: otlp >  > otlp_http",
              "logs.development: has no effect",
              "logs.output_paths: has no effect",
              "logs.sampling: has no effect",
              "telemetry.traces: has no effect",
              "exporter.console: has no effect",
              "metrics.views: has no effect",
              HERE + "exporters: nop is left out"),
          runs(
              "21-sidecar-of-an-agent",
              "traces: otlp > attributes/model > debug, file",
              "exporters.debug.sending_queue: has no effect",
              "gen_ai_normalizer is left out: the processor tallyspan reads these",
              "service.pipelines.metrics: left out",
              "service.pipelines.logs: left out",
              "service.pipelines.profiles: left out, because Tallyspan does not have"),
          runs(
              "22-extension-that-is-not-listed",
              "traces: otlp >  > otlp_http",
              "extensions.zpages: is not listed in service.extensions",
              "extensions.zpages: has no effect",
              "receivers.otlp/spare: is not used by any pipeline"),
          runs("23-masked-prompts", "traces: otlp > transform/mask, transform/prompts > otlp_http"),
          runs("24-statements-in-groups", "traces: otlp > transform > otlp_grpc"),
          runs(
              "07-routing-by-tenant",
              "traces/a: otlp > tallyspan_routing/routing.traces_a > otlp_http/a;"
                  + " traces/rest: otlp > tallyspan_routing/routing.traces_rest > otlp_http/rest"),
          runs("26-tenant-in-a-header", "traces: otlp >  > otlp_http/tempo"),
          runs(
              "25-transform-with-a-cache",
              "traces: otlp >  > otlp_grpc",
              "add and rename only; keep a Collector in front for them (trace_statements[0]: at"
                  + " character 5: span.cache[\"cost\"] is not supported"));

  static final List<Refused> REFUSED =
      List.of(
          new Refused(
              "08-redaction-before-the-backend",
              List.of("processors.redaction: redaction is not supported: it keeps something")));

  static Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files.sorted().toList().stream();
    }
  }

  private static Path path(String file) {
    return FILES.resolve(file + ".yaml");
  }

  private static CollectorConfig load(Path file) throws ConfigException {
    return ConfigLoader.load(file, ENV, Set.of(Signal.TRACES));
  }

  private static ConfigConversion convert(String text) throws ConfigException {
    return ConfigConversion.of("their.yaml", text, ENV, Set.of(Signal.TRACES));
  }

  private static String show(PipelineConfig pipeline) {
    return pipeline.id()
        + ": "
        + String.join(", ", pipeline.receivers())
        + " > "
        + String.join(", ", pipeline.processors())
        + " > "
        + String.join(", ", pipeline.exporters());
  }

  private static void assertParts(List<Fault> faults, List<String> parts) {
    assertThat(faults).as("%s", faults).hasSameSizeAs(parts);
    for (int i = 0; i < parts.size(); i++) {
      assertThat(faults.get(i).message()).contains(parts.get(i));
    }
  }

  @ParameterizedTest
  @FieldSource("RUNNING")
  void itRunsAndSaysWhatIsLeftOut(Runs expected) throws Exception {
    CollectorConfig config = load(path(expected.file()));

    assertThat(config.pipelines())
        .extracting(CollectorFilesTest::show)
        .containsExactlyElementsOf(expected.pipelines());
    assertParts(config.warnings(), expected.warnings());
  }

  @ParameterizedTest
  @FieldSource("REFUSED")
  void itIsRefusedWithWhatToDo(Refused expected) {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> load(path(expected.file())));

    assertParts(refused.faults(), expected.faults());
  }

  @Test
  void eachFileIsExpected() throws Exception {
    assertThat(files())
        .map(file -> file.getFileName().toString().replace(".yaml", ""))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(RUNNING.stream().map(Runs::file), REFUSED.stream().map(Refused::file))
                .toList());
  }

  @Test
  void atLeastNineOfTenRun() {
    assertThat(REFUSED.size() * 9).isLessThanOrEqualTo(RUNNING.size());
  }

  @ParameterizedTest
  @MethodSource("files")
  void itsConversionRunsOrSaysWhatIsLeftToDo(Path file) throws Exception {
    ConfigConversion conversion = convert(Files.readString(file));

    if (conversion.faults().isEmpty()) {
      assertThat(ConfigLoader.parse("ours.yaml", conversion.text(), ENV).pipelines()).isNotEmpty();
    } else {
      assertThat(conversion.text()).contains("# To do before it runs:");
      assertThat(conversion.faults())
          .allSatisfy(fault -> assertThat(conversion.text()).contains(fault.message()));
    }
  }

  @ParameterizedTest
  @FieldSource("RUNNING")
  void convertingTwiceIsConvertingOnce(Runs file) throws Exception {
    String once = convert(Files.readString(path(file.file()))).text();
    ConfigConversion twice = convert(once);

    assertThat(twice.leftOut()).filteredOn(it -> it.message().contains("left out")).isEmpty();
    assertThat(withoutHeader(twice.text())).isEqualTo(withoutHeader(once));
  }

  private static String withoutHeader(String text) {
    return text.lines()
        .filter(line -> !line.startsWith("#"))
        .reduce("", (all, line) -> all + "\n" + line)
        .strip();
  }
}
