package dev.tallyspan.collector.config;

import dev.tallyspan.collector.edit.AttributeRules;
import dev.tallyspan.collector.edit.ResourceRules;
import dev.tallyspan.collector.edit.SamplerRules;
import dev.tallyspan.collector.edit.SamplerRules.Mode;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Reads the processors that change or drop what passes. */
final class EditReader {

  /** The readers by type. */
  static final Map<String, BiFunction<String, Section, EditConfig>> TYPES =
      Map.of(
          "resource",
          EditReader::resource,
          "attributes",
          EditReader::attributes,
          "filter",
          FilterReader::read,
          "probabilistic_sampler",
          EditReader::sampler,
          "transform",
          TransformReader::read,
          RoutingReader.TYPE,
          RoutingReader::read);

  private static final Map<String, Mode> MODES =
      Map.of(
          "proportional", Mode.PROPORTIONAL,
          "equalizing", Mode.EQUALIZING,
          "hash_seed", Mode.HASH_SEED);
  private static final Map<String, Boolean> SOURCES = Map.of("traceid", true, "record", false);

  private EditReader() {}

  private static EditConfig resource(String id, Section section) {
    EditConfig config =
        new EditConfig(id, new ResourceRules(ActionReader.read(section, "attributes")));
    section.end();
    return config;
  }

  private static EditConfig attributes(String id, Section section) {
    EditConfig config =
        new EditConfig(
            id,
            new AttributeRules(
                ActionReader.read(section, "actions"),
                MatchReader.read(section, "include"),
                MatchReader.read(section, "exclude")));
    section.end();
    return config;
  }

  private static EditConfig sampler(String id, Section section) {
    if (!section.has("sampling_percentage")) {
      section.error("sampling_percentage is missing");
    }
    float percentage = (float) section.real("sampling_percentage", 0);
    if (percentage < 0) {
      section.error(
          "sampling_percentage", section.name("sampling_percentage") + ": must not be negative");
      percentage = 0;
    }
    int seed = (int) section.number("hash_seed", 0, 0xFFFF_FFFFL, 0);
    // A seed has a meaning only in that mode.
    Mode mode = section.choice("mode", MODES, seed == 0 ? Mode.PROPORTIONAL : Mode.HASH_SEED);
    int precision = (int) section.number("sampling_precision", 1, 14, 4);
    boolean failClosed = section.bool("fail_closed", true);
    // These three have a meaning only for log records, but may be in a file that has both.
    section.choice("attribute_source", SOURCES, true);
    section.text("from_attribute");
    section.text("sampling_priority");
    EditConfig config =
        new EditConfig(id, new SamplerRules(mode, percentage, seed, precision, failClosed));
    section.end();
    return config;
  }

  /** Reports processors in pipelines of signals that they cannot handle. */
  static void check(Section file, List<EditConfig> edits, List<PipelineConfig> pipelines) {
    for (PipelineConfig pipeline : pipelines) {
      Section section = file.child("service").child("pipelines").child(pipeline.id());
      for (EditConfig edit : edits) {
        if (pipeline.processors().contains(edit.id())) {
          edit.rules()
              .faults(pipeline.signal())
              .forEach(
                  fault ->
                      section.error(
                          "processors",
                          section.name("processors") + ": " + edit.id() + " " + fault));
        }
      }
    }
  }
}
