package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Signal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Leaves out of a file what Tallyspan does not have, and the pipelines of signals that are not
 * chosen, with one warning each. What is left is read as usual.
 */
final class PipelineSelection {

  /*
   * A file of the Collector describes more than Tallyspan does: metrics of hosts, stores of other
   * protocols. Its pipelines for traces mostly need little of that. So the tree of the file is cut
   * before it is read:
   *
   *   1. pipelines of other signals go;
   *   2. in the pipelines that stay, receivers, exporters and connectors of unknown types go, and
   *      so do processors, if the spans are still right without them; the others stay, so that they
   *      are reported as faults. The same is true of a `transform` with a statement that is not
   *      supported. A pipeline without a receiver goes, too. One without an exporter
   *      stays: its traces are shown, as without a backend. A connector of an unknown type from
   *      one pipeline of traces to another stays, too, and is a fault: leaving out `failover`
   *      would lose traces (`forward` and `routing` work, see ForwardedPipelines);
   *   3. definitions that no pipeline uses any more go, without a warning, because it was given
   *      where they were used;
   *   4. extensions of unknown types go, unless a component that stays names them: a receiver must
   *      not lose its authentication.
   */

  private final Set<Signal> signals;
  private final Map<String, Set<String>> types;
  private final ConfigFaults faults;
  private final Set<String> used = new HashSet<>();
  private final Set<String> dropped = new HashSet<>();

  /** Connectors between pipelines of one signal, such as {@code traces.failover}. */
  private final Set<String> passesOn = new HashSet<>();

  private final Map<String, Node> definitions = new LinkedHashMap<>();

  private PipelineSelection(
      Set<Signal> signals, Map<String, Set<String>> types, ConfigFaults faults) {
    this.signals = signals;
    this.types = types;
    this.faults = faults;
  }

  /**
   * @param root the whole file, without merge keys
   * @param signals whose pipelines stay
   * @param types the types that Tallyspan has, by kind: {@code receivers} to {@code otlp}
   * @param faults gets a warning for each thing that is left out
   */
  static Node apply(
      Node root, Set<Signal> signals, Map<String, Set<String>> types, ConfigFaults faults) {
    return new PipelineSelection(signals, types, faults).cut(root);
  }

  private Node cut(Node root) {
    Node pipelines = Nodes.value(Nodes.value(root, "service"), "pipelines");
    if (Nodes.entries(pipelines).isEmpty()) {
      return root;
    }
    for (String kind : List.of("receivers", "processors", "exporters", "connectors")) {
      for (NodeTuple entry : Nodes.entries(Nodes.value(root, kind))) {
        definitions.put(kind + "." + Nodes.text(entry.getKeyNode()), entry.getValueNode());
      }
    }
    findPassesOn(pipelines);
    List<NodeTuple> kept = new ArrayList<>();
    for (NodeTuple pipeline : Nodes.entries(pipelines)) {
      NodeTuple rest = pipeline(pipeline);
      if (rest != null) {
        kept.add(rest);
      }
    }
    if (kept.isEmpty()) {
      faults.error(
          requireNonNull(pipelines),
          "service.pipelines: none is left: add a pipeline with a receiver otlp, and let a Collector"
              + " send to it what it receives over other protocols");
    }
    List<NodeTuple> sections = new ArrayList<>();
    for (NodeTuple section : Nodes.entries(root)) {
      String name = Nodes.text(section.getKeyNode());
      Node value = section.getValueNode();
      Node rest =
          switch (name) {
            case "receivers", "processors", "exporters", "connectors" -> used(name, value);
            case "extensions" -> extensions(root, value);
            case "service" ->
                value instanceof MappingNode
                    ? service(root, value, requireNonNull(pipelines), kept)
                    : value;
            default -> value;
          };
      sections.add(new NodeTuple(section.getKeyNode(), rest));
    }
    return Nodes.mapping(root, sections);
  }

