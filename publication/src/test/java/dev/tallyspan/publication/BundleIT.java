package dev.tallyspan.publication;

import static dev.tallyspan.publication.PublishedModule.child;
import static dev.tallyspan.publication.PublishedModule.children;
import static dev.tallyspan.publication.PublishedModule.text;
import static dev.tallyspan.publication.PublishedModule.xml;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

/**
 * What Maven Central requires of a bundle: <a
 * href="https://central.sonatype.org/publish/requirements/">requirements</a>. Runs with the profile
 * {@code release}, which makes one.
 */
@EnabledIfSystemProperty(named = "tallyspan.bundle", matches = ".+")
class BundleIT {

  private static final Path BUNDLE =
      Path.of(System.getProperty("tallyspan.bundle", "")).resolve("dev/tallyspan");

  static List<PublishedModule> modules() {
    return PublishedModule.all();
  }

  @Test
  void holdsThePublishedModulesAlone() throws IOException {
    try (Stream<Path> directories = Files.list(BUNDLE)) {
      assertThat(directories.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              modules().stream().map(PublishedModule::artifactId).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyFileHasItsChecksums(PublishedModule module) throws Exception {
    List<String> expected = new ArrayList<>();
    for (String suffix : artifacts(module)) {
      String name = module.artifactId() + "-" + PublishedModule.VERSION + suffix;
      expected.addAll(List.of(name, name + ".md5", name + ".sha1"));
      assertThat(Files.readString(file(module, suffix + ".md5")).trim())
          .isEqualTo(digest("MD5", file(module, suffix)));
      assertThat(Files.readString(file(module, suffix + ".sha1")).trim())
          .isEqualTo(digest("SHA-1", file(module, suffix)));
    }

    try (Stream<Path> files = Files.list(file(module, ".pom").getParent())) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .filteredOn(name -> !name.contains(".asc"))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyJarHasTheLicense(PublishedModule module) throws IOException {
    for (String suffix : artifacts(module)) {
      if (suffix.endsWith(".jar")) {
        try (JarFile jar = new JarFile(file(module, suffix).toFile())) {
          assertThat(PublishedModule.files(jar))
              .as(suffix)
              .contains("META-INF/LICENSE", "META-INF/NOTICE")
              .hasSizeGreaterThan(5);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tallyspan.publication.PublishedModule#libraries")
  void javadocDescribesThePublicApiAlone(PublishedModule module) throws IOException {
    try (JarFile jar = new JarFile(file(module, "-javadoc.jar").toFile())) {
      assertThat(PublishedModule.files(jar))
          .contains("index.html")
          .noneMatch(name -> name.contains("/internal/"));
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void pomIsCompleteAndNeedsNoParent(PublishedModule module) {
    Element pom = xml(file(module, ".pom"));

    assertThat(List.of("groupId", "artifactId", "version", "name", "description", "url"))
        .allSatisfy(name -> assertThat(text(pom, name)).as(name).isNotEmpty());
    assertThat(text(pom, "url")).isEqualTo("https://tallyspan.dev");
    assertThat(text(child(child(pom, "licenses"), "license"), "name")).isEqualTo("Apache-2.0");
    assertThat(text(child(child(pom, "developers"), "developer"), "name")).isNotEmpty();
    assertThat(text(child(pom, "scm"), "url")).isEqualTo("https://github.com/tallyspan/tallyspan");
    assertThat(text(child(pom, "scm"), "connection"))
        .isEqualTo("scm:git:https://github.com/tallyspan/tallyspan.git");
    assertThat(children(pom, "parent")).isEmpty();
    assertThat(children(pom, "repositories")).isEmpty();
    for (Element dependency : children(child(pom, "dependencies"), "dependency")) {
      assertThat(text(dependency, "version")).as(text(dependency, "artifactId")).isNotEmpty();
      assertThat(text(dependency, "scope")).isNotEqualTo("test");
    }
  }

  private static List<String> artifacts(PublishedModule module) {
    List<String> suffixes = new ArrayList<>(List.of(".pom"));
    if (module.isLibrary()) {
      suffixes.addAll(List.of(".jar", "-sources.jar", "-javadoc.jar"));
    }
    if (module.artifactId().equals("tallyspan-sdk-extension")) {
      suffixes.add("-agent.jar");
    }
    return suffixes;
  }

  private static Path file(PublishedModule module, String suffix) {
    return BUNDLE
        .resolve(module.artifactId())
        .resolve(PublishedModule.VERSION)
        .resolve(module.artifactId() + "-" + PublishedModule.VERSION + suffix);
  }

  private static String digest(String algorithm, Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file)));
  }
}
