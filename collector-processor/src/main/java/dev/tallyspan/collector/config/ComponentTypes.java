package dev.tallyspan.collector.config;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.exporter.Protocol;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The component types that Tallyspan has, with what reads their definitions. */
final class ComponentTypes {

  /** The names that exporters have today, by those that they had. */
  static final Map<String, String> NEW_EXPORTERS =
      Map.of("otlp", "otlp_grpc", "otlphttp", "otlp_http", "logging", "debug");

  static final Map<String, BiFunction<String, Section, AnyProcessorConfig>> PROCESSORS =
      processorTypes();

  static final Map<String, BiFunction<String, Section, ConnectorConfig>> CONNECTORS =
      Map.of("tallyspan_metrics", ConnectorReader::read);

  static final Map<String, BiFunction<String, Section, ExtensionConfig>> EXTENSIONS =
      Map.of(
          "headers_setter",
          HeadersReader::read,
          "file_storage",
          FileStorage::read,
          "bearertokenauth",
          AuthReader::bearer,
          "basicauth",
          AuthReader::basic,
          "health_check",
          HealthCheckConfig::read,
          "zpages",
          (id, section) ->
              UnusedExtension.read(
                  id,
                  section,
                  "the metrics at service.telemetry.metrics.address say what it shows"),
          "pprof",
          (id, section) ->
              UnusedExtension.read(id, section, "use jcmd or Java Flight Recorder on the process"));

  /** The types that Tallyspan has, by the section that defines their components. */
  static final Map<String, Set<String>> BY_KIND =
      Map.of(
          "receivers", receivers(Map.of()).keySet(),
          "processors", union(PROCESSORS.keySet(), PipelineHints.TYPES),
          "exporters", exporters(Map.of()).keySet(),
          "connectors", CONNECTORS.keySet(),
          "extensions", EXTENSIONS.keySet());

  private ComponentTypes() {}

  /**
   * @param kind the section that defines such components
   */
  static boolean has(String kind, String type) {
    return BY_KIND.getOrDefault(kind, Set.of()).contains(type);
  }

  /**
   * @param auths the extensions by which receivers can authenticate their senders, by id
   */
  static Map<String, BiFunction<String, Section, AnyReceiverConfig>> receivers(
      Map<String, @Nullable AuthSettings> auths) {
    return new TreeMap<>(
        Map.of(
            "otlp",
            (id, section) -> ReceiverReader.read(id, section, auths),
            "kafka",
            KafkaReceiverReader::read));
  }

  /**
   * @param auths the extensions that have credentials for exporters, by id
   */
  static Map<String, BiFunction<String, Section, AnyExporterConfig>> exporters(
      Map<String, @Nullable AuthSettings> auths) {
    return new TreeMap<>(
        Map.of(
            "otlp_grpc",
            exporter(Protocol.GRPC, auths),
            "otlp_http",
            exporter(Protocol.HTTP_PROTOBUF, auths),
            "otlp",
            exporter(Protocol.GRPC, auths),
            "otlphttp",
            exporter(Protocol.HTTP_PROTOBUF, auths),
            "debug",
            DebugReader::read,
            "file",
            FileReader::read,
            "kafka",
            KafkaExporterReader::read,
            "logging",
            DebugReader::read));
  }

  private static Map<String, BiFunction<String, Section, AnyProcessorConfig>> processorTypes() {
    Map<String, BiFunction<String, Section, AnyProcessorConfig>> types = new TreeMap<>();
    types.put("tallyspan", ProcessorReader::read);
    types.put(ScorerConfig.TYPE, ScorerReader::read);
    EditReader.TYPES.forEach((type, reader) -> types.put(type, reader::apply));
    return types;
  }

  private static BiFunction<String, Section, AnyExporterConfig> exporter(
      Protocol protocol, Map<String, @Nullable AuthSettings> auths) {
    return (id, section) -> ExporterReader.read(id, protocol, section, auths);
  }

  private static Set<String> union(Set<String> some, Set<String> more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(more);
    return all;
  }
}
