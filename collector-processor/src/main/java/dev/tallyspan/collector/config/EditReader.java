package dev.tallyspan.collector.config;

import dev.tallyspan.collector.edit.AttributeRules;
import dev.tallyspan.collector.edit.ResourceRules;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Reads the processors that change or drop what passes. */
final class EditReader {

  /** The readers by type. */
  static final Map<String, BiFunction<String, Section, EditConfig>> TYPES =
      Map.of("resource", EditReader::resource, "attributes", EditReader::attributes);

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
