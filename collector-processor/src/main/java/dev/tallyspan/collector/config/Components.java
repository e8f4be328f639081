package dev.tallyspan.collector.config;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Tracks which components are defined, and which of them pipelines use. */
final class Components {
  private final Map<String, Map<String, Node>> defined = new LinkedHashMap<>();
  private final Set<Node> used = new HashSet<>();

  void define(String kind, String id, Node where) {
    defined.computeIfAbsent(kind, any -> new LinkedHashMap<>()).put(id, where);
  }

  Set<String> ids(String kind) {
    return defined.getOrDefault(kind, Map.of()).keySet();
  }

  /**
   * @return whether it is defined
   */
  boolean use(String kind, String id) {
    Node where = defined.getOrDefault(kind, Map.of()).get(id);
    if (where != null) {
      used.add(where);
    }
    return where != null;
  }

  void warnOfUnused(ConfigFaults faults) {
    defined.forEach(
        (kind, ids) ->
            ids.forEach(
                (id, where) -> {
                  if (!used.contains(where)) {
                    faults.warning(
                        where,
                        kind
                            + "."
                            + id
                            + (kind.equals("extensions")
                                ? ": is not listed in service.extensions"
                                : ": is not used by any pipeline"));
                  }
                }));
  }
}
