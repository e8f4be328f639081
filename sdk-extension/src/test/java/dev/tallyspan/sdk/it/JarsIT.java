package dev.tallyspan.sdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

class JarsIT {

  @Test
  void agentJarHoldsAllOfTallyspanUnderItsOwnNamesAndNothingElse() throws IOException {
    try (JarFile jar = new JarFile(ChildJvm.AGENT_EXTENSION)) {
      List<String> files = files(jar);

      assertThat(files)
          .contains("dev/tallyspan/sdk/LlmEnrichment.class")
          .contains("dev/tallyspan/sdk/shaded/enrichment/Enricher.class")
          .contains("dev/tallyspan/sdk/shaded/semconv/read/Normalizer.class")
          .contains("dev/tallyspan/sdk/shaded/semconv/read/registry.json")
          .contains("dev/tallyspan/sdk/shaded/pricing/PriceCatalog.class")
          .contains("dev/tallyspan/sdk/shaded/pricing/catalog.json")
          .contains(
              "META-INF/services/io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider")
          .allMatch(name -> name.startsWith("dev/tallyspan/sdk/") || name.startsWith("META-INF/"))
          .doesNotHaveDuplicates();
      assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
          .isEqualTo("dev.tallyspan.sdk.agent");
    }
  }

  @Test
  void agentJarRunsTheDoctorWithoutAnyOtherJar() throws Exception {
    Process doctor =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                ChildJvm.AGENT_EXTENSION,
                "doctor",
                ChildJvm.JAVAAGENT)
            .redirectErrorStream(true)
            .start();
    String output = new String(doctor.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(doctor.waitFor()).as(output).isEqualTo(1);
    assertThat(output)
        .contains("OpenTelemetry Java agent 2.")
        .contains("OpenTelemetry SDK 1.")
        .contains("-> load the extension: -Dotel.javaagent.extensions=");
  }

  /** Two jars with the same package do not work as modules, and hide each other's versions. */
  @Test
  void eachThinJarHoldsItsOwnPackagesAlone() throws IOException {
    List<String> packages = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (String path : ChildJvm.thinJars().split(File.pathSeparator)) {
      try (JarFile jar = new JarFile(path)) {
        files(jar).stream()
            .filter(name -> name.endsWith(".class"))
            .map(name -> name.substring(0, name.lastIndexOf('/')))
            .distinct()
            .forEach(packages::add);
        names.add(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"));
      }
    }

    assertThat(names)
        .containsExactlyInAnyOrder(
            "dev.tallyspan.sdk",
            "dev.tallyspan.enrichment",
            "dev.tallyspan.pricing",
            "dev.tallyspan.semconv");
    assertThat(packages).contains("dev/tallyspan/sdk").doesNotHaveDuplicates();
  }

  private static List<String> files(JarFile jar) {
    return jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
  }
}
