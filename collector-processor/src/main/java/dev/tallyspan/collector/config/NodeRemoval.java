package dev.tallyspan.collector.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Takes a node out of a tree: as a key, as a value together with its key, or from a list. */
final class NodeRemoval {
  /** Sections that protect something. */
  private static final Set<String> PROTECTING = Set.of("auth", "tls");

  private final Node node;
  private boolean done;

  private NodeRemoval(Node node) {
    this.node = node;
  }

  static NodeRemoval of(Node node) {
    return new NodeRemoval(node);
  }

  /** Returns the tree without the node; null if it must stay, or is the tree itself. */
  @Nullable Node from(Node root) {
    Node without = within(root, false);
    return done ? without : null;
  }

  private Node within(Node tree, boolean isProtected) {
    if (tree instanceof SequenceNode) {
      List<Node> items = new ArrayList<>();
      for (Node item : Nodes.items(tree)) {
        if (item == node && !isProtected) {
          done = true;
        } else {
          items.add(within(item, isProtected));
        }
      }
      return Nodes.list(tree, items);
    }
    if (!(tree instanceof MappingNode)) {
      return tree;
    }
    List<NodeTuple> entries = new ArrayList<>();
    for (NodeTuple entry : Nodes.entries(tree)) {
      boolean guarded = isProtected || PROTECTING.contains(Nodes.text(entry.getKeyNode()));
      if ((entry.getKeyNode() == node || entry.getValueNode() == node) && !guarded) {
        done = true;
      } else {
        entries.add(new NodeTuple(entry.getKeyNode(), within(entry.getValueNode(), guarded)));
      }
    }
    return Nodes.mapping(tree, entries);
  }
}
