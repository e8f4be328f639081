package dev.tallyspan.collector.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that users unpack, on a machine without sources. */
class ArchiveIT {

  private static final Path ARCHIVE = Path.of(System.getProperty("tallyspan.archive"));

  @TempDir Path directory;
  private Path home;

  @BeforeEach
  void unpack() throws Exception {
    run("tar", "-xzf", ARCHIVE.toString(), "-C", directory.toString());
    home = directory.resolve(ARCHIVE.getFileName().toString().replace(".tar.gz", ""));
  }

  @Test
  void containsWhatAnOperatorNeeds() throws Exception {
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> home.relativize(file).toString()))
          .contains(
              "bin/tallyspan",
              "lib/tallyspan.jar",
              "lib/duckdb_jdbc.jar",
              "lib/duckdb_jdbc.LICENSE",
              "lib/kafka-clients.jar",
              "lib/kafka-clients.LICENSE",
              "etc/kafka/edge.yaml",
              "lib/libduckdb_java.so_linux_amd64",
              "lib/mcp.jar",
              "lib/mcp.LICENSE",
              "etc/collector.yaml",
              "etc/tallyspan.service",
              "docs/operations.md",
              "LICENSE",
              "NOTICE",
              "README.md",
              "SECURITY.md",
              "CHANGELOG.md");
    }
    assertThat(home.resolve("bin/tallyspan")).isExecutable();
  }

  @Test
  void saysItsVersion() throws Exception {
    String version = home.getFileName().toString().replace("tallyspan-", "");

    assertThat(tallyspan("version")).startsWith("tallyspan " + version);
  }

  @Test
  void startsThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("tally"), home.resolve("bin/tallyspan"));

    assertThat(run(link.toString(), "version")).startsWith("tallyspan ");
  }

  @Test
  void exampleIsAValidConfiguration() throws Exception {
    assertThat(tallyspan("config", "check", home.resolve("etc/collector.yaml").toString()))
        .doesNotContainIgnoringCase("warning");
  }

  @Test
  void exampleRunsAndEndsAndKeepsItsClasses() throws Exception {
    String anyPorts =
        Files.readString(home.resolve("etc/collector.yaml"))
            .replaceAll("\"localhost:\\d+\"", "\"127.0.0.1:0\"");
    Path file = Files.writeString(directory.resolve("any-ports.yaml"), anyPorts);

    try (JavaProcess server = start("run", "--config", file.toString())) {
      assertReady(server);
      server.terminate();
      assertThat(server.endsWithin(120_000)).as(server::output).isTrue();
      assertThat(server.output()).contains("Stopping: ", "Stopped");
    }

    // The launcher lets another process write them. What writes is as slow as the machine is busy.
    await().atMost(Duration.ofMinutes(4)).until(() -> keptClasses() == 1);
    try (JavaProcess server = start("run", "--config", file.toString())) {
      assertReady(server);
      assertThat(server.output()).doesNotContainIgnoringCase("cache");
    }
  }

  @Test
  void imageHasTheModulesThatTheJarUses() throws Exception {
    String dockerfile = Files.readString(Path.of("..", "packaging", "docker", "Dockerfile"));
    Matcher modules = Pattern.compile("--add-modules (\\S+)").matcher(dockerfile);
    assertThat(modules.find()).isTrue();
    StringWriter used = new StringWriter();
    PrintWriter out = new PrintWriter(used);
    ToolProvider.findFirst("jdeps")
        .orElseThrow()
        .run(
            out,
            out,
            "--multi-release",
            String.valueOf(Runtime.version().feature()),
            "--ignore-missing-deps",
            "--print-module-deps",
            home.resolve("lib/tallyspan.jar").toString());

    assertThat(modules.group(1).split(",")).contains(used.toString().trim().split(","));
  }

  private void assertReady(JavaProcess server) throws Exception {
    String health =
        await()
            .atMost(Duration.ofMinutes(2))
            .failFast(() -> assertThat(server.isAlive()).as(server::output).isTrue())
            .until(
                () -> {
                  Matcher line =
                      Pattern.compile("Health on (http://127.0.0.1:\\d+/)\\R")
                          .matcher(server.output());
                  return line.find() ? line.group(1) : null;
                },
                Objects::nonNull);
    HttpClient client = HttpClient.newHttpClient();
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () ->
                assertThat(
                        client
                            .send(
                                HttpRequest.newBuilder(URI.create(health)).build(),
                                HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200));
  }

  private long keptClasses() throws IOException {
    Path cache = directory.resolve("cache");
    if (!Files.isDirectory(cache)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.filter(file -> file.getFileName().toString().startsWith("classes-")).count();
    }
  }

  private JavaProcess start(String... arguments) throws IOException {
    return JavaProcess.startCommand(
        directory.resolve("server"),
        environment(),
        command(home.resolve("bin/tallyspan").toString(), arguments));
  }

  /** Returns what the launcher printed, which ended well. */
  private String tallyspan(String... arguments) throws Exception {
    return run(home.resolve("bin/tallyspan").toString(), arguments);
  }

  private String run(String program, String... arguments) throws Exception {
    try (JavaProcess process =
        JavaProcess.startCommand(
            directory.resolve("run"), environment(), command(program, arguments))) {
      process.finish();
      return process.output();
    }
  }

  private static List<String> command(String program, String... arguments) {
    return Stream.concat(Stream.of(program), Stream.of(arguments)).toList();
  }

  private Map<String, String> environment() {
    return Map.of(
        "TALLYSPAN_JAVA_HOME",
        System.getProperty("java.home"),
        "TALLYSPAN_CACHE",
        directory.resolve("cache").toString());
  }
}
