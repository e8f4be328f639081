package dev.tallyspan.sdk.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM that runs one of the test applications to its end. */
final class ChildJvm {

  private static final long TIMEOUT_SECONDS = 300;

  /** The jar for the Java agent, as it would be downloaded. */
  static final String AGENT_EXTENSION = System.getProperty("tallyspan.extension");

  static final String JAVAAGENT = System.getProperty("tallyspan.javaagent");

  private ChildJvm() {}

  /** Runs {@code main} and returns what it printed, errors included. */
  static String run(
      Path directory, List<String> options, String classPath, Class<?> main, String argument)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName(), argument));
    Path output = directory.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    // What the machine is configured to export must not decide what the test sees.
    builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
    builder.environment().keySet().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError(
          "still running after " + TIMEOUT_SECONDS + " s:\n" + Files.readString(output));
    }
    if (process.exitValue() != 0) {
      throw new AssertionError("exit " + process.exitValue() + ":\n" + Files.readString(output));
    }
    return Files.readString(output);
  }

  /** The test application and its libraries, without any class of Tallyspan's. */
  static String applicationClassPath() {
    return classPath(entry -> !isTallyspan(entry));
  }

  /** The main jars, with which an application is built: this module's and those it depends on. */
  static String thinJars() {
    return classPath(entry -> isTallyspan(entry) && !isApi(entry) && !isTestKit(entry));
  }

  /** The tracing API and the bridges, with what they depend on, and without this module. */
  static String apiJars() {
    return classPath(
        entry ->
            isApi(entry)
                || jarName(entry).startsWith("tallyspan-semconv-")
                || jarName(entry).startsWith("tallyspan-pricing-")
                || jarName(entry).startsWith("tallyspan-enrichment-"));
  }

  /** The tracing API and the bridges alone, to be added to {@link #thinJars()}. */
  static String apiJarsBesideThinJars() {
    return classPath(ChildJvm::isApi);
  }

  private static String classPath(Predicate<String> included) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(included)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isTallyspan(String entry) {
    Path path = Path.of(entry);
    return path.endsWith(Path.of("target", "classes"))
        || path.getFileName().toString().startsWith("tallyspan-");
  }

  private static boolean isApi(String entry) {
    String name = jarName(entry);
    return Stream.of("api", "openai", "anthropic", "langchain4j")
        .anyMatch(module -> name.startsWith("tallyspan-" + module + "-"));
  }

  private static boolean isTestKit(String entry) {
    return jarName(entry).startsWith("tallyspan-bridges-testkit-");
  }

  private static String jarName(String entry) {
    return Path.of(entry).getFileName().toString();
  }
}
