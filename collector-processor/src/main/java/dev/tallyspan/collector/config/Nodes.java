package dev.tallyspan.collector.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads and rebuilds trees of YAML nodes. Nodes that are rebuilt keep their place in the file. */
final class Nodes {

  /** The place of nodes that are not in the file. */
  static final Optional<Mark> START = Optional.of(new Mark("", 0, 0, 0, new int[0], 0));

  /** The most mappings and lists within each other; a configuration has fewer than 20. */
  static final int MAX_DEPTH = 100;

  private static final String MERGE = "<<";

  private Nodes() {}

  static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }

  /** Returns the text of a scalar; an empty string for other nodes. */
  static String text(@Nullable Node node) {
    return node instanceof ScalarNode scalar && !isNull(scalar) ? scalar.getValue() : "";
  }

  /** Returns the entries of a mapping; empty for other nodes. */
  static List<NodeTuple> entries(@Nullable Node node) {
    return node instanceof MappingNode mapping ? mapping.getValue() : List.of();
  }

  /** Returns the items of a list; empty for other nodes. */
  static List<Node> items(@Nullable Node node) {
    return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
  }

  /** Returns the value of a key; null if there is none. */
  static @Nullable Node value(@Nullable Node node, String key) {
    for (NodeTuple entry : entries(node)) {
      if (text(entry.getKeyNode()).equals(key)) {
        return entry.getValueNode();
      }
    }
    return null;
  }

  /** Returns a mapping with another value of a key; the same node if it does not have the key. */
  static Node with(Node node, String key, UnaryOperator<Node> change) {
    if (value(node, key) == null) {
      return node;
    }
    List<NodeTuple> entries = new ArrayList<>(entries(node));
    for (int i = 0; i < entries.size(); i++) {
      NodeTuple entry = entries.get(i);
      if (text(entry.getKeyNode()).equals(key)) {
        entries.set(i, new NodeTuple(entry.getKeyNode(), change.apply(entry.getValueNode())));
        break; // A duplicate key is reported when the section is read.
      }
    }
    return mapping(node, entries);
  }

  /** Returns the texts of all scalars in a tree without cycles. */
  static Stream<String> texts(Node node) {
    if (node instanceof ScalarNode) {
      return Stream.of(text(node));
    }
    Stream<Node> children =
        Stream.concat(
            items(node).stream(),
            entries(node).stream()
                .flatMap(entry -> Stream.of(entry.getKeyNode(), entry.getValueNode())));
    return children.flatMap(Nodes::texts);
  }

  /** Returns a mapping with other entries. */
  static MappingNode mapping(Node original, List<NodeTuple> entries) {
    MappingNode mapping = (MappingNode) original;
    return like(
        original,
        new MappingNode(
            mapping.getTag(),
            true,
            entries,
            mapping.getFlowStyle(),
            original.getStartMark(),
            original.getEndMark()));
  }

  /** Returns a list with other items. */
  static SequenceNode list(Node original, List<Node> items) {
    SequenceNode list = (SequenceNode) original;
    return like(
        original,
        new SequenceNode(
            list.getTag(),
            true,
            items,
            list.getFlowStyle(),
            original.getStartMark(),
            original.getEndMark()));
  }

  private static <T extends Node> T like(Node original, T copy) {
    copy.setBlockComments(original.getBlockComments());
    copy.setInLineComments(original.getInLineComments());
    copy.setEndComments(original.getEndComments());
    return copy;
  }

  /**
   * Returns a tree in which no node occurs twice: with copies instead of aliases, and without merge
   * keys, {@code <<: *defaults}, which are replaced by the entries that they stand for. YAML 1.2
   * does not have merge keys, but the Collector reads them, and so do its users.
   *
   * @throws IllegalArgumentException if a node contains itself, is nested more than 100 deep, or
   *     the tree has more than 100,000 nodes
   */
  static Node expanded(Node node) {
    return new Expansion().expand(node);
  }

  private static final class Expansion {
    private static final int MAX_NODES = 100_000;

    private final Set<Node> within = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;

    Node expand(Node node) {
      if (++nodes > MAX_NODES) {
        throw new IllegalArgumentException("more than " + MAX_NODES + " keys and values");
      }
      if (node instanceof ScalarNode scalar) {
        return like(
            node,
            new ScalarNode(
                scalar.getTag(),
                true,
                scalar.getValue(),
                scalar.getScalarStyle(),
                scalar.getStartMark(),
                scalar.getEndMark()));
      }
      if (!within.add(node)) {
        throw new IllegalArgumentException("an anchor contains itself");
      }
      if (within.size() > MAX_DEPTH) {
        throw new IllegalArgumentException("nested more than " + MAX_DEPTH + " deep");
      }
      Node result =
          node instanceof SequenceNode
              ? list(node, items(node).stream().map(this::expand).toList())
              : mapping(node, entries(node).isEmpty() ? List.of() : merged(node));
      within.remove(node);
      return result;
    }

    private List<NodeTuple> merged(Node node) {
      List<NodeTuple> own = new ArrayList<>();
      List<NodeTuple> more = new ArrayList<>();
      for (NodeTuple entry : entries(node)) {
        Node value = expand(entry.getValueNode());
        if (text(entry.getKeyNode()).equals(MERGE)) {
          more.addAll(entries(value));
          items(value).forEach(item -> more.addAll(entries(item)));
        } else {
          own.add(new NodeTuple(expand(entry.getKeyNode()), value));
        }
      }
      for (NodeTuple entry : more) {
        String key = text(entry.getKeyNode());
        if (own.stream().noneMatch(it -> text(it.getKeyNode()).equals(key))) {
          own.add(entry);
        }
      }
      return own;
    }
  }

  /** Returns a scalar that is not in the file. */
  static ScalarNode scalar(String text) {
    return new ScalarNode(Tag.STR, true, text, ScalarStyle.PLAIN, START, START);
  }

  /** Returns a scalar that is not in the file, with the position of another node for messages. */
  static ScalarNode scalarAt(Node place, String text) {
    return new ScalarNode(
        Tag.STR, true, text, ScalarStyle.PLAIN, place.getStartMark(), place.getEndMark());
  }

  /** Returns a scalar that replaces a node: same position, same style if it is a scalar. */
  static ScalarNode scalar(Node original, String text) {
    if (!(original instanceof ScalarNode scalar)) {
      return scalarAt(original, text);
    }
    return like(
        original,
        new ScalarNode(
            scalar.getTag(),
            true,
            text,
            scalar.getScalarStyle(),
            scalar.getStartMark(),
            scalar.getEndMark()));
  }
}
