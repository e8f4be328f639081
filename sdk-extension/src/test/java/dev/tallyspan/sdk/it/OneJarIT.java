package dev.tallyspan.sdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

class OneJarIT {

  @Test
  void jarHoldsAllOfTallyspanAndNothingElse() throws IOException {
    try (JarFile jar = new JarFile(ChildJvm.EXTENSION)) {
      List<String> files =
          jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();

      assertThat(files)
          .contains("dev/tallyspan/sdk/LlmTracing.class")
          .contains("dev/tallyspan/semconv/read/Normalizer.class")
          .contains("dev/tallyspan/pricing/PriceCatalog.class")
          .allMatch(name -> name.startsWith("dev/tallyspan/") || name.startsWith("META-INF/"))
          .doesNotHaveDuplicates();
      assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
          .isEqualTo("dev.tallyspan.sdk");
    }
  }

  @Test
  void jarRunsTheDoctorWithoutAnyOtherJar() throws Exception {
    Process doctor =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                ChildJvm.EXTENSION,
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
}
