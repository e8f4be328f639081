package dev.tallyspan.collector.config;

import dev.tallyspan.collector.flow.Signal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Writes the nearest file that Tallyspan runs from a file of the OpenTelemetry Collector.
 *
 * @param text the file, with what was left out as comments at its top
 * @param leftOut what the original says and the file does not, each with its place in the original,
 *     the reason, and what to do
 * @param faults what is left to do by hand; empty if the file runs
 */
public record ConfigConversion(String text, List<Fault> leftOut, List<Fault> faults) {

  /*
   * Three steps over the tree of the file:
   *
   *   1. PipelineSelection takes out the components and pipelines that Tallyspan does not have.
   *   2. What is said in another way here is rewritten: old names of exporters, `batch` as
   *      `sending_queue.batch` of the exporters, and the processor `tallyspan` at the end of each
   *      pipeline of spans or log records, where `batch` used to be.
   *   3. The result is read as `run` would read it, and each key with a fault is taken out, until
   *      there is none. So a key that Tallyspan learns is kept from then on, and this class does
   *      not list any.
   *
   * A key that protects something, such as `auth` or `tls`, is never taken out: a person decides.
   * The same goes for the components that step 1 has not taken out although Tallyspan does not have
   * them. Nor is a value with a variable that is not set here.
   */

  private static final Map<String, String> NEW_NAMES =
      Map.of("otlp", "otlp_grpc", "otlphttp", "otlp_http");

  private static final int MAX_ROUNDS = 200;

  public ConfigConversion {
    leftOut = List.copyOf(leftOut);
    faults = List.copyOf(faults);
  }

  /**
   * Converts a file.
   *
   * @throws ConfigException if the file cannot be read, or is not YAML
   */
  public static ConfigConversion of(Path file, Map<String, String> env, Set<Signal> only)
      throws ConfigException {
    return of(file.toString(), ConfigLoader.read(file), env, only);
  }

  /**
   * Converts a file.
   *
   * @param source its name, for messages
   * @param env the environment variables that the file may refer to; they stay references
   * @param only the signals whose pipelines stay; empty for all
   * @throws ConfigException if the text is not YAML, or not a mapping
   */
  static ConfigConversion of(String source, String text, Map<String, String> env, Set<Signal> only)
      throws ConfigException {
    Set<Signal> signals = only.isEmpty() ? EnumSet.allOf(Signal.class) : only;
    ConfigFaults leftOut = new ConfigFaults();
    Node whole = ConfigLoader.compose(source, text);
    if (!(whole instanceof MappingNode)) {
      throw new ConfigException(source, List.of(new Fault(1, 1, "the file: must be a mapping")));
    }
    Node root = ConfigLoader.select(whole, signals, leftOut);
    List<Fault> faults = new ArrayList<>(leftOut.errors());
    root = withProcessor(withBatches(renamed(root)), signals);
    Set<Node> kept = ConfigLoader.others(root);
    for (int round = 0; round < MAX_ROUNDS; round++) {
      List<ConfigFaults.Located> found = ConfigLoader.faults(root, env);
      Node next = root;
      for (ConfigFaults.Located fault : found) {
        Node without =
            kept.contains(fault.node()) || refersToVariables(fault.node())
                ? null
                : NodeRemoval.of(fault.node()).from(root);
        if (without != null) {
          leftOut.warning(fault.node(), fault.fault().message());
          next = without;
          break;
        }
      }
      if (next == root) {
        found.stream()
            .filter(fault -> !refersToUnset(fault.node(), env))
            .map(ConfigFaults.Located::fault)
            .distinct()
            .forEach(faults::add);
        break;
      }
      root = next;
    }
    faults.addAll(incomplete(root, faults));
    List<Fault> gone = leftOut.warnings();
    return new ConfigConversion(
        header(source, gone, faults) + dump(withoutEmptySections(root)), gone, faults);
  }

