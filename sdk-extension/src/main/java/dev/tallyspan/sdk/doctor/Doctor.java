package dev.tallyspan.sdk.doctor;

import dev.tallyspan.pricing.PriceCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Examines an application and prints what is there, and what to do, marked with an arrow. */
public final class Doctor {

  private static final String POM =
      "/META-INF/maven/dev.tallyspan/tallyspan-sdk-extension/pom.properties";
  private static final String CAPTURE = "otel.instrumentation.genai.capture-message-content";

  /** Prices are older than that when models of a season are missing. */
  private static final int OLD_DAYS = 120;

  /** The attributes of a chat with its cost, and room for those of an instrumentation. */
  private static final int FEW_ATTRIBUTES = 64;

  private final Installation installation;
  private final Function<String, @Nullable String> properties;
  private final LocalDate today;
  private final List<String> lines = new ArrayList<>();
  private int todo;

  private Doctor(
      Installation installation, Function<String, @Nullable String> properties, LocalDate today) {
    this.installation = installation;
    this.properties = properties;
    this.today = today;
  }

  /**
   * Examines jars and directories.
   *
   * @param files the jars of the application, and directories with jars
   * @param properties returns the value of a property of OpenTelemetry; null if it is not set
   * @param unknownProperties a warning about properties that do not exist; null for none
   * @param today the day that the age of the prices is counted to
   * @param out where the report is printed
   * @return how many things are to be done
   * @throws IOException if a file cannot be read
   */
  public static int examine(
      List<Path> files,
      Function<String, @Nullable String> properties,
      @Nullable String unknownProperties,
      LocalDate today,
      PrintStream out)
      throws IOException {
    Doctor doctor = new Doctor(Installation.of(files), properties, today);
    doctor.tallyspan();
    doctor.openTelemetry();
    doctor.clients();
    doctor.limits();
    if (unknownProperties != null) {
      doctor.todo(unknownProperties);
    }
    doctor.lines.forEach(out::println);
    out.println(
        doctor.todo == 0 ? "Nothing is to be done." : doctor.todo + " to do, see the arrows.");
    return doctor.todo;
  }

  private void tallyspan() {
    PriceCatalog catalog = PriceCatalog.shipped();
    LocalDate asOf = catalog.asOf();
    long days = asOf == null ? 0 : ChronoUnit.DAYS.between(asOf, today);
    say("Tallyspan " + version());
    say(
        "  prices in the jar: version "
            + catalog.version()
            + (asOf == null ? "" : ", " + days + " days old"));
    String file = property("otel.tallyspan.catalog");
    boolean url = property("otel.tallyspan.catalog.url") != null;
    if (file != null || url) {
      say("  prices in use: " + (url ? "from the URL in otel.tallyspan.catalog.url" : file));
    } else if (days > OLD_DAYS) {
      todo("use a newer version, or newer prices: otel.tallyspan.catalog.url");
    }
    if ("false".equalsIgnoreCase(property("otel.tallyspan.enabled"))) {
      todo("otel.tallyspan.enabled=false: nothing is enriched");
    }
  }

  private void openTelemetry() {
    Library agent = installation.agent();
    Library sdk = installation.sdk();
    Library api = installation.find("opentelemetry-api");
    if (agent != null) {
      say("OpenTelemetry Java agent " + agent.version());
      if (agent.isBefore(2, 9)) {
        todo("use version 2.9 or newer of the agent");
      }
      if (property("otel.javaagent.extensions") == null) {
        todo("load the extension: -Dotel.javaagent.extensions=tallyspan-sdk-extension.jar");
      }
    }
    if (api != null) {
      say("OpenTelemetry API " + api.version());
    }
    if (sdk == null) {
      todo("there is no OpenTelemetry SDK: add the Java agent, or opentelemetry-sdk");
      return;
    }
    say("OpenTelemetry SDK " + sdk.version());
    if (sdk.isBefore(1, 43) || agent == null && api != null && api.isBefore(1, 43)) {
      todo("Tallyspan needs OpenTelemetry 1.43 or newer");
    }
    Library incubator = installation.find("opentelemetry-api-incubator");
    if (agent == null && incubator != null && api != null && !incubator.line().equals(api.line())) {
      todo(
          "opentelemetry-api-incubator is "
              + incubator.version()
              + ": the SDK does not start beside another version; use "
              + api.line()
              + ".0-alpha");
    }
    if (agent == null) {
      withoutAgent();
    }
  }

