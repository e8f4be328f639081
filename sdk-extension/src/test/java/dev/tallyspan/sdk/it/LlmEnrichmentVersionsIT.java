package dev.tallyspan.sdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jars beside the OpenTelemetry versions that applications have, without an agent. */
class LlmEnrichmentVersionsIT {

  private static final String FLOOR = "1.43.0";
  private static final Path OPENTELEMETRY = Path.of(System.getProperty("tallyspan.opentelemetry"));

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {FLOOR, "1.49.0", "1.55.0", "1.68.0"})
  void spansArePriced(String version) throws Exception {
    String output = run(version);

    assertThat(output.lines())
        .contains(
            "typed tallyspan.cost.total_exact=0.000106",
            "typed gen_ai.usage.cost=1.06E-4",
            "typed gen_ai.usage.input_tokens=25",
            "text tallyspan.cost.total_exact=0.000106",
            "text gen_ai.usage.input_tokens=25",
            "text gen_ai.usage.output_tokens=7");
    // A null inside what a tool was called with.
    assertThat(output).contains("\"name\":\"f\",\"arguments\":{\"x\":[1,null]}");
    assertThat(output.lines().map(line -> line.split("=", 2)[0])).doesNotHaveDuplicates();
    assertThat(output).doesNotContain("WARNING").doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.31.0", "1.41.0"})
  void belowTheFloorOneLineSaysWhatIsNeeded(String version) throws Exception {
    String output = run(version);

    assertThat(output.lines().filter(line -> line.contains("WARNING")))
        .containsExactly(
            "WARNING: Tallyspan needs OpenTelemetry 1.43 or newer; found "
                + version
                + "; LLM spans are not enriched");
    assertThat(output).doesNotContain("Exception").doesNotContain("tallyspan.cost");
    assertThat(output.lines())
        .contains("typed gen_ai.usage.input_tokens=25", "text gen_ai.usage.input_tokens=25");
  }

  /** What one run does not come across, such as a dialect that it has no span of. */
  @Test
  void nothingIsUsedThatTheFloorLacks() throws IOException {
    List<JarFile> jars = new ArrayList<>();
    for (Path jar : jars(FLOOR)) {
      jars.add(new JarFile(jar.toFile()));
    }
    jars.add(new JarFile(ChildJvm.AGENT_EXTENSION));
    JavaClasses classes = new ClassFileImporter().importJars(jars);

    TreeSet<String> missing = new TreeSet<>();
    for (JavaClass user : classes) {
      // Configuration files need more, and say so.
      if (user.getPackageName().startsWith("dev.tallyspan")
          && !user.getPackageName().equals("dev.tallyspan.sdk.declarative")) {
        missing.addAll(missing(user));
      }
    }

    assertThat(classes.contain("dev.tallyspan.sdk.LlmEnrichment")).isTrue();
    assertThat(missing).isEmpty();
    for (JarFile jar : jars) {
      jar.close();
    }
  }

  private static List<String> missing(JavaClass user) {
    List<String> missing = new ArrayList<>();
    for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
      JavaClass used = dependency.getTargetClass().getBaseComponentType();
      if (isOpenTelemetry(used) && !isOfTheFloor(used)) {
        missing.add(user.getName() + " uses " + used.getName());
      }
    }
    for (JavaAccess<?> access : user.getAccessesFromSelf()) {
      if (isOpenTelemetry(access.getTargetOwner())
          && !isOfEveryObject(access)
          && access.getTarget().resolveMember().isEmpty()) {
        missing.add(user.getName() + " uses " + access.getTarget().getFullName());
      }
    }
    return missing;
  }

  private static boolean isOpenTelemetry(JavaClass type) {
    return type.getName().startsWith("io.opentelemetry.");
  }

  /** Since Java 18, the compiler names an interface as the owner of {@code getClass()}. */
  private static boolean isOfEveryObject(JavaAccess<?> access) {
    return Stream.of(Object.class.getMethods())
        .anyMatch(method -> method.getName().equals(access.getTarget().getName()));
  }

  /** A class that the floor lacks is found on this test's own class path, of a newer version. */
  private static boolean isOfTheFloor(JavaClass type) {
    return type.getSource()
        .filter(source -> source.getUri().toString().contains(FLOOR))
        .isPresent();
  }

  private String run(String version) throws Exception {
    String classPath =
        Stream.concat(
                Stream.of(ChildJvm.thinJars(), testClasses().toString()),
                jars(version).stream().map(Path::toString))
            .collect(Collectors.joining(File.pathSeparator));
    return ChildJvm.run(directory, List.of(), classPath, BareApplication.class, "");
  }

  private static Path testClasses() {
    return Path.of(System.getProperty("java.class.path").split(File.pathSeparator)[0]);
  }

  private static List<Path> jars(String version) throws IOException {
    try (Stream<Path> files = Files.list(OPENTELEMETRY)) {
      List<Path> jars = files.filter(file -> isOf(version, file)).toList();
      assertThat(jars).isNotEmpty();
      return jars;
    }
  }

  private static boolean isOf(String version, Path file) {
    String name = file.getFileName().toString();
    return name.endsWith("-" + version + ".jar") || name.endsWith("-" + version + "-alpha.jar");
  }
}