  static boolean refersToVariables(Node node) {
    return Nodes.texts(node).anyMatch(text -> text.contains("${"));
  }

  /** Variables need not be set where a file is converted. */
  private static boolean refersToUnset(Node node, Map<String, String> env) {
    Substitution substitution = new Substitution(env);
    return Nodes.texts(node)
        .anyMatch(
            text -> {
              try {
                substitution.expand(text);
                return false;
              } catch (IllegalArgumentException e) {
                return text.contains("${");
              }
            });
  }

  /** {@code run --only} runs such pipelines, but a file of one's own should say where data goes. */
  private static List<Fault> incomplete(Node root, List<Fault> known) {
    List<Fault> faults = new ArrayList<>();
    Node pipelines = Nodes.value(Nodes.value(root, "service"), "pipelines");
    if (Nodes.entries(pipelines).isEmpty() && known.isEmpty()) {
      faults.add(
          new Fault(
              0,
              0,
              "service.pipelines: none is left: add one with a receiver otlp and an exporter"));
    }
    for (NodeTuple pipeline : Nodes.entries(pipelines)) {
      Node exporters = Nodes.value(pipeline.getValueNode(), "exporters");
      if (exporters != null && Nodes.items(exporters).isEmpty()) {
        ConfigFaults place = new ConfigFaults();
        place.error(
            exporters,
            "service.pipelines."
                + Nodes.text(pipeline.getKeyNode())
                + ".exporters: none is left: add otlp_grpc or otlp_http with the address of a backend"
                + " or of a Collector");
        faults.addAll(place.errors());
      }
    }
    return faults;
  }

  /** Gives exporters the names that they have today. */
  private static Node renamed(Node root) {
    List<NodeTuple> sections = new ArrayList<>();
    for (NodeTuple section : Nodes.entries(root)) {
      Node value = section.getValueNode();
      if (Nodes.text(section.getKeyNode()).equals("exporters")) {
        value = keys(value);
      } else if (Nodes.text(section.getKeyNode()).equals("service")) {
        value = lists(value, "exporters", ConfigConversion::renamed);
      }
      sections.add(new NodeTuple(section.getKeyNode(), value));
    }
    return Nodes.mapping(root, sections);
  }

  private static Node keys(Node section) {
    if (!(section instanceof MappingNode)) {
      return section;
    }
    List<NodeTuple> entries = new ArrayList<>();
    for (NodeTuple entry : Nodes.entries(section)) {
      entries.add(new NodeTuple(withNewName(entry.getKeyNode()), entry.getValueNode()));
    }
    return Nodes.mapping(section, entries);
  }

  private static List<Node> renamed(List<Node> ids) {
    return ids.stream().map(ConfigConversion::withNewName).toList();
  }

  /** Leaves what cannot be the id of a component as it is. */
  private static Node withNewName(Node id) {
    return id instanceof ScalarNode ? Nodes.scalar(id, newName(Nodes.text(id))) : id;
  }

  private static String newName(String id) {
    String type = ComponentIds.type(id);
    return NEW_NAMES.getOrDefault(type, type) + id.substring(type.length());
  }

  /** What becomes of the ids in a list of a pipeline. */
  @FunctionalInterface
  private interface Listed {
    List<Node> change(List<Node> ids);
  }

  /** Changes one list of every pipeline. */
  private static Node lists(Node service, String kind, Listed change) {
    Node pipelines = Nodes.value(service, "pipelines");
    if (!(pipelines instanceof MappingNode)) {
      return service;
    }
    List<NodeTuple> changed = new ArrayList<>();
    for (NodeTuple pipeline : Nodes.entries(pipelines)) {
      changed.add(
          new NodeTuple(
              pipeline.getKeyNode(),
              Nodes.with(
                  pipeline.getValueNode(),
                  kind,
                  list ->
                      list instanceof SequenceNode
                          ? Nodes.list(list, change.change(Nodes.items(list)))
                          : list)));
    }
    return Nodes.with(service, "pipelines", old -> Nodes.mapping(old, changed));
  }

