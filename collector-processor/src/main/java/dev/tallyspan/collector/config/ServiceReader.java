package dev.tallyspan.collector.config;

import dev.tallyspan.collector.flow.Signal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the pipelines and extensions of {@code service}. */
final class ServiceReader {
  /** What a pipeline lists that may be connectors too. */
  private static final List<String> WITH_CONNECTORS = List.of("receivers", "exporters");

  private ServiceReader() {}

  /**
   * @param mayBeEmpty whether pipelines may have no exporter, because what they had was left out
   */
  static List<PipelineConfig> pipelines(
      Section service, Components components, ConfigFaults faults, boolean mayBeEmpty) {
    Section section = service.section("pipelines");
    List<PipelineConfig> pipelines = new ArrayList<>();
    if (section == null) {
      service.error("pipelines is missing");
      return pipelines;
    }
    if (section.keys().isEmpty() && !mayBeEmpty) {
      section.error("has no pipeline: add traces, logs or metrics");
    }
    for (String id : section.keys()) {
      Section pipeline = section.child(id);
      Signal signal = signal(id);
      if (signal == null) {
        faults.error(
            section.keyNode(id),
            section.name(id) + ": must be traces, logs or metrics, optionally with /name");
        continue;
      }
      if (pipeline.texts("receivers").isEmpty()) {
        pipeline.error("receivers is missing or empty");
      }
      if (pipeline.texts("exporters").isEmpty() && !mayBeEmpty) {
        pipeline.error("exporters is missing or empty");
      }
      List<String> processors = named(pipeline, "processors", components, faults);
      List<String> hints =
          processors.stream()
              .filter(it -> PipelineHints.TYPES.contains(ComponentIds.type(it)))
              .toList();
      processors.removeAll(hints);
      List<String> tallyspan = processors.stream().filter(PipelineConfig::isTallyspan).toList();
      if (tallyspan.size() > 1) {
        pipeline.error(
            "processors",
            pipeline.name("processors")
                + ": "
                + String.join(" and ", tallyspan)
                + " would process the same spans: use one, with the keys of both");
      }
      List<String> exporters = named(pipeline, "exporters", components, faults);
      List<String> connectors = new ArrayList<>(exporters);
      connectors.retainAll(components.ids("connectors"));
      exporters.removeAll(connectors);
      List<String> receivers = named(pipeline, "receivers", components, faults);
      checkConnectors(pipeline, signal, receivers, connectors, tallyspan, components);
      pipelines.add(
          new PipelineConfig(
              id,
              signal,
              receivers,
              processors,
              hints,
              exporters,
              connectors,
              pipeline.choice("queue", QueueModes.MODES)));
      pipeline.end();
    }
    return pipelines;
  }

  private static void checkConnectors(
      Section pipeline,
      Signal signal,
      List<String> receivers,
      List<String> connectors,
      List<String> tallyspan,
      Components components) {
    if (Stream.concat(receivers.stream(), connectors.stream())
        .anyMatch(id -> isOther(id, components))) {
      return; // Reported where the connector is defined.
    }
    boolean receives = receivers.stream().anyMatch(components.ids("connectors")::contains);
    if (receives && signal != Signal.METRICS) {
      pipeline.error(
          "receivers",
          pipeline.name("receivers")
              + ": a connector produces metrics: list it in a pipeline of them");
    }
    if (!connectors.isEmpty() && signal == Signal.METRICS) {
      pipeline.error(
          "exporters",
          pipeline.name("exporters")
              + ": "
              + connectors.get(0)
              + " takes traces and logs, not metrics");
    } else if (!connectors.isEmpty() && tallyspan.isEmpty()) {
      pipeline.error(
          "exporters",
          pipeline.name("exporters")
              + ": "
              + connectors.get(0)
              + " needs the processor tallyspan in this pipeline");
    }
  }

  private static boolean isOther(String id, Components components) {
    return components.ids("connectors").contains(id)
        && !ConfigLoader.hasConnector(ComponentIds.type(id));
  }

  /** Returns the signal of a pipeline; null if its id names none. */
  static @Nullable Signal signal(String id) {
    String type = ComponentIds.type(id);
    for (Signal signal : Signal.values()) {
      if (signal.id().equals(type) && !id.endsWith("/")) {
        return signal;
      }
    }
    return null;
  }

  /** Returns the ids of the extensions that the service uses. */
  static List<String> extensions(Section service, Components components, ConfigFaults faults) {
    return named(service, "extensions", components, faults);
  }

  private static List<String> named(
      Section section, String kind, Components components, ConfigFaults faults) {
    List<String> ids = new ArrayList<>();
    for (Map.Entry<Node, String> item : section.items(kind).entrySet()) {
      String id = item.getValue();
      if (ids.contains(id)) {
        faults.error(item.getKey(), section.name(kind) + ": " + id + " is listed twice");
      } else if (components.use(kind, id)
          || WITH_CONNECTORS.contains(kind) && components.use("connectors", id)) {
        ids.add(id);
      } else {
        Set<String> known = new LinkedHashSet<>(components.ids(kind));
        if (WITH_CONNECTORS.contains(kind)) {
          known.addAll(components.ids("connectors"));
        }
        String nearest = Suggestions.nearest(id, known);
        faults.error(
            item.getKey(),
            section.name(kind)
                + ": "
                + id
                + " is not defined under "
                + kind
                + (nearest == null ? "" : "; did you mean " + nearest + "?"));
      }
    }
    return ids;
  }
}
