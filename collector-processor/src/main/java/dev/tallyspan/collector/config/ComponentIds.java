package dev.tallyspan.collector.config;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The ids of components and pipelines, {@code type} or {@code type/name}. As in the Collector,
 * spaces around both parts do not count, and a list may be written without brackets.
 */
final class ComponentIds {

  private static final List<String> KINDS =
      List.of("receivers", "processors", "exporters", "connectors", "extensions");

  private ComponentIds() {}

  /** Returns the part before the slash. */
  static String type(String id) {
    int slash = id.indexOf('/');
    return slash < 0 ? id : id.substring(0, slash);
  }

  /**
   * Returns the file with ids in one form, where they are defined and where pipelines list them.
   *
   * @param root the whole file, without aliases
   */
  static Node normalized(Node root) {
    Node file = root;
    for (String kind : KINDS) {
      file = Nodes.with(file, kind, ComponentIds::keys);
    }
    return Nodes.with(
        file,
        "service",
        service ->
            Nodes.with(
                Nodes.with(service, "extensions", ComponentIds::list),
                "pipelines",
                pipelines -> values(keys(pipelines))));
  }

  private static Node keys(Node section) {
    List<NodeTuple> entries = new ArrayList<>();
    for (NodeTuple entry : Nodes.entries(section)) {
      entries.add(new NodeTuple(id(entry.getKeyNode()), entry.getValueNode()));
    }
    return entries.isEmpty() ? section : Nodes.mapping(section, entries);
  }

  private static Node values(Node pipelines) {
    List<NodeTuple> entries = new ArrayList<>();
    for (NodeTuple entry : Nodes.entries(pipelines)) {
      Node pipeline = entry.getValueNode();
      for (String kind : KINDS) {
        pipeline = Nodes.with(pipeline, kind, ComponentIds::list);
      }
      entries.add(new NodeTuple(entry.getKeyNode(), pipeline));
    }
    return entries.isEmpty() ? pipelines : Nodes.mapping(pipelines, entries);
  }

  private static Node list(Node ids) {
    if (ids instanceof SequenceNode) {
      return Nodes.list(ids, Nodes.items(ids).stream().map(ComponentIds::id).toList());
    }
    String text = Nodes.text(ids);
    if (text.isBlank() || text.contains("$")) {
      return ids;
    }
    List<Node> items = new ArrayList<>();
    for (String id : text.split(",")) {
      items.add(id(Nodes.scalar(ids, id.strip())));
    }
    return new SequenceNode(
        Tag.SEQ, true, items, FlowStyle.FLOW, ids.getStartMark(), ids.getEndMark());
  }

  private static Node id(Node node) {
    if (!(node instanceof ScalarNode) || Nodes.isNull(node)) {
      return node;
    }
    String id = Nodes.text(node);
    int slash = id.indexOf('/');
    String plain =
        slash < 0
            ? id.strip()
            : id.substring(0, slash).strip() + "/" + id.substring(slash + 1).strip();
    return plain.equals(id) ? node : Nodes.scalar(node, plain);
  }
}
