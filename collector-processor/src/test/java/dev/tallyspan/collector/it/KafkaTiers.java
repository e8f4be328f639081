package dev.tallyspan.collector.it;

import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Servers around a broker, and how requests are sent to them. Stops them all. */
final class KafkaTiers implements AutoCloseable {

  /** Long, because machines are busy; what is waited for is usually there in seconds. */
  static final Duration PATIENCE = Duration.ofSeconds(180);

  private static final String JAR = System.getProperty("tallyspan.jar");

  private final Path directory;
  private final Map<String, String> environment;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<JavaProcess> processes = new ArrayList<>();

  /**
   * @param environment for all processes; configurations refer to it
   */
  KafkaTiers(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = new HashMap<>(environment);
  }

  /** Adds a variable for processes that are started later. */
  void set(String name, Object value) {
    environment.put(name, value.toString());
  }

  /** Starts the jar that users run with this configuration. */
  JavaProcess server(String name, String config, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-Xmx256m", "-jar", JAR, "run"));
    arguments.addAll(List.of("--config", file(name, config).toString()));
    arguments.addAll(List.of(more));
    return started(JavaProcess.start(home(name), environment, arguments.toArray(String[]::new)));
  }

  /** Starts a Collector with this configuration. */
  JavaProcess collector(Path executable, String name, String config) throws IOException {
    return started(
        JavaProcess.startCommand(
            home(name),
            environment,
            List.of(executable.toString(), "--config", file(name, config).toString())));
  }

  private JavaProcess started(JavaProcess process) {
    processes.add(process);
    return process;
  }

  private Path home(String name) throws IOException {
    return Files.createDirectories(directory.resolve(processes.size() + "-" + name));
  }

  private Path file(String name, String config) throws IOException {
    return Files.writeString(home(name).resolve("collector.yaml"), config);
  }

  /** Sends a request until it is accepted: the server starts, or the topic is not known yet. */
  void send(ExportTraceServiceRequest request, JavaProcess server, int port) {
    await("a server takes a request")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (!server.isAlive()) {
                throw new AssertionError(server.output());
              }
              return status(request, port) == 200;
            });
  }

  /** Sends a request once, and returns the status of its response; 0 = there was none. */
  int status(ExportTraceServiceRequest request, int port) throws InterruptedException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
                  .header("Content-Type", "application/x-protobuf")
                  .timeout(Duration.ofSeconds(30))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(request.toByteArray()))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    processes.forEach(JavaProcess::kill);
  }
}
