package dev.tallyspan.collector.config;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.exporter.Endpoint;
import dev.tallyspan.collector.exporter.Protocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a configuration in the OpenTelemetry Collector's YAML.
 *
 * @see <a href="https://opentelemetry.io/docs/collector/configuration/">Collector,
 *     configuration</a>
 */
public final class ConfigLoader {
  private final ConfigFaults faults = new ConfigFaults();
  private final Components components = new Components();

  private ConfigLoader() {}

  /**
   * Reads a file. Certificates and catalogs that it names are not opened.
   *
   * @param env the environment variables that the file may refer to
   * @throws ConfigException with every fault in the file, if there is any
   */
  public static CollectorConfig load(Path file, Map<String, String> env) throws ConfigException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(
          "", List.of(new Fault(0, 0, file + ": the file cannot be read, or is not UTF-8")));
    }
    return parse(file.toString(), text, env);
  }

  /** Reads a configuration from its text; {@code source} names it in messages. */
  static CollectorConfig parse(String source, String text, Map<String, String> env)
      throws ConfigException {
    return new ConfigLoader().read(source, text, env);
  }

  private CollectorConfig read(String source, String text, Map<String, String> env)
      throws ConfigException {
    Optional<Node> root;
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(source).build();
      root = new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      throw new ConfigException(source, List.of(syntax(e)));
    } catch (YamlEngineException e) {
      throw new ConfigException(source, List.of(new Fault(1, 1, "not YAML")));
    }
    if (root.isEmpty()) {
      throw new ConfigException(source, List.of(new Fault(1, 1, "the file is empty")));
    }
    Section file = new Section("", root.get(), faults, new Substitution(env));
    List<ExtensionConfig> extensions =
        components(
            file,
            "extensions",
            new TreeMap<>(
                Map.of(
                    "file_storage", FileStorage::read,
                    "bearertokenauth", AuthReader::bearer,
                    "basicauth", AuthReader::basic)),
            Map.of("health_check", "use /livez and /readyz at service.telemetry.metrics.address"));
    Map<String, @Nullable AuthSettings> auths = AuthReader.among(extensions);
    List<ReceiverConfig> receivers =
        components(
            file,
            "receivers",
            Map.of("otlp", (id, section) -> ReceiverReader.read(id, section, auths)),
            Map.of());
    List<ProcessorConfig> processors =
        components(
            file,
            "processors",
            Map.of("tallyspan", ProcessorReader::read),
            Map.of(
                "batch", "use sending_queue.batch of the exporter",
                "memory_limiter", "Tallyspan limits its memory itself; remove it"));
    List<ExporterConfig> exporters =
        components(
            file,
            "exporters",
            new TreeMap<>(
                Map.of(
                    "otlp_grpc", exporter(Protocol.GRPC, auths),
                    "otlp_http", exporter(Protocol.HTTP_PROTOBUF, auths),
                    "otlp", exporter(Protocol.GRPC, auths),
                    "otlphttp", exporter(Protocol.HTTP_PROTOBUF, auths))),
            Map.of());
    List<ConnectorConfig> connectors =
        components(
            file,
            "connectors",
            Map.of("tallyspan_metrics", ConnectorReader::read),
            Map.of("spanmetrics", "use tallyspan_metrics, which counts spans about LLMs"));
    StorageConfig storage = StorageReader.read(file.section("storage"));
    List<String> listed = List.of();
    List<PipelineConfig> pipelines = new ArrayList<>();
    TelemetryConfig telemetry = TelemetryConfig.DEFAULT;
    Section service = file.section("service");
    file.end();
    if (service == null) {
      faults.error(root.get(), "service is missing: define pipelines under service.pipelines");
    } else {
      pipelines = ServiceReader.pipelines(service, components, faults);
      telemetry = ServiceReader.telemetry(service);
      listed = ServiceReader.extensions(service, components, faults);
      service.end();
    }
    checkLoops(file, receivers, exporters);
    checkProfiles(file, exporters, pipelines);
    checkConnectors(file, connectors, pipelines);
    QueueModes modes = new QueueModes(file, components, faults, exporters);
    pipelines = modes.apply(pipelines);
    Set<String> used = new HashSet<>(modes.storages());
    used.addAll(listed);
    storage =
        withDirectory(
            file,
            storage,
            extensions.stream()
                .filter(FileStorage.class::isInstance)
                .map(FileStorage.class::cast)
                .filter(it -> used.contains(it.id()))
                .toList());
    if (faults.any()) {
      throw new ConfigException(source, faults.errors());
    }
    components.warnOfUnused(faults);
    return new CollectorConfig(
        receivers,
        processors,
        exporters,
        connectors,
        pipelines,
        storage,
        new DirectoryNeeds(source, modes.withoutDirectory()),
        telemetry,
        faults.warnings());
  }

  /** Uses the directory of an extension if {@code storage} has none: all queues share one. */
  private static StorageConfig withDirectory(
      Section file, StorageConfig storage, List<FileStorage> extensions) {
    Path directory = storage.directory();
    String from = "storage.directory";
    for (FileStorage extension : extensions) {
      if (extension.directory() == null) {
        continue;
      }
      Section section = file.child("extensions").child(extension.id());
      if (directory == null) {
        directory = extension.directory();
        from = section.name("directory");
      } else if (!directory.equals(extension.directory())) {
        section.warning(
            "directory",
            section.name("directory") + ": has no effect: all data is kept in " + from);
      }
    }
    return storage.withDirectory(directory);
  }

  private static Fault syntax(MarkedYamlEngineException e) {
    int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
    int column = e.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(1);
    return new Fault(line, column, "not YAML: " + e.getProblem());
  }

  private static BiFunction<String, Section, ExporterConfig> exporter(
      Protocol protocol, Map<String, @Nullable AuthSettings> auths) {
    return (id, section) -> ExporterReader.read(id, protocol, section, auths);
  }

  /**
   * Reads the components of one kind.
   *
   * @param types the reader of each type of component
   * @param instead the types of the OpenTelemetry Collector that are not supported, with what to
   *     use instead
   */
  private <T> List<T> components(
      Section file,
      String kind,
      Map<String, BiFunction<String, Section, T>> types,
      Map<String, String> instead) {
    List<T> read = new ArrayList<>();
    Section section = file.section(kind);
    if (section == null) {
      return read;
    }
    for (String id : section.keys()) {
      int slash = id.indexOf('/');
      String type = slash < 0 ? id : id.substring(0, slash);
      BiFunction<String, Section, T> reader = types.get(type);
      components.define(kind, id, section.keyNode(id));
      if (slash == id.length() - 1) {
        faults.error(section.keyNode(id), section.name(id) + ": the name after the slash is empty");
      } else if (reader != null) {
        deprecated(section, id, type);
        read.add(reader.apply(id, section.child(id)));
      } else if (instead.containsKey(type)) {
        faults.error(
            section.keyNode(id),
            section.name(id) + ": " + type + " is not supported: " + instead.get(type));
      } else {
        String nearest = Suggestions.nearest(type, types.keySet());
        faults.error(
            section.keyNode(id),
            "unknown type %s in %s%s"
                .formatted(
                    type,
                    section.name(id),
                    nearest == null
                        ? "; known types are " + String.join(", ", types.keySet())
                        : "; did you mean " + nearest + "?"));
      }
    }
    return read;
  }

  private static void deprecated(Section section, String id, String type) {
    if (section.name(id).startsWith("exporters.") && !type.contains("_")) {
      section.warning(
          id,
          section.name(id)
              + ": the name "
              + type
              + " is deprecated, use "
              + (type.equals("otlp") ? "otlp_grpc" : "otlp_http"));
    }
  }

  /** The profile of an exporter has an effect only with a processor in one of its pipelines. */
  private static void checkProfiles(
      Section file, List<ExporterConfig> exporters, List<PipelineConfig> pipelines) {
    for (ExporterConfig exporter : exporters) {
      List<PipelineConfig> of =
          pipelines.stream().filter(it -> it.exporters().contains(exporter.id())).toList();
      if (!of.isEmpty() && of.stream().allMatch(it -> it.processors().isEmpty())) {
        Section section = file.child("exporters").child(exporter.id());
        List<String> keys = new ArrayList<>(ProfileReader.KEYS);
        keys.add(TreeReader.KEY);
        for (String key : keys) {
          if (section.has(key)) {
            section.errorAtKey(
                key,
                section.name(key)
                    + ": has no effect: no pipeline of this exporter has the processor tallyspan");
          }
        }
      }
    }
  }

  /** A connector without input has no output; without a pipeline for its output, it is scraped. */
  private static void checkConnectors(
      Section file, List<ConnectorConfig> connectors, List<PipelineConfig> pipelines) {
    for (ConnectorConfig connector : connectors) {
      String id = connector.id();
      if (pipelines.stream().anyMatch(it -> it.receivers().contains(id))
          && pipelines.stream().noneMatch(it -> it.connectors().contains(id))) {
        Section section = file.child("connectors");
        section.errorAtKey(
            id,
            section.name(id)
                + ": is listed as a receiver, but not as an exporter of a pipeline with traces or"
                + " logs");
      }
    }
  }

  private void checkLoops(
      Section file, List<ReceiverConfig> receivers, List<ExporterConfig> exporters) {
    for (ExporterConfig exporter : exporters) {
      Section section = file.child("exporters");
      List<String> targets = new ArrayList<>();
      if (exporter.endpoint() != null) {
        targets.add(exporter.endpoint());
      }
      targets.addAll(new TreeMap<>(exporter.signalEndpoints()).values());
      for (String target : targets) {
        try {
          LoopGuard.check(Endpoint.parse(target, 4317), receivers)
              .forEach(
                  found ->
                      faults.error(
                          section.keyNode(exporter.id()),
                          section.name(exporter.id()) + ": " + found));
        } catch (IllegalArgumentException e) {
          // Not a valid endpoint; reported where it is read.
        }
      }
    }
  }
}
