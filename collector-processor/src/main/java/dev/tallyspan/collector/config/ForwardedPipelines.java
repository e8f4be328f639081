package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Joins pipelines that the connectors {@code forward} and {@code routing} connect, so that each
 * goes from a receiver to an exporter.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector/tree/main/connector/forwardconnector">Forward
 *     Connector</a>
 */
final class ForwardedPipelines {

  /*
   * A connector from one pipeline of a signal to another of the same signal would need a queue
   * between the two, or acknowledge what is not yet kept. It is not needed: what passes `in` and
   * then `out` has passed the processors of both. So
   *
   *     traces/in:  {receivers: [otlp], processors: [a], exporters: [x, forward]}
   *     traces/out: {receivers: [forward], processors: [b], exporters: [y]}
   *
   * is read as
   *
   *     traces/in:  {receivers: [otlp], processors: [a], exporters: [x]}
   *     traces/out: {receivers: [otlp], processors: [a, b], exporters: [y]}
   *
   * A pipeline with several ways to it becomes one pipeline for each list of processors on them:
   * traces/out, traces/out-2. A processor that is on a way twice runs once. A pipeline that only
   * forwards disappears.
   *
   * The connector `datadog` does the same for traces; its metrics stay what they are, a receiver
   * that Tallyspan does not have.
   *
   * `routing` is `forward` with a choice. On each way over it, a processor leaves out the spans that
   * are for other pipelines: what is in the table becomes the processor's, with the pipeline that it
   * is for. So every pipeline gets the request, and settles its share when its spans are delivered;
   * the spans that it leaves out are settled by the pipelines that they are for.
   */

  private static final String ROUTING = "routing";
  private static final Set<String> TYPES = Set.of("forward", "datadog", ROUTING);
  private static final int MAX_PIPELINES = 1000;

  /** A pipeline of the file. */
  private record Pipeline(
      Node key, Node value, List<Node> receivers, List<Node> processors, List<Node> exporters) {
    String id() {
      return Nodes.text(key);
    }

    String signal() {
      return ComponentIds.type(id());
    }
  }

  /** One way from receivers to the end of a pipeline's processors; both by their ids. */
  private record Way(Map<String, Node> receivers, Map<String, Node> processors) {}

  private final Node root;
  private final List<Pipeline> pipelines = new ArrayList<>();
  private final Set<String> forwards = new HashSet<>();
  private final Map<String, List<Way>> ways = new LinkedHashMap<>();

  /** The processors that choose, by id. */
  private final Map<String, NodeTuple> routes = new LinkedHashMap<>();

  private int count;

  private ForwardedPipelines(Node root) {
    this.root = root;
  }

  /**
   * Returns the file without such connectors. Those that are not between two pipelines of a signal
   * stay.
   *
   * @param root the whole file, without aliases
   * @throws IllegalArgumentException if pipelines forward in a circle, or there are more than 1,000
   */
  static Node joined(Node root) {
    return new ForwardedPipelines(root).join();
  }

  private Node join() {
    for (NodeTuple connector : Nodes.entries(Nodes.value(root, "connectors"))) {
      String id = Nodes.text(connector.getKeyNode());
      if (TYPES.contains(ComponentIds.type(id))) {
        forwards.add(id);
      }
    }
    Node service = Nodes.value(root, "service");
    Node section = Nodes.value(service, "pipelines");
    if (forwards.isEmpty() || !(section instanceof MappingNode)) {
      return root;
    }
    for (NodeTuple entry : Nodes.entries(section)) {
      Node value = entry.getValueNode();
      pipelines.add(
          new Pipeline(
              entry.getKeyNode(),
              value,
              Nodes.items(Nodes.value(value, "receivers")),
              Nodes.items(Nodes.value(value, "processors")),
              Nodes.items(Nodes.value(value, "exporters"))));
    }
    Set<String> ids = new HashSet<>();
    pipelines.forEach(pipeline -> ids.add(pipeline.id()));
    List<NodeTuple> joined = new ArrayList<>();
    for (Pipeline pipeline : pipelines) {
      joined.addAll(joined(pipeline, ids));
    }
    Set<String> listed = new HashSet<>();
    joined.forEach(it -> Nodes.texts(it.getValueNode()).forEach(listed::add));
    Node changed =
        Nodes.with(
            withRoutes(),
            "service",
            it -> Nodes.with(it, "pipelines", old -> Nodes.mapping(old, joined)));
    return Nodes.with(
        changed,
        "connectors",
        it ->
            Nodes.mapping(
                it,
                Nodes.entries(it).stream()
                    .filter(entry -> stays(Nodes.text(entry.getKeyNode()), listed))
                    .toList()));
  }

