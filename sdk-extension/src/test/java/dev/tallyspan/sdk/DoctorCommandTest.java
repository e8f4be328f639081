package dev.tallyspan.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.pricing.PriceCatalog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {

  private static final LocalDate TODAY = PriceCatalog.shipped().asOf().plusDays(10);

  @TempDir Path directory;

  private final Properties properties = new Properties();
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void nothingIsToBeDoneForTheAgentWithTheExtension() throws IOException {
    properties.setProperty("otel.javaagent.extensions", "tallyspan-sdk-extension.jar");

    int exit = run(agent("2.33.1", "1.67.0"), jar("openai-java-core-4.101.0"));

    assertThat(printed())
        .contains(
            "prices in the jar: version " + PriceCatalog.shipped().version() + ", 10 days old",
            "OpenTelemetry Java agent 2.33.1",
            "OpenTelemetry SDK 1.67.0",
            "LLM client openai-java-core 4.101.0",
            "recorded by the agent: chats and embeddings, not the Responses API",
            "includeUsage(true)",
            "Messages are not recorded; otel.instrumentation.genai.capture-message-content=true",
            "Nothing is to be done.")
        .doesNotContain("->");
    assertThat(exit).isZero();
  }

  @Test
  void whatCutsMessagesIsNamed() throws IOException {
    properties.setProperty("otel.javaagent.extensions", "tallyspan-sdk-extension.jar");
    environment.put("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true");
    environment.put("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4096");
    environment.put("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "20");

    int exit = run(agent("2.33.1", "1.67.0"), jar("openai-java-core-4.101.0"));

    assertThat(printed())
        .contains(
            "Messages are recorded as events",
            "  -> texts are cut after 4096 characters",
            "  -> spans have at most 20 attributes",
            "2 to do, see the arrows.");
    assertThat(exit).isEqualTo(1);
  }

  @Test
  void oldAgentWithoutTheExtensionIsNamed() throws IOException {
    int exit = run(agent("2.4.0", "1.38.0"));

    assertThat(printed())
        .contains(
            "-> use version 2.9 or newer of the agent",
            "-> load the extension: -Dotel.javaagent.extensions=",
            "-> Tallyspan needs OpenTelemetry 1.43 or newer",
            "LLM clients: none that is known");
    assertThat(exit).isEqualTo(1);
  }

  @Test
  void librariesInsideAnExecutableJarAreFound() throws IOException {
    run(
        jar(
            "app",
            "BOOT-INF/lib/spring-boot-starter-opentelemetry-4.0.7.jar",
            "BOOT-INF/lib/opentelemetry-api-1.55.0.jar",
            "BOOT-INF/lib/opentelemetry-sdk-trace-1.55.0.jar",
            "BOOT-INF/lib/spring-ai-model-2.0.1.jar",
            "BOOT-INF/lib/google-genai-1.65.0.jar"));

    assertThat(printed())
        .contains(
            "OpenTelemetry API 1.55.0",
            "OpenTelemetry SDK 1.55.0",
            "-> Spring Boot's own starter loads no extensions",
            "LLM client spring-ai-model 2.0.1",
            "recorded by itself",
            "LLM client google-genai 1.65.0",
            "-> nothing records its calls: record them with tallyspan-api");
  }

  @Test
  void versionsThatDoNotStartTogetherAreNamed() throws IOException {
    run(
        jar("opentelemetry-api-1.67.0"),
        jar("opentelemetry-sdk-1.67.0"),
        jar("opentelemetry-api-incubator-1.65.0-alpha"));

    assertThat(printed())
        .contains("-> opentelemetry-api-incubator is 1.65.0-alpha", "1.67.0-alpha");
  }

  @Test
  void oldPricesAndUnknownPropertiesAreNamed() throws IOException {
    properties.setProperty("otel.tallyspan.catalouge", "prices.json");

    command(TODAY.plusDays(200), "doctor", jar("opentelemetry-sdk-1.67.0").toString());

    assertThat(printed())
        .contains(
            "-> use a newer version, or newer prices: otel.tallyspan.catalog.url",
            "-> Tallyspan does not know and ignores: otel.tallyspan.catalouge (did you mean");
  }

  @Test
  void directoryOfJarsCanBeNamed() throws IOException {
    jar("opentelemetry-sdk-1.67.0-sources");
    jar("opentelemetry-sdk-1.67.0");

    run(directory);

    assertThat(printed().lines()).contains("OpenTelemetry SDK 1.67.0");
  }

  @Test
  void badUsageIsSaid() {
    assertThat(command(TODAY, "doctor")).isEqualTo(2);
    assertThat(command(TODAY, "help", "x.jar")).isEqualTo(2);
    assertThat(command(TODAY, "doctor", "/no/such.jar")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("usage: java -jar tallyspan-sdk-extension.jar doctor FILE")
        .contains("/no/such.jar: there is no such file");
  }

  @Test
  void fileThatIsNotAJarIsSaid() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.jar"), "text");

    assertThat(run(broken)).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("a jar cannot be read: ");
  }

  @Test
  void reportOnThisProcessFindsItsClassPath() {
    DoctorCommand.reportOnThisProcess(
        property -> null, new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(printed()).contains("OpenTelemetry SDK 1.").contains("LLM client openai-java-core");
  }

  private int run(Path... files) {
    List<String> args = new ArrayList<>(List.of("doctor"));
    for (Path file : files) {
      args.add(file.toString());
    }
    return command(TODAY, args.toArray(String[]::new));
  }

  private int command(LocalDate today, String... args) {
    return DoctorCommand.run(
        List.of(args),
        properties,
        environment,
        today,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private Path jar(String name, String... entries) throws IOException {
    return write(name, new Manifest(), entries);
  }

  private Path agent(String version, String sdk) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Name.IMPLEMENTATION_TITLE, "javaagent");
    manifest.getMainAttributes().put(Name.IMPLEMENTATION_VERSION, version);
    return write(
        "agent",
        manifest,
        "inst/META-INF/io/opentelemetry/instrumentation/io.opentelemetry.openai-java-1.1.properties",
        "inst/io/opentelemetry/sdk/common/version.properties=sdk.version=" + sdk);
  }

  private Path write(String name, Manifest manifest, String... entries) throws IOException {
    manifest.getMainAttributes().putIfAbsent(Name.MANIFEST_VERSION, "1.0");
    Path file = directory.resolve(name + ".jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      for (String entry : entries) {
        String[] content = entry.split("=", 2);
        jar.putNextEntry(new ZipEntry(content[0]));
        jar.write((content.length > 1 ? content[1] : "").getBytes(StandardCharsets.UTF_8));
        jar.closeEntry();
      }
    }
    return file;
  }
}
