package dev.tallyspan.collector.config;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.exporter.Endpoint;
import dev.tallyspan.collector.flow.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a configuration in the OpenTelemetry Collector's YAML.
 *
 * @see <a href="https://opentelemetry.io/docs/collector/configuration/">Collector,
 *     configuration</a>
 */
public final class ConfigLoader {
  private static final Fault SELECT =
      new Fault(
          0,
          0,
          "to run what Tallyspan has of this file, use run --only traces; to write a file of it,"
              + " use config convert");

  private final Set<Signal> only;

  /** Whether a pipeline may have no exporter, because what it had was left out. */
  private boolean mayBeEmpty;

  private final ConfigFaults faults;
  private final Components components = new Components();

  /** Whether the file has components of the Collector that Tallyspan does not have. */
  private boolean hasOthers;

  /**
   * @param only see {@link #parse}
   */
  private ConfigLoader(Set<Signal> only) {
    this.only = only;
    mayBeEmpty = !only.isEmpty();
    faults = new ConfigFaults(mayBeEmpty);
  }

  /**
   * Reads a file. Certificates and catalogs that it names are not opened.
   *
   * @param env the environment variables that the file may refer to
   * @throws ConfigException with every fault in the file, if there is any
   */
  public static CollectorConfig load(Path file, Map<String, String> env) throws ConfigException {
    return load(file, env, Set.of());
  }

  /**
   * Reads the pipelines of some signals from a file. Leaves out of them what Tallyspan does not
   * have, with a warning for each; pipelines without an exporter then forward nothing.
   *
   * @param env the environment variables that the file may refer to
   * @param only the signals; empty for the whole file, as it is
   * @throws ConfigException with every fault in what is left, if there is any
   */
  public static CollectorConfig load(Path file, Map<String, String> env, Set<Signal> only)
      throws ConfigException {
    return parse(file.toString(), read(file), env, only);
  }