  /** Finds the connectors from one pipeline of a signal to another of the same signal. */
  private void findPassesOn(@Nullable Node pipelines) {
    Set<String> sent = new HashSet<>();
    Set<String> received = new HashSet<>();
    for (NodeTuple pipeline : Nodes.entries(pipelines)) {
      String signal = ComponentIds.type(Nodes.text(pipeline.getKeyNode()));
      Map<String, List<String>> lists = lists(pipeline);
      lists.getOrDefault("exporters", List.of()).forEach(id -> sent.add(signal + "." + id));
      lists.getOrDefault("receivers", List.of()).forEach(id -> received.add(signal + "." + id));
    }
    passesOn.addAll(sent);
    passesOn.retainAll(received);
  }

  /** Returns what is left of a pipeline; null if nothing is. */
  private @Nullable NodeTuple pipeline(NodeTuple pipeline) {
    String id = Nodes.text(pipeline.getKeyNode());
    String name = "service.pipelines." + id;
    Signal signal = ServiceReader.signal(id);
    if (signal == null || !signals.contains(signal)) {
      faults.warning(pipeline.getKeyNode(), name + ": left out, " + why(id, signal));
      lists(pipeline).forEach((kind, list) -> list.forEach(it -> dropped.add(kind + "." + it)));
      return null;
    }
    if (!(pipeline.getValueNode() instanceof MappingNode)) {
      return pipeline;
    }
    List<NodeTuple> lists = new ArrayList<>();
    Set<String> uses = new HashSet<>();
    for (NodeTuple list : Nodes.entries(pipeline.getValueNode())) {
      String kind = Nodes.text(list.getKeyNode());
      if (!List.of("receivers", "processors", "exporters").contains(kind)
          || !(list.getValueNode() instanceof SequenceNode listed)) {
        lists.add(list);
        continue;
      }
      List<Node> rest = new ArrayList<>();
      for (Node item : listed.getValue()) {
        if (stays(id, signal, kind, item)) {
          rest.add(item);
          uses.add(kind + "." + Nodes.text(item));
          uses.add("connectors." + Nodes.text(item));
        } else {
          dropped.add(kind + "." + Nodes.text(item));
        }
      }
      boolean nothing = rest.isEmpty() && !listed.getValue().isEmpty();
      if (nothing && kind.equals("receivers")) {
        faults.warning(
            list.getKeyNode(),
            name + ": left out: none of its receivers is one that Tallyspan has");
        return null;
      }
      if (nothing && kind.equals("exporters") && signal != Signal.TRACES) {
        faults.warning(
            list.getKeyNode(),
            name + ": left out: none of its exporters is one that Tallyspan has");
        return null;
      }
      if (nothing && kind.equals("exporters")) {
        faults.warning(
            list.getKeyNode(),
            name
                + ".exporters: none is left, so nothing is forwarded: add otlp_grpc or otlp_http"
                + " with the address of a backend or a Collector");
      }
      lists.add(new NodeTuple(list.getKeyNode(), Nodes.list(listed, rest)));
    }
    used.addAll(uses);
    return new NodeTuple(pipeline.getKeyNode(), Nodes.mapping(pipeline.getValueNode(), lists));
  }

  private String why(String id, @Nullable Signal signal) {
    return signal == null
        ? "because Tallyspan does not have pipelines of this kind"
        : "because only "
            + String.join(", ", signals.stream().map(Signal::id).sorted().toList())
            + " were chosen";
  }