  private void withoutAgent() {
    boolean boot =
        installation.find("spring-boot-starter-opentelemetry") != null
            || installation.find("spring-boot-opentelemetry") != null;
    boolean autoconfigured = installation.find("opentelemetry-sdk-extension-autoconfigure") != null;
    if (boot && installation.find("tallyspan-spring-boot-starter") == null) {
      todo("Spring Boot's own starter loads no extensions: add tallyspan-spring-boot-starter");
    } else if (!boot && !autoconfigured) {
      say(
          "  no autoconfiguration: add the processors in code, LlmEnrichment.create().spanProcessor()");
    }
    if (installation.findPrefix("tallyspan-sdk-extension") == null
        && installation.find("tallyspan-spring-boot-starter") == null) {
      todo("tallyspan-sdk-extension is not on the class path");
    }
  }

  private void clients() {
    boolean events = false;
    int found = 0;
    for (LlmClient client : LlmClient.KNOWN) {
      Library library = installation.findPrefix(client.artifact());
      if (library == null) {
        continue;
      }
      found++;
      say("LLM client " + library.name() + " " + library.version());
      String recorder = recorder(client);
      if (recorder == null) {
        todo("nothing records its calls" + instead(client));
        continue;
      }
      say("  recorded by " + recorder + ": " + client.records());
      if (!client.advice().isEmpty()) {
        say("  " + client.advice());
      }
      events |= client.hasEvents();
    }
    if (found == 0) {
      say("LLM clients: none that is known");
    }
    if (events) {
      content();
    }
  }

  private @Nullable String recorder(LlmClient client) {
    if (client.agentModule() != null && installation.agentHas(client.agentModule())) {
      return "the agent";
    }
    Library library = client.library() == null ? null : installation.findPrefix(client.library());
    if (library != null) {
      return library.name() + " " + library.version();
    }
    return client.itself() ? "itself" : null;
  }

  private static String instead(LlmClient client) {
    if (client.library() != null) {
      return ": add " + client.library() + (client.agentModule() == null ? "" : " or the agent");
    }
    return ": record them with tallyspan-api";
  }

  private void content() {
    if (!capturesContent()) {
      say("Messages are not recorded; " + CAPTURE + "=true turns that on");
      return;
    }
    say("Messages are recorded as events, by " + CAPTURE);
    if ("0".equals(property("otel.tallyspan.join-logs"))) {
      todo("otel.tallyspan.join-logs=0: messages are not put on spans");
    }
  }

  private boolean capturesContent() {
    return "true".equalsIgnoreCase(property(CAPTURE));
  }

  private void limits() {
    String length = limit("attribute.value.length.limit");
    if (length != null) {
      todo(
          "texts are cut after "
              + length
              + " characters, in the middle of messages: use otel.tallyspan.max-content-length"
              + " instead of otel.(span.)attribute.value.length.limit");
    }
    String count = limit("attribute.count.limit");
    if (count != null && count.matches("[0-9]{1,6}") && Integer.parseInt(count) < FEW_ATTRIBUTES) {
      todo("spans have at most " + count + " attributes, too few for messages and cost; use 128");
    }
    if (length == null && count == null) {
      say("Limits of attributes: the defaults, 128 of any length");
    }
  }

  private @Nullable String limit(String name) {
    String ofSpans = property("otel.span." + name);
    return ofSpans != null ? ofSpans : property("otel." + name);
  }

  private @Nullable String property(String name) {
    String value = properties.apply(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private void say(String line) {
    lines.add(line);
  }

  private void todo(String line) {
    lines.add("  -> " + line);
    todo++;
  }

  private static String version() {
    try (InputStream in = Doctor.class.getResourceAsStream(POM)) {
      Properties pom = new Properties();
      if (in != null) {
        pom.load(in);
      }
      return pom.getProperty("version", "of an unknown version");
    } catch (IOException e) {
      return "of an unknown version";
    }
  }
}