  /** Writes what each processor {@code batch} says to the exporters of its pipelines. */
  private static Node withBatches(Node root) {
    Node processors = Nodes.value(root, "processors");
    Node pipelines = Nodes.value(Nodes.value(root, "service"), "pipelines");
    Node changed = root;
    for (NodeTuple pipeline : Nodes.entries(pipelines)) {
      for (Node processor : Nodes.items(Nodes.value(pipeline.getValueNode(), "processors"))) {
        Node definition = Nodes.value(processors, Nodes.text(processor));
        if (definition == null || !isBatch(Nodes.text(processor))) {
          continue;
        }
        for (Node exporter : Nodes.items(Nodes.value(pipeline.getValueNode(), "exporters"))) {
          String id = Nodes.text(exporter);
          if (id.startsWith("otlp")) {
            changed =
                Nodes.with(
                    changed,
                    "exporters",
                    all -> Nodes.with(all, id, it -> withBatch(it, definition)));
          }
        }
      }
    }
    return Nodes.with(
        Nodes.with(
            changed,
            "processors",
            all ->
                all instanceof MappingNode
                    ? Nodes.mapping(
                        all,
                        Nodes.entries(all).stream()
                            .filter(it -> !isBatch(Nodes.text(it.getKeyNode())))
                            .toList())
                    : all),
        "service",
        service ->
            lists(
                service,
                "processors",
                ids -> ids.stream().filter(id -> !isBatch(Nodes.text(id))).toList()));
  }

  private static boolean isBatch(String id) {
    return ComponentIds.type(id).equals(BatchHint.TYPE);
  }

  private static Node withBatch(Node exporter, Node batch) {
    if (!(exporter instanceof MappingNode)) {
      return exporter;
    }
    Node queue = Nodes.value(exporter, "sending_queue");
    if (Nodes.value(queue, "batch") != null
        || Nodes.text(Nodes.value(queue, "enabled")).equals("false")) {
      return exporter;
    }
    List<NodeTuple> settings = new ArrayList<>();
    copy(batch, "timeout", settings, "flush_timeout");
    copy(batch, "send_batch_size", settings, "min_size");
    copy(batch, "send_batch_max_size", settings, "max_size");
    NodeTuple entry = entry("batch", created(settings));
    if (queue instanceof MappingNode) {
      List<NodeTuple> all = new ArrayList<>(Nodes.entries(queue));
      all.add(entry);
      return Nodes.with(exporter, "sending_queue", old -> Nodes.mapping(old, all));
    }
    List<NodeTuple> all =
        new ArrayList<>(
            Nodes.entries(exporter).stream()
                .filter(it -> !Nodes.text(it.getKeyNode()).equals("sending_queue"))
                .toList());
    all.add(entry("sending_queue", created(List.of(entry))));
    return Nodes.mapping(exporter, all);
  }

  private static void copy(Node from, String key, List<NodeTuple> to, String name) {
    Node value = Nodes.value(from, key);
    if (value != null) {
      to.add(entry(name, Nodes.scalarAt(value, Nodes.text(value))));
    }
  }

  private static NodeTuple entry(String key, Node value) {
    return new NodeTuple(Nodes.scalar(key), value);
  }

  private static MappingNode created(List<NodeTuple> entries) {
    return new MappingNode(
        Tag.MAP,
        true,
        entries,
        entries.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK,
        Nodes.START,
        Nodes.START);
  }

