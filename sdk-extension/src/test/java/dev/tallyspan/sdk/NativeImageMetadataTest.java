package dev.tallyspan.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

/**
 * The resources that are opened while a span is enriched and priced are among those that the
 * metadata for native images lists. No native image is built.
 */
class NativeImageMetadataTest {

  private static final String METADATA = "META-INF/native-image/dev.tallyspan/";

  @Test
  void everyResourceThatIsOpenedIsListed() throws Exception {
    List<URL> tallyspan = new ArrayList<>();
    List<URL> others = new ArrayList<>();
    List<String> modules = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      boolean own = entry.contains("tallyspan-") || path.endsWith(Path.of("target", "classes"));
      boolean tests = path.endsWith(Path.of("target", "test-classes"));
      (own || tests ? tallyspan : others).add(path.toUri().toURL());
    }
    for (String module : List.of("semconv", "pricing", "enrichment", "sdk-extension")) {
      modules.add("tallyspan-" + module);
    }
    try (URLClassLoader libraries =
            new URLClassLoader(others.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        Recording recording = new Recording(tallyspan.toArray(URL[]::new), libraries)) {
      Thread current = Thread.currentThread();
      ClassLoader before = current.getContextClassLoader();
      current.setContextClassLoader(recording);
      try {
        Class<?> application = recording.loadClass(Application.class.getName());
        Object status = ((Callable<?>) application.getDeclaredConstructor().newInstance()).call();
        assertThat(status).isEqualTo("priced");
      } finally {
        current.setContextClassLoader(before);
      }

      String listed = listed(recording, modules);
      assertThat(recording.opened)
          .contains("dev/tallyspan/pricing/catalog.json")
          .allMatch(name -> listed.contains("\\\\Q" + name + "\\\\E"));
    }
  }

  private static String listed(ClassLoader loader, List<String> modules) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String module : modules) {
      Enumeration<URL> files = loader.getResources(METADATA + module + "/resource-config.json");
      for (URL file : Collections.list(files)) {
        try (var in = file.openStream()) {
          all.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    return all.toString();
  }

  /** What an application does, in the class loader that records. */
  public static final class Application implements Callable<String> {

    @Override
    public String call() {
      ServiceLoader.load(AutoConfigurationCustomizerProvider.class).forEach(Object::toString);
      InMemorySpanExporter exporter = InMemorySpanExporter.create();
      try (SdkTracerProvider provider =
          SdkTracerProvider.builder()
              .addSpanProcessor(LlmEnrichment.create().spanProcessor())
              .addSpanProcessor(SimpleSpanProcessor.create(exporter))
              .build()) {
        Span span = provider.get("application").spanBuilder("chat").startSpan();
        TestSpans.chat(span);
        span.end();
        return exporter.getFinishedSpanItems().get(0).getAttributes().get(TestSpans.STATUS);
      }
    }
  }

  /** Notes the resources that are found in Tallyspan's own modules. */
  private static final class Recording extends URLClassLoader {

    private final Set<String> opened = new ConcurrentSkipListSet<>();

    Recording(URL[] urls, ClassLoader parent) {
      super(urls, parent);
    }

    @Override
    public URL findResource(String name) {
      URL found = super.findResource(name);
      note(name, found);
      return found;
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
      List<URL> found = Collections.list(super.findResources(name));
      found.forEach(each -> note(name, each));
      return Collections.enumeration(found);
    }

    private void note(String name, URL found) {
      if (found != null
          && !found.getPath().contains("test-classes")
          && !name.endsWith(".class")
          && !name.startsWith(METADATA)) {
        opened.add(name);
      }
    }
  }
}