  /** Returns the text of a file. */
  static String read(Path file) throws ConfigException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(
          "", List.of(new Fault(0, 0, file + ": the file cannot be read, or is not UTF-8")));
    }
  }

  /** Reads a configuration from its text; {@code source} names it in messages. */
  static CollectorConfig parse(String source, String text, Map<String, String> env)
      throws ConfigException {
    return parse(source, text, env, Set.of());
  }

  /**
   * Reads the pipelines of some signals, and leaves out of them what Tallyspan does not have.
   *
   * @param only the signals; empty for the whole file, as it is
   */
  static CollectorConfig parse(
      String source, String text, Map<String, String> env, Set<Signal> only)
      throws ConfigException {
    return new ConfigLoader(only).read(source, compose(source, text), env);
  }

  /** Returns what is left of a file if only these signals and the types of Tallyspan count. */
  static Node select(Node root, Set<Signal> signals, ConfigFaults leftOut) {
    return PipelineSelection.apply(root, signals, ComponentTypes.BY_KIND, leftOut);
  }

  /** Whether there are connectors of this type. */
  static boolean hasConnector(String type) {
    return ComponentTypes.CONNECTORS.containsKey(type);
  }

  /** Returns the keys of the components in a file whose types Tallyspan does not have. */
  static Set<Node> others(Node root) {
    Set<Node> others = Collections.newSetFromMap(new IdentityHashMap<>());
    ComponentTypes.BY_KIND.forEach(
        (kind, types) -> {
          for (NodeTuple entry : Nodes.entries(Nodes.value(root, kind))) {
            if (!types.contains(ComponentIds.type(Nodes.text(entry.getKeyNode())))) {
              others.add(entry.getKeyNode());
            }
          }
        });
    return others;
  }

  /** Returns the faults of a file from which something was left out. */
  static List<ConfigFaults.Located> faults(Node root, Map<String, String> env) {
    ConfigLoader loader = new ConfigLoader(Set.of());
    loader.mayBeEmpty = true;
    try {
      loader.read("", root, env);
    } catch (ConfigException e) {
      return loader.faults.found();
    }
    return List.of();
  }

  /**
   * Returns the tree of a text, without aliases and with joined pipelines; comments belong to their
   * nodes.
   */
  static Node compose(String source, String text) throws ConfigException {
    try {
      LoadSettings settings =
          LoadSettings.builder().setLabel(source).setParseComments(true).build();
      checkDepth(settings, text);
      Node root =
          new Compose(settings)
              .composeString(text)
              // What a file with nothing but comments is.
              .filter(node -> !node.getTag().equals(Tag.COMMENT))
              .orElseThrow(
                  () -> new ConfigException(source, List.of(new Fault(1, 1, "the file is empty"))));
      return ForwardedPipelines.joined(ComponentIds.normalized(Nodes.expanded(root)));
    } catch (MarkedYamlEngineException e) {
      throw new ConfigException(source, List.of(syntax(e)));
    } catch (YamlEngineException e) {
      throw new ConfigException(source, List.of(new Fault(1, 1, "not YAML")));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(source, List.of(new Fault(1, 1, "not valid: " + e.getMessage())));
    }
  }

  /** Composing recurses, so it must not meet what is nested too deeply. */
  private static void checkDepth(LoadSettings settings, String text) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> {
          if (++depth > Nodes.MAX_DEPTH) {
            throw new IllegalArgumentException("nested more than " + Nodes.MAX_DEPTH + " deep");
          }
        }
        case MappingEnd, SequenceEnd -> depth--;
        default -> {}
      }
    }
  }

  private CollectorConfig read(String source, Node whole, Map<String, String> env)
      throws ConfigException {
    Node root = only.isEmpty() ? whole : select(whole, only, faults);
    Section file = new Section("", root, faults, new Substitution(env));
    List<ExtensionConfig> extensions = components(file, "extensions", ComponentTypes.EXTENSIONS);
    Map<String, @Nullable AuthSettings> auths = AuthReader.among(extensions);
    List<AnyReceiverConfig> allReceivers =
        components(file, "receivers", ComponentTypes.receivers(auths));
    List<ReceiverConfig> receivers = only(ReceiverConfig.class, allReceivers);
    List<KafkaReceiverConfig> kafkaReceivers = only(KafkaReceiverConfig.class, allReceivers);
    List<AnyProcessorConfig> read = components(file, "processors", ComponentTypes.PROCESSORS);
    List<ProcessorConfig> processors = only(ProcessorConfig.class, read);
    List<ScorerConfig> scorers = only(ScorerConfig.class, read);
    List<EditConfig> edits = only(EditConfig.class, read);
    PipelineHints hints = PipelineHints.read(file);
    List<AnyExporterConfig> allExporters =
        components(file, "exporters", ComponentTypes.exporters(auths));
    List<ExporterConfig> exporters = only(ExporterConfig.class, allExporters);
    List<ConnectorConfig> connectors = components(file, "connectors", ComponentTypes.CONNECTORS);
    StorageConfig storage = StorageReader.read(file.section("storage"));
    LedgerConfig ledger = LedgerConfig.read(file.section("ledger"));
    ViewerConfig viewer = ViewerReader.read(file.section("viewer"), allExporters);
    List<String> listed = List.of();
    List<PipelineConfig> pipelines = new ArrayList<>();
    TelemetryConfig telemetry = TelemetryConfig.DEFAULT;
    Section service = file.section("service");
    file.end();
    if (service == null) {
      faults.error(root, "service is missing: define pipelines under service.pipelines");
    } else {
      pipelines = ServiceReader.pipelines(service, components, faults, mayBeEmpty);
      telemetry = TelemetryReader.read(service);
      listed = ServiceReader.extensions(service, components, faults);
      service.end();
    }
    checkLoops(file, receivers, exporters);
    checkProfiles(file, allExporters, pipelines);
    checkConnectors(file, connectors, pipelines);
    EditReader.check(file, edits, pipelines);
    ScorerReader.check(file, scorers, pipelines);
    HeadersReader.check(file, exporters, allReceivers, pipelines);
    KafkaReceiverReader.check(
        file, kafkaReceivers, only(KafkaExporterConfig.class, allExporters), pipelines);
    FileReader.check(file, only(LocalExporterConfig.class, allExporters));
    List<QueuedExporterConfig> queued = only(QueuedExporterConfig.class, allExporters);
    QueueModes modes = new QueueModes(file, components, faults, queued);
    pipelines = modes.apply(pipelines);
    if (ledger != null) {
      modes.needsDirectoryForLedger();
    }
    if (viewer != null && viewer.stored()) {
      modes.needsDirectoryForViewer();
    }
    Set<String> used = new HashSet<>(modes.storages());
    used.addAll(listed);
    storage = withDirectory(file, storage, of(FileStorage.class, extensions, used));
    queued = hints.apply(queued, pipelines);
    if (faults.any()) {
      List<Fault> errors = new ArrayList<>(faults.errors());
      if (hasOthers && only.isEmpty()) {
        errors.add(SELECT);
      }
      throw new ConfigException(source, errors);
    }
    components.warnOfUnused(faults);
    return new CollectorConfig(
        receivers,
        kafkaReceivers,
        processors,
        scorers,
        edits,
        only(ExporterConfig.class, queued),
        only(KafkaExporterConfig.class, queued),
        only(LocalExporterConfig.class, allExporters),
        connectors,
        pipelines,
        of(HealthCheckConfig.class, extensions, Set.copyOf(listed)),
        hints.memoryLimit(pipelines),
        storage,
        ledger,
        viewer,
        new DirectoryNeeds(source, modes.withoutDirectory()),
        telemetry,
        faults.warnings());
  }

  /** Returns the extensions of a kind that are used. */
  private static <T extends ExtensionConfig> List<T> of(
      Class<T> kind, List<ExtensionConfig> extensions, Set<String> used) {
    return extensions.stream()
        .filter(it -> used.contains(it.id()))
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
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

  private static <T> List<T> only(Class<T> type, List<? super T> all) {
    return all.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /**
   * Reads the components of one kind.
   *
   * @param types the reader of each type of component
   */
  private <T> List<T> components(
      Section file, String kind, Map<String, BiFunction<String, Section, T>> types) {
    List<T> read = new ArrayList<>();
    Section section = file.section(kind);
    if (section == null) {
      return read;
    }
    for (String id : section.keys()) {
      String type = ComponentIds.type(id);
      BiFunction<String, Section, T> reader = types.get(type);
      String instead = OtherComponents.instead(kind, type);
      components.define(kind, id, section.keyNode(id));
      if (id.endsWith("/")) {
        faults.error(section.keyNode(id), section.name(id) + ": the name after the slash is empty");
      } else if (reader != null) {
        deprecated(section, id, type);
        read.add(reader.apply(id, section.child(id)));
      } else if (instead != null) {
        hasOthers = true;
        faults.error(
            section.keyNode(id), section.name(id) + ": " + type + " is not supported: " + instead);
      } else if (!ComponentTypes.has(kind, type)) {
        Set<String> known = new TreeSet<>(types.keySet());
        known.remove(RoutingReader.TYPE); // Internal: what the connector routing becomes.
        String nearest = Suggestions.nearest(type, known);
        faults.error(
            section.keyNode(id),
            "unknown type %s in %s%s"
                .formatted(
                    type,
                    section.name(id),
                    nearest == null
                        ? "; known types are " + String.join(", ", known)
                        : "; did you mean " + nearest + "?"));
      }
    }
    return read;
  }

  private static void deprecated(Section section, String id, String type) {
    String now = ComponentTypes.NEW_EXPORTERS.get(type);
    if (section.name(id).startsWith("exporters.") && now != null) {
      section.warning(id, section.name(id) + ": the name " + type + " is deprecated, use " + now);
    }
  }

  /** The profile of an exporter has an effect only with a processor in one of its pipelines. */
  private static void checkProfiles(
      Section file, List<AnyExporterConfig> exporters, List<PipelineConfig> pipelines) {
    for (AnyExporterConfig exporter : exporters) {
      List<PipelineConfig> of =
          pipelines.stream().filter(it -> it.exporters().contains(exporter.id())).toList();
      if (!of.isEmpty() && of.stream().allMatch(it -> it.tallyspan().isEmpty())) {
        Section section = file.child("exporters").child(exporter.id());
        List<String> keys = new ArrayList<>(ProfileReader.KEYS);
        if (!(exporter instanceof KafkaExporterConfig)) {
          keys.add(TreeReader.KEY);
        }
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