  /** Adds the processor that reads and prices LLM spans, as the last of each pipeline. */
  private static Node withProcessor(Node root, Set<Signal> signals) {
    Node processors = Nodes.value(root, "processors");
    for (NodeTuple definition : Nodes.entries(processors)) {
      if (ComponentIds.type(Nodes.text(definition.getKeyNode())).equals("tallyspan")) {
        return root;
      }
    }
    NodeTuple tallyspan = entry("tallyspan", created(List.of()));
    List<NodeTuple> sections = new ArrayList<>();
    for (NodeTuple section : Nodes.entries(root)) {
      String name = Nodes.text(section.getKeyNode());
      if (name.equals("processors")) {
        List<NodeTuple> all = new ArrayList<>(Nodes.entries(section.getValueNode()));
        all.add(tallyspan);
        sections.add(new NodeTuple(section.getKeyNode(), created(all)));
      } else if (name.equals("service")) {
        if (processors == null) {
          sections.add(entry("processors", created(List.of(tallyspan))));
        }
        sections.add(
            new NodeTuple(section.getKeyNode(), processed(section.getValueNode(), signals)));
      } else {
        sections.add(section);
      }
    }
    return Nodes.mapping(root, sections);
  }

  private static Node processed(Node service, Set<Signal> signals) {
    return Nodes.with(
        service,
        "pipelines",
        pipelines -> {
          List<NodeTuple> all = new ArrayList<>();
          for (NodeTuple pipeline : Nodes.entries(pipelines)) {
            Signal signal = ServiceReader.signal(Nodes.text(pipeline.getKeyNode()));
            boolean reads = signal == Signal.TRACES || signal == Signal.LOGS;
            all.add(
                reads && signals.contains(signal)
                    ? new NodeTuple(pipeline.getKeyNode(), processed(pipeline.getValueNode()))
                    : pipeline);
          }
          return pipelines instanceof MappingNode ? Nodes.mapping(pipelines, all) : pipelines;
        });
  }

  private static Node processed(Node pipeline) {
    if (!(pipeline instanceof MappingNode)) {
      return pipeline;
    }
    List<NodeTuple> entries = new ArrayList<>();
    for (NodeTuple entry : Nodes.entries(pipeline)) {
      String key = Nodes.text(entry.getKeyNode());
      if (key.equals("exporters") && Nodes.value(pipeline, "processors") == null) {
        entries.add(
            entry(
                "processors",
                new SequenceNode(Tag.SEQ, List.of(Nodes.scalar("tallyspan")), FlowStyle.FLOW)));
      }
      if (key.equals("processors") && entry.getValueNode() instanceof SequenceNode list) {
        List<Node> ids = new ArrayList<>(list.getValue());
        ids.add(Nodes.scalar("tallyspan"));
        entries.add(new NodeTuple(entry.getKeyNode(), Nodes.list(list, ids)));
      } else {
        entries.add(entry);
      }
    }
    return Nodes.mapping(pipeline, entries);
  }

  private static String header(String source, List<Fault> leftOut, List<Fault> faults) {
    StringBuilder header = new StringBuilder();
    header.append("# Written by 'tallyspan config convert' from ").append(source).append(".\n");
    if (!faults.isEmpty()) {
      header.append("#\n# To do before it runs:\n");
      lines(faults, header);
    }
    if (!leftOut.isEmpty()) {
      header.append("#\n# Left out, with the line of the original:\n");
      lines(leftOut, header);
    }
    return header.append('\n').toString();
  }

  private static void lines(List<Fault> faults, StringBuilder out) {
    faults.forEach(fault -> out.append("#   ").append(fault).append('\n'));
  }

  private static Node withoutEmptySections(Node root) {
    return Nodes.mapping(
        root,
        Nodes.entries(root).stream()
            .filter(
                section ->
                    !(section.getValueNode() instanceof MappingNode)
                        || !Nodes.entries(section.getValueNode()).isEmpty())
            .toList());
  }

  private static String dump(Node root) {
    try {
      return dump(root, true);
    } catch (YamlEngineException e) {
      // There are places for comments that can be read and not written.
      return dump(root, false);
    }
  }

  private static String dump(Node root, boolean comments) {
    DumpSettings settings = DumpSettings.builder().setDumpComments(comments).setWidth(120).build();
    return new Present(settings)
        .emitToString(new Serialize(settings).serializeOne(root).iterator());
  }
}
