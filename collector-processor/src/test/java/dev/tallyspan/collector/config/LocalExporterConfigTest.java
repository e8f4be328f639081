package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.output.debug.DebugSettings;
import dev.tallyspan.collector.output.debug.DebugSettings.Target;
import dev.tallyspan.collector.output.debug.DebugSettings.Verbosity;
import dev.tallyspan.collector.output.file.FileSettings;
import dev.tallyspan.collector.output.file.FileSettings.Format;
import dev.tallyspan.collector.output.file.FileSettings.Rotation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The exporters {@code debug} and {@code file}. */
class LocalExporterConfigTest {

  private static final String REST =
      """
      receivers: {otlp: {protocols: {grpc: {}}}}
      service:
        pipelines:
          traces: {receivers: [otlp], exporters: [%s]}
      """;

  @Test
  void defaultsAreTheCollectors() throws Exception {
    assertThat(debug(load("exporters: {debug: }\n", "debug"))).isEqualTo(DebugSettings.DEFAULT);
    assertThat(file(load("exporters: {file: {path: /tmp/t.json}}\n", "file")))
        .isEqualTo(
            new FileSettings(Path.of("/tmp/t.json"), false, Format.JSON, false, null, false, 0755));
    assertThat(
            file(load("exporters: {file: {path: /tmp/t.json, rotation: }}\n", "file")).rotation())
        .isEqualTo(new Rotation(100 << 20, 0, 100, false));
  }

  @Test
  void allKeysAreRead() throws Exception {
    assertThat(
            debug(
                load(
                    """
                    exporters:
                      debug:
                        verbosity: detailed
                        sampling_initial: 5
                        sampling_thereafter: 200
                        use_internal_logger: false
                        output_paths: [stderr]
                        show_content: true
                    """,
                    "debug")))
        .isEqualTo(new DebugSettings(Verbosity.DETAILED, 5, 200, Target.STDERR, true));
    assertThat(
            file(
                load(
                    """
                    exporters:
                      file/x:
                        path: /tmp/t
                        format: proto
                        compression: zstd
                        flush_interval: 5s
                        create_directory: true
                        directory_permissions: "0700"
                        rotation: {max_megabytes: 10, max_days: 3, max_backups: 4, localtime: true}
                    """,
                    "file/x")))
        .isEqualTo(
            new FileSettings(
                Path.of("/tmp/t"),
                false,
                Format.PROTO,
                true,
                new Rotation(10 << 20, 3, 4, true),
                true,
                0700));
  }

  @Test
  void oldNameIsAcceptedWithAWarning() throws Exception {
    CollectorConfig config = load("exporters: {logging: {verbosity: normal}}\n", "logging");

    assertThat(debug(config).verbosity()).isEqualTo(Verbosity.NORMAL);
    assertThat(config.warnings())
        .extracting(Fault::message)
        .containsExactly("exporters.logging: the name logging is deprecated, use debug");
  }

  @Test
  void exportersAreFoundByTheirIds() throws Exception {
    CollectorConfig config =
        load("exporters: {debug: , otlp_grpc: {endpoint: \"b:4317\"}}\n", "debug, otlp_grpc");

    assertThat(config.anyExporter("debug")).isInstanceOf(DebugConfig.class);
    assertThat(config.anyExporter("otlp_grpc")).isSameAs(config.exporter("otlp_grpc"));
    assertThat(config.allExporters()).hasSize(2);
  }

  @Test
  void mistakesAreReported() {
    assertThat(
            faults(
                """
                exporters:
                  debug: {verbosity: all, output_paths: [/tmp/x]}
                  file: {format: json}
                  file/a: {path: /tmp/a, append: true, rotation: {}}
                  file/b: {path: /tmp/../tmp/a, group_by: {enabled: true}}
                """,
                "debug, file, file/a, file/b"))
        .satisfiesExactly(
            fault -> assertThat(fault).startsWith("exporters.debug.verbosity: must be one of"),
            fault -> assertThat(fault).contains("output_paths: has no effect"),
            fault -> assertThat(fault).contains("output_paths: must be [stdout] or [stderr]"),
            fault -> assertThat(fault).isEqualTo("exporters.file.path: is missing: name a file"),
            fault -> assertThat(fault).startsWith("exporters.file/a.append: remove it"),
            fault ->
                assertThat(fault)
                    .isEqualTo("exporters.file/b.path: is also the file of the exporter file/a"),
            fault -> assertThat(fault).startsWith("exporters.file/b.group_by: not supported"));
  }

  private static DebugSettings debug(CollectorConfig config) {
    return ((DebugConfig) config.localExporters().get(0)).settings();
  }

  private static FileSettings file(CollectorConfig config) {
    return ((FileConfig) config.localExporters().get(0)).settings();
  }

  private static CollectorConfig load(String exporters, String ids) throws ConfigException {
    return ConfigLoader.parse("c.yaml", exporters + REST.formatted(ids), Map.of());
  }

  private static List<String> faults(String exporters, String ids) {
    return catchThrowableOfType(ConfigException.class, () -> load(exporters, ids)).faults().stream()
        .map(Fault::message)
        .toList();
  }
}
