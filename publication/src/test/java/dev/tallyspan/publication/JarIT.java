package dev.tallyspan.publication;

import static dev.tallyspan.publication.PublishedModule.files;
import static dev.tallyspan.publication.PublishedModule.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JarIT {

  static List<PublishedModule> libraries() {
    return PublishedModule.libraries();
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void licenseIsInTheJar(PublishedModule module) throws IOException {
    try (JarFile jar = module.openJar()) {
      assertThat(files(jar)).contains("META-INF/LICENSE", "META-INF/NOTICE");
      assertThat(read(jar, "META-INF/LICENSE")).contains("Apache License");
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void moduleIsNamedAfterAPackageOfTheJar(PublishedModule module) throws IOException {
    try (JarFile jar = module.openJar()) {
      String name = jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name");

      assertThat(name).startsWith("dev.tallyspan.");
      assertThat(packages(jar)).allMatch(each -> (each + ".").startsWith(name + "."), name);
    }
  }

  /** The module system rejects two modules with the same package. */
  @Test
  void noPackageIsInTwoJars() throws IOException {
    List<String> packages = new ArrayList<>();
    for (PublishedModule module : libraries()) {
      try (JarFile jar = module.openJar()) {
        packages.addAll(packages(jar));
      }
    }

    assertThat(packages).contains("dev.tallyspan.semconv").doesNotHaveDuplicates();
  }

  private static List<String> packages(JarFile jar) {
    return files(jar).stream()
        .filter(file -> file.endsWith(".class"))
        .map(file -> file.substring(0, file.lastIndexOf('/')).replace('/', '.'))
        .distinct()
        .toList();
  }
}
