package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files in {@code packaging} are valid, and so are the configurations inside them. */
class PackagedConfigurationsTest {

  private static final Path PACKAGING = Path.of("..", "packaging");
  private static final Map<String, String> SECRETS =
      Map.of(
          "BACKEND_TOKEN",
          "t",
          "BACKEND_ENDPOINT",
          "https://backend",
          "VIEWER_TOKEN",
          "a-token-of-23-characters");

  @Test
  void everyFileIsYaml() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(PACKAGING)) {
      files = all.filter(file -> file.toString().matches(".*\\.(yaml|json)")).toList();
    }
    assertThat(files).hasSizeGreaterThan(8);

    for (Path file : files) {
      assertThat(documents(file)).as(file.toString()).isNotEmpty();
    }
  }

  @Test
  void exampleOfTheArchiveIsValid() throws Exception {
    CollectorConfig config = load("archive/etc/collector.yaml");

    assertThat(config.warnings()).isEmpty();
    assertThat(config.pipelines()).hasSize(3);
  }

  @Test
  void configurationOfComposeIsValid() throws Exception {
    CollectorConfig config = load("compose/collector.yaml");

    assertThat(config.warnings()).isEmpty();
    assertThat(config.queueMode(config.pipelines().get(0))).isEqualTo(QueueMode.DURABLE);
  }

  @Test
  void configurationsForKafkaFitTogether() throws Exception {
    CollectorConfig edge = load("kafka/edge.yaml");
    CollectorConfig core = load("kafka/core.yaml");
    CollectorConfig both = load("kafka/both.yaml");

    for (CollectorConfig each : List.of(edge, core, both)) {
      assertThat(each.warnings()).isEmpty();
      assertThat(each.pipelines()).allMatch(it -> each.queueMode(it) == QueueMode.DIRECT);
    }
    for (PipelineConfig pipeline : core.pipelines()) {
      assertThat(
              core.kafkaReceivers()
                  .get(0)
                  .reads(edge.kafkaExporters().get(0).settings(), pipeline.signal()))
          .as(pipeline.id())
          .isTrue();
    }
    assertThat(both.kafkaReceivers()).hasSize(1);
    assertThat(both.kafkaExporters()).hasSize(1);
  }

  @Test
  void serversBehindALoadBalancingCollectorListenWhereItSends() throws Exception {
    CollectorConfig config = load("load-balancing/tallyspan.yaml");
    Path collector = PACKAGING.resolve("load-balancing/collector.yaml");
    Object balancing = at(documents(collector).get(0), "exporters", "load_balancing");

    assertThat(config.warnings()).isEmpty();
    assertThat(config.queueMode(config.pipelines().get(0))).isEqualTo(QueueMode.DURABLE);
    assertThat(at(balancing, "routing_key")).isEqualTo("traceID");
    int port = config.receivers().get(0).grpc().endpoint().port();
    assertThat((List<?>) at(balancing, "resolver", "static", "hostnames"))
        .isNotEmpty()
        .allMatch(each -> each.toString().endsWith(":" + port));
  }

  @Test
  void configurationOfKubernetesIsValid() throws Exception {
    CollectorConfig config = kubernetes();

    assertThat(config.warnings()).isEmpty();
    assertThat(config.queueMode(config.pipelines().get(0))).isEqualTo(QueueMode.DURABLE);
  }

  /** Tallyspan reads what the Collector reads, so it can check the Collector's configuration. */
  @Test
  void configurationOfTheSidecarIsValid() throws Exception {
    Map<?, ?> sidecar = document("kubernetes/collector-sidecar.yaml", "OpenTelemetryCollector");
    String text =
        new Dump(DumpSettings.builder().build()).dumpToString(at(sidecar, "spec", "config"));

    CollectorConfig config = ConfigLoader.parse("sidecar", text, Map.of());

    assertThat(config.exporters()).hasSize(1);
    assertThat(text).contains("tallyspan.observability:4317");
    assertThat(at(document("kubernetes/tallyspan.yaml", "StatefulSet"), "metadata", "name"))
        .isEqualTo("tallyspan");
  }

  @Test
  void probesAskWhereTheServerListens() throws Exception {
    CollectorConfig config = kubernetes();
    Map<?, ?> container = container();
    Map<Object, Object> ports = new HashMap<>();
    ((List<?>) container.get("ports"))
        .forEach(port -> ports.put(at(port, "name"), at(port, "containerPort")));
    HealthCheckConfig health = config.healthChecks().get(0);

    assertThat(ports.get(at(container, "readinessProbe", "httpGet", "port")))
        .isEqualTo(health.endpoint().port());
    assertThat(at(container, "readinessProbe", "httpGet", "path")).isEqualTo(health.path());
    ListenEndpoint metrics = config.telemetry().metrics();
    assertThat(metrics).isNotNull();
    for (String probe : List.of("startupProbe", "livenessProbe")) {
      assertThat(ports.get(at(container, probe, "httpGet", "port"))).isEqualTo(metrics.port());
      assertThat(at(container, probe, "httpGet", "path")).isEqualTo("/livez");
    }
    assertThat(ports.get("otlp-grpc"))
        .isEqualTo(config.receivers().get(0).grpc().endpoint().port());
    assertThat(ports.get("otlp-http"))
        .isEqualTo(config.receivers().get(0).http().endpoint().port());
    assertThat(List.of(metrics.host(), health.endpoint().host())).containsOnly("0.0.0.0");
  }

  @Test
  void queueIsOnTheVolume() throws Exception {
    String directory = String.valueOf(kubernetes().storage().directory());
    List<Object> mounts = new ArrayList<>();
    ((List<?>) container().get("volumeMounts"))
        .forEach(mount -> mounts.add(at(mount, "mountPath")));

    assertThat(mounts).contains(directory);
    assertThat(Files.readString(PACKAGING.resolve("docker/Dockerfile")))
        .contains("VOLUME " + directory + "\n");
    assertThat(load("compose/collector.yaml").storage().directory()).hasToString(directory);
  }

  private static CollectorConfig kubernetes() throws Exception {
    Map<?, ?> map = document("kubernetes/tallyspan.yaml", "ConfigMap");
    return ConfigLoader.parse("configmap", (String) at(map, "data", "collector.yaml"), SECRETS);
  }

  private static Map<?, ?> container() throws Exception {
    Object containers =
        at(
            document("kubernetes/tallyspan.yaml", "StatefulSet"),
            "spec",
            "template",
            "spec",
            "containers");
    return (Map<?, ?>) ((List<?>) containers).get(0);
  }

  private static CollectorConfig load(String file) throws Exception {
    return ConfigLoader.load(PACKAGING.resolve(file), SECRETS);
  }

  private static Map<?, ?> document(String file, String kind) throws IOException {
    return (Map<?, ?>)
        documents(PACKAGING.resolve(file)).stream()
            .filter(document -> kind.equals(at(document, "kind")))
            .findFirst()
            .orElseThrow();
  }

  private static List<Object> documents(Path file) throws IOException {
    List<Object> documents = new ArrayList<>();
    new Load(LoadSettings.builder().build())
        .loadAllFromString(Files.readString(file))
        .forEach(documents::add);
    return documents;
  }

  private static Object at(Object node, String... keys) {
    Object value = node;
    for (String key : keys) {
      value = ((Map<?, ?>) value).get(key);
    }
    return value;
  }
}
