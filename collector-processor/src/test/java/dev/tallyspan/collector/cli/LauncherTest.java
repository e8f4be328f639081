package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script {@code tallyspan} in an unpacked archive, with a JVM that says what it is given. */
class LauncherTest {

  private static final Path ROOT = Path.of("..");

  @TempDir Path directory;
  private Path launcher;
  private Path jar;

  @BeforeEach
  void unpack() throws IOException {
    Path home = directory.toRealPath().resolve("tally span");
    launcher = home.resolve("bin/tallyspan");
    jar = home.resolve("lib/tallyspan.jar");
    Files.createDirectories(launcher.getParent());
    Files.createDirectories(jar.getParent());
    Files.copy(
        ROOT.resolve("tallyspan"),
        launcher,
        StandardCopyOption.COPY_ATTRIBUTES,
        StandardCopyOption.REPLACE_EXISTING);
    Files.createFile(jar);
  }

  @Test
  void startsTheJarBesideItself() throws Exception {
    assertThat(start(java("21.0.1"), "version"))
        .containsSubsequence("-jar", jar.toString(), "version")
        .doesNotContain("--enable-native-access=ALL-UNNAMED");
  }

  @Test
  void needsTheWholeArchive() throws Exception {
    Files.delete(jar);

    assertThat(start(java("21.0.1"), "version"))
        .containsExactly("tallyspan: no " + jar + ": unpack the whole archive");
  }

  @Test
  void refusesAnOldJava() throws Exception {
    assertThat(start(java("11.0.20"), "version")).singleElement().asString().contains("Java 17");
  }

  @Test
  void keepsClassesAtTheFirstStartAndUsesThemLater() throws Exception {
    Path java = java("25.0.3");
    Path cache = directory.resolve("cache");
    Map<String, String> environment = Map.of("TALLYSPAN_CACHE", cache.toString());

    assertThat(start(java, environment, "run"))
        .noneMatch(option -> option.startsWith("-XX:AOTCache"));

    awaitClasses(cache);
    assertThat(start(java, environment, "run"))
        .anyMatch(option -> option.startsWith("-XX:AOTCache=" + cache + "/classes-"));
  }

  @Test
  void keepsClassesOfAnOlderJavaInItsFormat() throws Exception {
    Path java = java("17.0.9");
    Path cache = directory.resolve("cache");
    Map<String, String> environment = Map.of("TALLYSPAN_CACHE", cache.toString());

    start(java, environment, "run");

    awaitClasses(cache);
    assertThat(start(java, environment, "run"))
        .anyMatch(option -> option.startsWith("-XX:SharedArchiveFile="));
  }

  /** Classes that were kept with other options are not used, so the container has its own file. */
  @Test
  void containerHasTheSameOptions() throws Exception {
    // Its heap is a share of its own memory.
    Map<String, String> environment =
        Map.of("TALLYSPAN_CACHE", "none", "TALLYSPAN_JAVA_OPTS", "-XX:MaxRAMPercentage=50");
    List<String> launched = start(java("25.0.3"), environment, "run");
    List<String> options =
        Files.readAllLines(ROOT.resolve("packaging/docker/java.options")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    String dockerfile = Files.readString(ROOT.resolve("packaging/docker/Dockerfile"));

    assertThat(options)
        .startsWith(launched.subList(0, launched.indexOf("-jar")).toArray(String[]::new));
    assertThat(dockerfile)
        .contains("RUN /opt/jre/bin/java @/opt/tallyspan/lib/java.options")
        .contains("ENTRYPOINT [\"/opt/jre/bin/java\", \"@/opt/tallyspan/lib/java.options\"");
  }

  /** On a machine or in a container with less than 2 GiB, the JVM's own choice is less. */
  @Test
  void heapOfTheServerAloneIsAtMost512MiB() throws Exception {
    Map<String, String> environment = Map.of("TALLYSPAN_CACHE", "none");

    assertThat(start(java("25.0.3"), environment, "run"))
        .filteredOn(option -> option.startsWith("-Xmx"))
        .isSubsetOf("-Xmx512m");
    assertThat(start(java("25.0.3"), environment, "version"))
        .noneMatch(option -> option.startsWith("-Xmx"));
  }

  @ParameterizedTest
  @CsvSource({
    "TALLYSPAN_JAVA_OPTS, -Xmx2g",
    "TALLYSPAN_JAVA_OPTS, -XX:MaxRAMPercentage=50",
    "JDK_JAVA_OPTIONS, -XX:MaxHeapSize=1g",
    "JAVA_TOOL_OPTIONS, -Xmx300m"
  })
  void heapThatIsChosenIsNotChanged(String variable, String option) throws Exception {
    Map<String, String> environment = Map.of("TALLYSPAN_CACHE", "none", variable, option);

    assertThat(start(java("25.0.3"), environment, "run"))
        .doesNotContain("-Xmx512m", "-XX:-UseAdaptiveSizePolicy")
        .noneMatch(it -> it.startsWith("-Xms") || it.startsWith("-Xmn"));
  }

  /**
   * A Java home whose {@code java} prints its arguments, each on its line, and writes what a JVM
   * would for the option that keeps classes.
   */
  private Path java(String version) throws IOException {
    Path home = directory.resolve("java-" + version);
    Path java = home.resolve("bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(
        java,
        """
        #!/bin/sh
        printf '%s\\n' "$@"
        for option in "$@"; do
          case $option in
            -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*) echo classes >"${option#*=}" ;;
          esac
        done
        """);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  /** Waits until the process in the background has ended; it would write while JUnit deletes. */
  private static void awaitClasses(Path cache) {
    await()
        .until(
            () -> {
              try (Stream<Path> files = Files.list(cache)) {
                return files.allMatch(it -> it.getFileName().toString().startsWith("classes-"));
              }
            });
  }

  private List<String> start(Path java, String... arguments) throws Exception {
    return start(java, Map.of(), arguments);
  }

  private List<String> start(Path java, Map<String, String> environment, String... arguments)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments)).toList());
    builder.environment().keySet().removeIf(name -> name.startsWith("TALLYSPAN_"));
    builder.environment().put("TALLYSPAN_JAVA_HOME", java.toString());
    builder.environment().putAll(environment);
    Path output = directory.resolve("output.txt");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return Files.readAllLines(output);
  }
}
