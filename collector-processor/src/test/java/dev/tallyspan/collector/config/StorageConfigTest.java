package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.config.StorageConfig.Encryption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where data is kept: {@code storage}, and the Collector's extension {@code file_storage}. */
class StorageConfigTest {
  // Line 1 is what tests put in.
  private static final String REST =
      """
      receivers: {otlp: {protocols: {grpc: }}}
      exporters: {otlp_http: {endpoint: "https://backend"}}
      service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_http]}}}
      """;

  private static CollectorConfig parse(String text) throws ConfigException {
    return ConfigLoader.parse("c.yaml", text, Map.of("STATE", "/var/lib"));
  }

  private static List<String> faults(String text) {
    ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> parse(text));
    assertThat(thrown).as("accepted").isNotNull();
    return thrown.faults().stream().map(Fault::toString).toList();
  }

  private static List<String> warnings(CollectorConfig config) {
    return config.warnings().stream().map(Fault::toString).toList();
  }

  @Test
  void everyKeyIsRead() throws Exception {
    CollectorConfig config =
        parse(
            """
            storage:
              directory: ${env:STATE}/tallyspan
              max_size: 2TiB
              on_full: drop_oldest
              segment_size: 134217728
              retain: {max_age: 72h, max_size: 5GiB}
              encryption: {key_file: /run/secrets/key}
            """
                + REST);

    assertThat(config.storage())
        .isEqualTo(
            new StorageConfig(
                Path.of("/var/lib/tallyspan"),
                2L << 40,
                /* dropOldest= */ true,
                128 << 20,
                Duration.ofHours(72),
                5L << 30,
                new Encryption(Path.of("/run/secrets/key"), null)));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void onlyTheDirectoryHasNoDefault() throws Exception {
    assertThat(parse("storage: {directory: /data}\n" + REST).storage())
        .isEqualTo(
            new StorageConfig(
                Path.of("/data"), 10L << 30, false, 64 << 20, Duration.ZERO, 0, null));
  }

  @Test
  void segmentsOfASmallStorageAreSmall() throws Exception {
    assertThat(parse("storage: {max_size: 100MiB}\n" + REST).storage().segmentBytes())
        .isEqualTo(25 << 20);
  }

  @Test
  void keyMayComeFromAVariable() throws Exception {
    assertThat(parse("storage: {encryption: {key_env: DATA_KEY}}\n" + REST).storage().encryption())
        .isEqualTo(new Encryption(null, "DATA_KEY"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_size: 10GB | 1:21: storage.max_size: must be a size such as 64MiB or 10GiB, not 10GB",
        "max_size: 1MiB | 1:21: storage.max_size: must be from 4MiB to 1048576TiB, not 1MiB",
        "segment_size: 512KiB | 1:25: storage.segment_size: must be from 1MiB to 5GiB, not 512KiB",
        "segment_size: 6GiB | 1:25: storage.segment_size: must be from 1MiB to 5GiB, not 6GiB",
        "on_full: block | 1:20: storage.on_full: must be one of drop_oldest, refuse, not block",
        "retain: {max_age: 3d} | 1:29: storage.retain.max_age: must be a duration such as 200ms, 5s or 1h30m, not 3d",
        "retain: {max_size: 11GiB} | 1:30: storage.retain.max_size: must be from 0 to 10GiB, not 11GiB",
        "retain: {max_aeg: 3h} | 1:20: unknown key storage.retain.max_aeg; did you mean max_age?",
        "encryption: {} | 1:23: storage.encryption: set either key_file or key_env",
        "encryption: {key_file: k, key_env: K} | 1:23: storage.encryption: set either key_file or key_env",
        "encryption: {key_env: my key} | 1:33: storage.encryption.key_env: must be the name of a variable",
        "dir: /data | 1:11: unknown key storage.dir; known keys are directory, max_size, on_full, segment_size, retain, encryption",
      })
  void faultNamesItsPlaceAndWhatIsAllowed(String key, String fault) {
    assertThat(faults("storage: {" + key + "}\n" + REST)).containsExactly(fault);
  }

  @Test
  void directoryOfFileStorageIsUsed() throws Exception {
    CollectorConfig config =
        parse(
            """
            extensions:
              file_storage/otc:
                directory: /var/lib/otelcol
                fsync: true
                create_directory: true
            """
                + REST.replace("service: {", "service: {extensions: [file_storage/otc], "));

    assertThat(config.storage())
        .isEqualTo(StorageConfig.DEFAULT.withDirectory(Path.of("/var/lib/otelcol")));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void keysOfFileStorageWithoutAnEffectAreWarnings() throws Exception {
    CollectorConfig config =
        parse(
            """
            extensions:
              file_storage:
                directory: /data
                timeout: 1s
                fsync: false
                create_directory: false
                directory_permissions: "0750"
                compaction: {on_start: true, directory: /tmp}
            """
                + REST.replace("service: {", "service: {extensions: [file_storage], "));

    assertThat(warnings(config))
        .containsExactly(
            "4:5: extensions.file_storage.timeout: has no effect: it configures the Collector's"
                + " database, which Tallyspan does not use",
            "5:5: extensions.file_storage.fsync: has no effect: data is always on disk before it is"
                + " acknowledged",
            "6:5: extensions.file_storage.create_directory: has no effect: a missing directory is"
                + " always created",
            "7:5: extensions.file_storage.directory_permissions: has no effect: only the owner can"
                + " access a directory that Tallyspan creates",
            "8:5: extensions.file_storage.compaction: has no effect: it configures the Collector's"
                + " database, which Tallyspan does not use");
  }

  @Test
  void storageTakesPrecedenceOverFileStorage() throws Exception {
    CollectorConfig config =
        parse(
            """
            storage: {directory: /data}
            extensions: {file_storage: {directory: /other}}
            """
                + REST.replace("service: {", "service: {extensions: [file_storage], "));

    assertThat(config.storage().directory()).isEqualTo(Path.of("/data"));
    assertThat(warnings(config))
        .containsExactly(
            "2:29: extensions.file_storage.directory: has no effect: all data is kept in"
                + " storage.directory");
  }

  @Test
  void fileStorageThatIsNotListedIsNotUsed() throws Exception {
    CollectorConfig config = parse("extensions: {file_storage: {directory: /data}}\n" + REST);

    assertThat(config.storage().directory()).isNull();
    assertThat(warnings(config))
        .containsExactly("1:14: extensions.file_storage: is not listed in service.extensions");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file_storage: {directry: /x} | 1:29: unknown key extensions.file_storage.directry; did you mean directory?",
        "file_storge: | 1:14: unknown type file_storge in extensions.file_storge; did you mean file_storage?",
        "health_check: {pth: /} | 1:29: unknown key extensions.health_check.pth; did you mean path?",
      })
  void otherExtensionsAreFaults(String extension, String fault) {
    assertThat(faults("extensions: {" + extension + "}\n" + REST)).containsExactly(fault);
  }

  @Test
  void serviceNamesDefinedExtensions() {
    assertThat(
            faults(
                "extensions: {file_storage: {directory: /data}}\n"
                    + REST.replace("service: {", "service: {extensions: [file_store], ")))
        .containsExactly(
            "4:24: service.extensions: file_store is not defined under extensions; did you mean"
                + " file_storage?");
  }
}
