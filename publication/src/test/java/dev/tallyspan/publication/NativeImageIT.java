package dev.tallyspan.publication;

import static dev.tallyspan.publication.PublishedModule.files;
import static dev.tallyspan.publication.PublishedModule.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A native image contains a resource, or a class that is found by its name, only if the jar says
 * so, in {@code META-INF/native-image}.
 */
class NativeImageIT {

  private static final Pattern RESOURCE =
      Pattern.compile("\"pattern\": *\"\\\\\\\\Q(.+?)\\\\\\\\E\"");
  private static final Pattern CLASS = Pattern.compile("\"name\": *\"([\\w.$]+)\", *\"methods\"");

  static List<PublishedModule> libraries() {
    return PublishedModule.libraries();
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void everyResourceIsListed(PublishedModule module) throws IOException {
    try (JarFile jar = module.openJar()) {
      List<String> resources = files(jar).stream().filter(file -> isReadAtRunTime(file)).toList();

      assertThat(listed(jar, module, "resource-config.json", RESOURCE))
          .containsExactlyInAnyOrderElementsOf(resources);
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void everyServiceIsListed(PublishedModule module) throws IOException {
    try (JarFile jar = module.openJar()) {
      List<String> providers = new ArrayList<>();
      for (String file : files(jar)) {
        if (file.startsWith("META-INF/services/")) {
          read(jar, file)
              .lines()
              .map(String::trim)
              .filter(line -> !line.isEmpty())
              .forEach(providers::add);
        }
      }

      List<String> listed = listed(jar, module, "reflect-config.json", CLASS);
      assertThat(listed).containsAll(providers);
      assertThat(listed)
          .filteredOn(name -> name.startsWith("dev.tallyspan."))
          .allMatch(name -> jar.getEntry(name.replace('.', '/') + ".class") != null);
    }
  }

  private static boolean isReadAtRunTime(String file) {
    return file.startsWith("META-INF/services/")
        || !file.startsWith("META-INF/") && !file.endsWith(".class");
  }

  private static List<String> listed(
      JarFile jar, PublishedModule module, String file, Pattern pattern) throws IOException {
    String path = "META-INF/native-image/dev.tallyspan/" + module.artifactId() + "/" + file;
    if (jar.getEntry(path) == null) {
      return List.of();
    }
    Matcher matcher = pattern.matcher(read(jar, path));
    List<String> listed = new ArrayList<>();
    while (matcher.find()) {
      listed.add(matcher.group(1));
    }
    return listed;
  }
}
