package dev.tallyspan.sdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
}
