package dev.tallyspan.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.ConventionVersion;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The oldest OpenTelemetry that is supported, and nothing else but this module and semconv. */
class FloorTest {

  @Test
  @SuppressWarnings("unchecked") // what it implements
  void worksWithTheOldestOpenTelemetryAndWithoutPrices() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (Class<?> own : List.of(GenAi.class, FloorTest.class, ConventionVersion.class)) {
      urls.add(own.getProtectionDomain().getCodeSource().getLocation());
    }
    List<File> jars = jars();
    assertThat(jars).hasSizeGreaterThanOrEqualTo(5);
    for (File jar : jars) {
      urls.add(jar.toURI().toURL());
    }
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), platform)) {
      Callable<List<String>> application =
          (Callable<List<String>>)
              loader
                  .loadClass(OldestOpenTelemetry.class.getName())
                  .getDeclaredConstructor()
                  .newInstance();

      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(loader); // which OpenTelemetry looks for its providers in
      List<String> spans;
      try {
        spans = application.call();
      } finally {
        thread.setContextClassLoader(before);
      }

      assertThat(spans).hasSize(10).endsWith("faults 0").startsWith("scope true");
      assertThat(spans.get(8))
          .startsWith("chat claude-sonnet-4-5")
          .contains("session.id=s")
          .contains("gen_ai.usage.input_tokens=2880")
          .contains("gen_ai.input.messages=[{")
          .contains("gen_ai.output.messages=[{");
    }
  }

  private static List<File> jars() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target/opentelemetry-floor"))) {
      return files.map(Path::toFile).toList();
    }
  }
}
