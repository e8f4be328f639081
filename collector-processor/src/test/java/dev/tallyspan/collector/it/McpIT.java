package dev.tallyspan.collector.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.processor.LlmRequests;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The endpoint for coding agents of the jar that users run, with the SDK's jar beside it, or not.
 */
class McpIT {

  private static final Path JAR = Path.of(System.getProperty("tallyspan.jar"));

  @TempDir private Path directory;

  /** With the modules of the image, in which java.desktop is missing, which Jackson knows. */
  @Test
  void agentReadsWhatArrivedAndTheLedger() throws Exception {
    Matcher modules =
        Pattern.compile("--add-modules (\\S+)")
            .matcher(Files.readString(Path.of("..", "packaging", "docker", "Dockerfile")));
    assertThat(modules.find()).isTrue();
    try (JavaProcess server = server(JAR, "--limit-modules=" + modules.group(1));
        McpSyncClient client =
            McpClient.sync(
                    HttpClientStreamableHttpTransport.builder(url(server, "Viewer on ")).build())
                .requestTimeout(Duration.ofMinutes(2))
                .initializationTimeout(Duration.ofMinutes(2))
                .build()) {
      send(url(server, "OTLP/HTTP on "));
      client.initialize();

      awaitAnswer(client, "list_traces", "\"amount\":\"0.0035\"");
      awaitAnswer(client, "spend_report", "\"source\":\"ledger\"");
      // SLF4J and Reactor say nothing where the server's log is.
      assertThat(server.output()).doesNotContainIgnoringCase("slf4j").doesNotContain("ERROR");
    }
  }

  private static void awaitAnswer(McpSyncClient client, String tool, String text) {
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              CallToolResult result =
                  client.callTool(CallToolRequest.builder(tool).arguments(Map.of()).build());
              assertThat(String.valueOf(result.content())).contains(text);
            });
  }

  @Test
  void withoutItsJarTheServerRunsAndTheEndpointSaysSo() throws Exception {
    Path alone = Files.copy(JAR, directory.resolve("tallyspan.jar"));

    try (JavaProcess server = server(alone)) {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(url(server, "Viewer on ") + "/mcp"))
                      .header("Content-Type", "application/json")
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("needs mcp.jar beside tallyspan.jar");
    }
  }

  private JavaProcess server(Path jar, String... options) throws IOException {
    String[] arguments = new String[options.length + 3];
    System.arraycopy(options, 0, arguments, 0, options.length);
    arguments[options.length] = "-jar";
    arguments[options.length + 1] = jar.toString();
    arguments[options.length + 2] = "run";
    return JavaProcess.start(
        directory.resolve("run"),
        Map.of(
            "TALLYSPAN_GRPC_ENDPOINT",
            "127.0.0.1:0",
            "TALLYSPAN_HTTP_ENDPOINT",
            "127.0.0.1:0",
            "TALLYSPAN_VIEWER_ENDPOINT",
            "127.0.0.1:0",
            "TALLYSPAN_DATA",
            directory.resolve("data").toString()),
        arguments);
  }

  /** Returns the URL that the server printed after a text, without the slash at its end. */
  private static String url(JavaProcess server, String after) {
    return await()
        .atMost(Duration.ofMinutes(2))
        .failFast(() -> assertThat(server.isAlive()).as(server::output).isTrue())
        .until(
            () -> {
              Matcher line =
                  Pattern.compile(after + "(http://127.0.0.1:\\d+)/?\\R").matcher(server.output());
              return line.find() ? line.group(1) : null;
            },
            Objects::nonNull);
  }

  private static void send(String http) throws Exception {
    HttpResponse<Void> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(http + "/v1/traces"))
                    .header("Content-Type", "application/x-protobuf")
                    .POST(
                        HttpRequest.BodyPublishers.ofByteArray(
                            LlmRequests.traces(LlmRequests.chat("1", "", "gpt-4o"))))
                    .build(),
                HttpResponse.BodyHandlers.discarding());
    assertThat(response.statusCode()).isEqualTo(200);
  }
}
