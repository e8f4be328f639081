package dev.tallyspan.sdk.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** The libraries that an application has, those inside executable jars and the agent included. */
final class Installation {

  private static final String AGENT_TITLE = "javaagent";
  private static final String AGENT_SDK = "inst/io/opentelemetry/sdk/common/version.properties";
  private static final Pattern AGENT_MODULE =
      Pattern.compile(
          "inst/META-INF/io/opentelemetry/instrumentation/io\\.opentelemetry\\.(.+)\\.properties");

  private final Map<String, Library> libraries = new LinkedHashMap<>();
  private final Set<String> agentModules = new TreeSet<>();
  private @Nullable Library agent;
  private @Nullable Library agentSdk;

  /**
   * Looks at jars and directories. What is not there, or is not a jar, is passed over.
   *
   * @throws IOException if a jar or a directory cannot be read
   */
  static Installation of(List<Path> files) throws IOException {
    Installation installation = new Installation();
    for (Path file : files) {
      if (Files.isDirectory(file)) {
        try (Stream<Path> inside = Files.walk(file, /* maxDepth= */ 3)) {
          List<Path> jars =
              inside.filter(path -> path.toString().endsWith(".jar")).sorted().toList();
          for (Path jar : jars) {
            installation.add(jar);
          }
        }
      } else if (file.toString().endsWith(".jar") && Files.isRegularFile(file)) {
        installation.add(file);
      }
    }
    return installation;
  }

  private void add(Path file) throws IOException {
    Path fileName = file.getFileName();
    Library library = fileName == null ? null : Library.ofFile(fileName.toString());
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
      if (AGENT_TITLE.equals(main.getValue(Attributes.Name.IMPLEMENTATION_TITLE))) {
        addAgent(jar, main);
        return;
      }
      if (library != null) {
        add(withVersion(library, main));
      }
      for (ZipEntry entry : entries(jar)) {
        if (entry.getName().endsWith(".jar")) { // of Spring Boot, or in a war
          Library inside =
              Library.ofFile(entry.getName().substring(entry.getName().lastIndexOf('/') + 1));
          if (inside != null) {
            add(inside);
          }
        }
      }
    }
  }

  private void add(Library library) {
    libraries.putIfAbsent(library.name(), library);
  }

  private static Library withVersion(Library library, Attributes main) {
    String version = main.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    return library.version().isEmpty() && version != null
        ? new Library(library.name(), version)
        : library;
  }

  private void addAgent(JarFile jar, Attributes main) throws IOException {
    String version = main.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    agent = new Library("opentelemetry-javaagent", version == null ? "" : version);
    for (ZipEntry entry : entries(jar)) {
      Matcher module = AGENT_MODULE.matcher(entry.getName());
      if (module.matches()) {
        agentModules.add(module.group(1));
      }
      if (entry.getName().startsWith("inst/io/opentelemetry/javaagent/instrumentation/openai/")) {
        agentModules.add("openai-java-1.1");
      }
    }
    ZipEntry sdk = jar.getEntry(AGENT_SDK);
    if (sdk != null) {
      try (InputStream in = jar.getInputStream(sdk)) {
        String text = new String(in.readNBytes(200), StandardCharsets.UTF_8);
        agentSdk = new Library("opentelemetry-sdk", text.substring(text.indexOf('=') + 1).strip());
      }
    }
  }

  private static List<ZipEntry> entries(JarFile jar) {
    List<ZipEntry> entries = new ArrayList<>();
    jar.stream().forEach(entries::add);
    return entries;
  }

  /** Returns a library by its name; null if it is not there. */
  @Nullable Library find(String name) {
    return libraries.get(name);
  }

  /** Returns the first library whose name begins so; null if there is none. */
  @Nullable Library findPrefix(String prefix) {
    return libraries.values().stream()
        .filter(library -> library.name().startsWith(prefix))
        .findFirst()
        .orElse(null);
  }

  /** The Java agent; null if there is none. */
  @Nullable Library agent() {
    return agent;
  }

  /** OpenTelemetry's SDK, the agent's if there is one; null if there is none. */
  @Nullable Library sdk() {
    if (agentSdk != null) {
      return agentSdk;
    }
    Library sdk = find("opentelemetry-sdk-trace");
    return sdk != null ? sdk : find("opentelemetry-sdk");
  }

  /** Whether the agent has an instrumentation whose name begins so. */
  boolean agentHas(String prefix) {
    return agentModules.stream().anyMatch(module -> module.startsWith(prefix));
  }

  /** The number of libraries. */
  int size() {
    return libraries.size();
  }
}