  /** A connector that has been joined everywhere is gone. */
  private boolean stays(String id, Set<String> listed) {
    return !forwards.contains(id) || listed.contains(id);
  }

  private List<NodeTuple> joined(Pipeline pipeline, Set<String> ids) {
    List<Node> exporters =
        pipeline.exporters().stream()
            .filter(it -> !isJoined(Nodes.text(it), pipeline.signal()))
            .toList();
    if (exporters.isEmpty() && !pipeline.exporters().isEmpty()) {
      return List.of();
    }
    boolean receives =
        pipeline.receivers().stream().anyMatch(it -> isJoined(Nodes.text(it), pipeline.signal()));
    if (!receives && exporters.size() == pipeline.exporters().size()) {
      return List.of(new NodeTuple(pipeline.key(), pipeline.value()));
    }
    List<NodeTuple> joined = new ArrayList<>();
    String id = pipeline.id();
    for (Way way : ways(pipeline, new LinkedHashSet<>())) {
      if (++count > MAX_PIPELINES) {
        throw new IllegalArgumentException(
            "more than " + MAX_PIPELINES + " pipelines, counting each way over connectors");
      }
      for (int n = 2; !joined.isEmpty() && !ids.add(id); n++) {
        id = pipeline.id() + (pipeline.id().contains("/") ? "-" : "/") + n;
      }
      joined.add(
          new NodeTuple(
              Nodes.scalar(pipeline.key(), id), Nodes.expanded(joined(pipeline, way, exporters))));
    }
    return joined;
  }

  private static Node joined(Pipeline pipeline, Way way, List<Node> exporters) {
    List<NodeTuple> lists = new ArrayList<>();
    boolean processed = Nodes.value(pipeline.value(), "processors") != null;
    for (NodeTuple entry : Nodes.entries(pipeline.value())) {
      Node old = entry.getValueNode();
      switch (Nodes.text(entry.getKeyNode())) {
        case "receivers" -> {
          lists.add(list(entry.getKeyNode(), old, way.receivers().values()));
          if (!processed && !way.processors().isEmpty()) {
            lists.add(list(Nodes.scalar("processors"), old, way.processors().values()));
          }
        }
        case "processors" -> lists.add(list(entry.getKeyNode(), old, way.processors().values()));
        case "exporters" -> lists.add(list(entry.getKeyNode(), old, exporters));
        default -> lists.add(entry);
      }
    }
    return Nodes.mapping(pipeline.value(), lists);
  }

  private static NodeTuple list(Node key, Node old, Iterable<Node> ids) {
    List<Node> copies = new ArrayList<>();
    ids.forEach(id -> copies.add(Nodes.scalar(id, Nodes.text(id))));
    return new NodeTuple(
        key,
        old instanceof SequenceNode
            ? Nodes.list(old, copies)
            : new SequenceNode(
                Tag.SEQ, true, copies, FlowStyle.FLOW, old.getStartMark(), old.getEndMark()));
  }

  /** Returns the ways to the end of a pipeline's processors, one for each list of processors. */
  private List<Way> ways(Pipeline pipeline, Set<String> within) {
    List<Way> known = ways.get(pipeline.id());
    if (known != null) {
      return known;
    }
    if (!within.add(pipeline.id())) {
      throw new IllegalArgumentException(
          "service.pipelines." + pipeline.id() + " forwards to itself, over connectors");
    }
    Map<List<String>, Way> found = new LinkedHashMap<>();
    Map<String, Node> own = new LinkedHashMap<>();
    boolean joins = false;
    for (Node receiver : pipeline.receivers()) {
      String id = Nodes.text(receiver);
      if (!isJoined(id, pipeline.signal())) {
        own.put(id, receiver);
        continue;
      }
      joins = true;
      for (Pipeline source : pipelines) {
        if (source.signal().equals(pipeline.signal()) && lists(source.exporters(), id)) {
          for (Way way : ways(source, within)) {
            add(found, way.receivers(), chosen(way.processors(), id, pipeline), pipeline);
          }
        }
      }
    }
    if (!own.isEmpty() || !joins) {
      add(found, own, Map.of(), pipeline);
    }
    if (found.size() > MAX_PIPELINES) {
      throw new IllegalArgumentException(
          "more than " + MAX_PIPELINES + " ways to service.pipelines." + pipeline.id());
    }
    within.remove(pipeline.id());
    List<Way> all = List.copyOf(found.values());
    ways.put(pipeline.id(), all);
    return all;
  }

