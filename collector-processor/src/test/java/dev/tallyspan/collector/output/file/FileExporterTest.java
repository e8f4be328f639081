package dev.tallyspan.collector.output.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.github.luben.zstd.Zstd;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.file.FileSettings.Format;
import dev.tallyspan.collector.output.file.FileSettings.Rotation;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileExporterTest {

  @TempDir private Path directory;
  private Path path;
  private Instant now = Instant.parse("2026-01-31T12:00:00Z");

  @BeforeEach
  void setPath() {
    path = directory.resolve("traces.json");
  }

  @Test
  void eachRequestIsALineOfJson() throws Exception {
    write(settings(Format.JSON, false, false, null), "a", "b");

    assertThat(Files.readAllLines(path))
        .containsExactly(json("a"), json("b"))
        .allSatisfy(line -> assertThat(line).startsWith("{\"resourceSpans\":"));
  }

  @Test
  void requestIsInTheFileWhenItIsAccepted() throws Exception {
    try (FileExporter exporter = open(settings(Format.JSON, false, false, null))) {
      assertThat(send(exporter, "a")).isEqualTo(Outcome.ACCEPTED);
      assertThat(Files.readAllLines(path)).containsExactly(json("a"));
    }
  }

  @Test
  void protobufFollowsItsLength() throws Exception {
    write(settings(Format.PROTO, false, false, null), "a", "b");

    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path));
    assertThat(record(file)).isEqualTo(request("a"));
    assertThat(record(file)).isEqualTo(request("b"));
    assertThat(file.hasRemaining()).isFalse();
  }

  @Test
  void eachRequestIsCompressedByItself() throws Exception {
    write(settings(Format.JSON, false, true, null), "a", "b");

    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path));
    assertThat(new String(Zstd.decompress(record(file), 10_000), StandardCharsets.UTF_8))
        .isEqualTo(json("a"));
    assertThat(new String(Zstd.decompress(record(file), 10_000), StandardCharsets.UTF_8))
        .isEqualTo(json("b"));
  }

  @Test
  void fileIsEmptiedAtTheStartUnlessItIsContinued() throws Exception {
    write(settings(Format.JSON, false, false, null), "a");
    write(settings(Format.JSON, false, false, null), "b");
    write(settings(Format.JSON, true, false, null), "c");

    assertThat(Files.readAllLines(path)).containsExactly(json("b"), json("c"));
  }

  @Test
  void halfALineDoesNotSpoilTheNextOne() throws Exception {
    Files.writeString(path, "{\"resourceSp");

    write(settings(Format.JSON, true, false, null), "a");

    assertThat(Files.readAllLines(path)).containsExactly("{\"resourceSp", json("a"));
  }

  @Test
  void fileOfLengthsThatEndsWithinARecordIsSetAside() throws Exception {
    byte[] half = {0, 0, 0, 9, 1, 2};
    Files.write(path, half);

    write(settings(Format.PROTO, true, false, null), "a");

    assertThat(record(ByteBuffer.wrap(Files.readAllBytes(path)))).isEqualTo(request("a"));
    assertThat(directory.resolve("traces-2026-01-31T12-00-00.000.json")).hasBinaryContent(half);
  }

  @Test
  void fullFileIsRenamedAndOldOnesAreDeleted() throws Exception {
    Rotation rotation = new Rotation(json("0").length() * 2 + 2, 0, 2, false);
    try (FileExporter exporter = open(settings(Format.JSON, false, false, rotation))) {
      for (int i = 0; i < 9; i++) {
        assertThat(send(exporter, String.valueOf(i))).isEqualTo(Outcome.ACCEPTED);
      }
    }

    assertThat(names())
        .containsExactly(
            "traces-2026-01-31T12-00-00.002.json",
            "traces-2026-01-31T12-00-00.003.json",
            "traces.json");
    assertThat(Files.readAllLines(path)).containsExactly(json("8"));
    assertThat(Files.readAllLines(directory.resolve("traces-2026-01-31T12-00-00.003.json")))
        .containsExactly(json("6"), json("7"));
  }

  @Test
  void filesThatAreTooOldAreDeletedAndOthersAreNot() throws Exception {
    Files.createFile(directory.resolve("traces-2026-01-01T00-00-00.000.json"));
    Files.createFile(directory.resolve("traces-2026-01-30T00-00-00.000.json"));
    Files.createFile(directory.resolve("traces-notes.json"));

    write(settings(Format.JSON, false, false, new Rotation(1000, 7, 0, false)), "a");

    assertThat(names())
        .containsExactly("traces-2026-01-30T00-00-00.000.json", "traces-notes.json", "traces.json");
  }

  @Test
  void requestThatCannotBeWrittenStaysWithItsSender() throws Exception {
    Path disk = Path.of("/dev/full");
    assumeThat(disk).exists();
    FileSettings full = new FileSettings(disk, true, Format.JSON, false, null, false, 0755);
    try (FileExporter exporter = open(full)) {
      Outcome outcome = send(exporter, "a");

      assertThat(outcome).isInstanceOf(Outcome.Refused.class);
      assertThat(((Outcome.Refused) outcome).retryable()).isTrue();
      assertThat(((Outcome.Refused) outcome).message())
          .isEqualTo("exporters.file: the file cannot be written");
    }
  }

  @Test
  void requestThatIsNotValidIsRefusedForGood() throws Exception {
    try (FileExporter exporter = open(settings(Format.JSON, false, false, null))) {
      Outcome outcome = send(exporter, new byte[] {10, 5});

      assertThat(((Outcome.Refused) outcome).retryable()).isFalse();
    }
    assertThat(path).isEmptyFile();
  }

  @Test
  void closedExporterRefuses() throws Exception {
    FileExporter exporter = open(settings(Format.JSON, false, false, null));
    exporter.close(Duration.ofSeconds(5));
    exporter.close(Duration.ofSeconds(5));

    assertThat(((Outcome.Refused) send(exporter, "a")).retryable()).isTrue();
  }

  @Test
  void missingDirectoryIsCreatedIfAsked() throws Exception {
    path = directory.resolve("a/b/traces.json");
    FileSettings create = new FileSettings(path, false, Format.JSON, false, null, true, 0750);

    assertThatThrownBy(() -> open(settings(Format.JSON, false, false, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("exporters.file.path: " + path + " cannot be written");
    write(create, "a");

    assertThat(Files.readAllLines(path)).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
        .isEqualTo("rwxr-x---");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  private FileSettings settings(
      Format format, boolean append, boolean zstd, @Nullable Rotation rotation) {
    return new FileSettings(path, append, format, zstd, rotation, false, 0755);
  }

  private FileExporter open(FileSettings settings) {
    return FileExporter.open("file", settings, () -> now, MeterProvider.noop().get("test"));
  }

  private void write(FileSettings settings, String... names) throws Exception {
    try (FileExporter exporter = open(settings)) {
      for (String name : names) {
        assertThat(send(exporter, name)).isEqualTo(Outcome.ACCEPTED);
      }
    }
  }

  private static Outcome send(FileExporter exporter, String name) throws Exception {
    return send(exporter, request(name));
  }

  private static Outcome send(FileExporter exporter, byte[] request) throws Exception {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    exporter.send(
        new OtlpRequest(Signal.TRACES, Slices.of(request), 1, new SenderAck(outcome::complete)));
    return outcome.get(60, TimeUnit.SECONDS);
  }

  private static byte[] request(String name) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addSpansBuilder().setName(name);
    return request.build().toByteArray();
  }

  private static String json(String name) {
    return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"" + name + "\"}]}]}]}";
  }

  private static byte[] record(ByteBuffer file) {
    byte[] record = new byte[file.getInt()];
    file.get(record);
    return record;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return new ArrayList<>(files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}