  private static Map<String, List<String>> lists(NodeTuple pipeline) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (NodeTuple list : Nodes.entries(pipeline.getValueNode())) {
      lists.put(
          Nodes.text(list.getKeyNode()),
          Nodes.items(list.getValueNode()).stream().map(Nodes::text).toList());
    }
    return lists;
  }

  private boolean stays(String pipeline, Signal signal, String kind, Node item) {
    String id = Nodes.text(item);
    String type = ComponentIds.type(id);
    if (!isDefined(kind, id)) {
      return true; // It is a mistake, which is reported when it is read.
    }
    String cannot =
        kind.equals("processors") && type.equals("transform")
            ? TransformReader.fault(definitions.get("processors." + id), signal)
            : null;
    if (isKnown(kind, type) && cannot == null) {
      return true;
    }
    boolean connector = definitions.containsKey("connectors." + id);
    String of = connector ? "connectors" : kind;
    if (kind.equals("processors")
        && !OtherComponents.mayBeLeftOut(type, definitions.get("processors." + id), signal)) {
      return true;
    }
    if (connector && passesOn.contains(signal.id() + "." + id)) {
      return true; // Without it, other pipelines would get nothing.
    }
    String instead = OtherComponents.insteadOfLeftOut(of, type);
    faults.warning(
        item,
        "service.pipelines."
            + pipeline
            + "."
            + kind
            + ": "
            + id
            + " is left out"
            + (instead == null ? ", because Tallyspan does not have this type" : ": " + instead)
            + (cannot == null ? "" : " (" + cannot + ")"));
    return false;
  }

  private boolean isKnown(String kind, String type) {
    return types.getOrDefault(kind, Set.of()).contains(type)
        || !kind.equals("processors") && types.getOrDefault("connectors", Set.of()).contains(type);
  }

  private boolean isDefined(String kind, String id) {
    return definitions.containsKey(kind + "." + id)
        || !kind.equals("processors") && definitions.containsKey("connectors." + id);
  }

  /** Leaves out the definitions that only what is left out has used. */
  private Node used(String kind, Node section) {
    return without(
        section,
        id ->
            used.contains(kind + "." + id)
                || !dropped.contains(kind + "." + id)
                    && !droppedConnector(kind, id)
                    && types.getOrDefault(kind, Set.of()).contains(ComponentIds.type(id)));
  }

  private boolean droppedConnector(String kind, String id) {
    return kind.equals("connectors")
        && (dropped.contains("receivers." + id) || dropped.contains("exporters." + id));
  }

  private Node extensions(Node root, Node section) {
    return without(section, id -> extensionStays(root, id));
  }

  private boolean extensionStays(Node root, String id) {
    return types.getOrDefault("extensions", Set.of()).contains(ComponentIds.type(id))
        || isNamed(root, id);
  }

  /** Whether a component that stays names an extension. */
  private boolean isNamed(Node root, String id) {
    return definitions.entrySet().stream()
        .filter(definition -> used.contains(definition.getKey()))
        .anyMatch(definition -> Nodes.texts(definition.getValue()).anyMatch(id::equals));
  }

  private Node service(Node root, Node service, Node pipelines, List<NodeTuple> kept) {
    List<NodeTuple> entries = new ArrayList<>();
    for (NodeTuple entry : Nodes.entries(service)) {
      Node value = entry.getValueNode();
      if (value == pipelines) {
        value = Nodes.mapping(pipelines, kept);
      } else if (Nodes.text(entry.getKeyNode()).equals("extensions")
          && value instanceof SequenceNode) {
        List<Node> rest = new ArrayList<>();
        for (Node item : Nodes.items(value)) {
          String id = Nodes.text(item);
          if (Nodes.value(Nodes.value(root, "extensions"), id) == null
              || extensionStays(root, id)) {
            rest.add(item);
          } else {
            String instead = OtherComponents.instead("extensions", ComponentIds.type(id));
            faults.warning(
                item,
                "service.extensions: "
                    + id
                    + " is left out"
                    + (instead == null
                        ? ", because Tallyspan does not have this type"
                        : ": " + instead));
          }
        }
        value = Nodes.list(value, rest);
      }
      entries.add(new NodeTuple(entry.getKeyNode(), value));
    }
    return Nodes.mapping(service, entries);
  }

  private static Node without(Node section, Predicate<String> stays) {
    if (Nodes.entries(section).isEmpty()) {
      return section;
    }
    return Nodes.mapping(
        section,
        Nodes.entries(section).stream()
            .filter(entry -> stays.test(Nodes.text(entry.getKeyNode())))
            .toList());
  }
}