  /** Returns the processors on a way over a connector, with what chooses for the pipeline. */
  private Map<String, Node> chosen(
      Map<String, Node> processors, String connector, Pipeline pipeline) {
    if (!ComponentIds.type(connector).equals(ROUTING)) {
      return processors;
    }
    Node definition = Nodes.value(Nodes.value(root, "connectors"), connector);
    if (!(definition instanceof MappingNode)) {
      throw new IllegalArgumentException("connectors." + connector + ": table is missing");
    }
    checkTable(connector, definition);
    String id = RoutingReader.TYPE + "/" + (connector + "." + pipeline.id()).replace('/', '_');
    List<NodeTuple> entries = new ArrayList<>(Nodes.entries(definition));
    entries.add(entry(definition, RoutingReader.CONNECTOR, connector));
    entries.add(entry(definition, RoutingReader.PIPELINE, pipeline.id()));
    routes.put(
        id,
        new NodeTuple(
            Nodes.scalarAt(definition, id), Nodes.expanded(Nodes.mapping(definition, entries))));
    Map<String, Node> chosen = new LinkedHashMap<>(processors);
    chosen.put(id, Nodes.scalarAt(pipeline.key(), id));
    return chosen;
  }

  private static NodeTuple entry(Node place, String key, String value) {
    return new NodeTuple(Nodes.scalarAt(place, key), Nodes.scalarAt(place, value));
  }

  /** Every pipeline of a table must be one that receives from the connector. */
  private void checkTable(String connector, Node definition) {
    List<Node> named = new ArrayList<>(Nodes.items(Nodes.value(definition, "default_pipelines")));
    for (Node row : Nodes.items(Nodes.value(definition, "table"))) {
      named.addAll(Nodes.items(Nodes.value(row, "pipelines")));
    }
    for (Node name : named) {
      if (pipelines.stream()
          .noneMatch(it -> it.id().equals(Nodes.text(name)) && lists(it.receivers(), connector))) {
        throw new IllegalArgumentException(
            "connectors.%s: the pipeline %s does not have it as a receiver"
                .formatted(connector, Nodes.text(name)));
      }
    }
  }

  /** Returns the file with the processors that choose. */
  private Node withRoutes() {
    if (routes.isEmpty()) {
      return root;
    }
    Node processors = Nodes.value(root, "processors");
    List<NodeTuple> all = new ArrayList<>(Nodes.entries(processors));
    all.addAll(routes.values());
    if (processors instanceof MappingNode) {
      return Nodes.with(root, "processors", old -> Nodes.mapping(old, all));
    }
    Node connectors = requireNonNull(Nodes.value(root, "connectors"));
    List<NodeTuple> sections = new ArrayList<>();
    for (NodeTuple section : Nodes.entries(root)) {
      if (!Nodes.text(section.getKeyNode()).equals("processors")) {
        sections.add(section);
      }
    }
    sections.add(
        new NodeTuple(Nodes.scalarAt(connectors, "processors"), Nodes.mapping(connectors, all)));
    return Nodes.mapping(root, sections);
  }

  private static void add(
      Map<List<String>, Way> found,
      Map<String, Node> receivers,
      Map<String, Node> before,
      Pipeline pipeline) {
    Map<String, Node> processors = new LinkedHashMap<>(before);
    pipeline.processors().forEach(it -> processors.putIfAbsent(Nodes.text(it), it));
    Way same =
        found.computeIfAbsent(
            List.copyOf(processors.keySet()), any -> new Way(new LinkedHashMap<>(), processors));
    same.receivers().putAll(receivers);
  }

  /** Whether a connector is between two pipelines of a signal. */
  private boolean isJoined(String id, String signal) {
    return forwards.contains(id)
        && pipelines.stream()
            .anyMatch(it -> it.signal().equals(signal) && lists(it.receivers(), id))
        && pipelines.stream()
            .anyMatch(it -> it.signal().equals(signal) && lists(it.exporters(), id));
  }

  private static boolean lists(List<Node> ids, @Nullable String id) {
    return ids.stream().anyMatch(it -> Nodes.text(it).equals(id));
  }
}
