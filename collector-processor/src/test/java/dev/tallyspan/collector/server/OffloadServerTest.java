package dev.tallyspan.collector.server;

import static dev.tallyspan.collector.server.ServerTesting.chat;
import static dev.tallyspan.collector.server.ServerTesting.request;
import static dev.tallyspan.collector.server.ServerTesting.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.offload.FakeS3;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exporters of a running server that move large parts to a store, and what is kept on disk. */
class OffloadServerTest {

  private static final byte[] IMAGE = new byte[3000];
  private static final String ENCODED;

  static {
    new Random(7).nextBytes(IMAGE);
    ENCODED = Base64.getEncoder().encodeToString(IMAGE);
  }

  private static final Map<String, String> CREDENTIALS =
      Map.of("ID", FakeS3.KEY_ID, "KEY", FakeS3.SECRET, "TOKEN", "token");

  @TempDir private Path directory;
  private ServerTesting testing;
  private FakeS3 s3;

  @BeforeEach
  void start() throws Exception {
    testing = new ServerTesting();
    s3 = new FakeS3();
  }

  @AfterEach
  void stop() {
    testing.close();
    s3.close();
  }

  private void start(String queue, String offload, Map<String, String> env) throws Exception {
    testing.start(
        directory,
        """
        processors: {tallyspan: {window: false}}
        exporters:
          otlp_http:
            endpoint: BACKEND
            compression: none
            content_policy: {mode: offload, redact: true, offload: %s}
        storage: {directory: "%s"}
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http], queue: %s}
        """
            .formatted(offload, directory.resolve("data"), queue),
        env);
  }

  private String bucket(String more) {
    return """
        {%s s3: {endpoint: "%s", bucket: traces, prefix: llm/, region: eu-central-1,
          access_key_id_env: ID, secret_access_key_env: KEY, session_token_env: TOKEN%s}}"""
        .formatted(
            more.contains("when") ? more + "," : "",
            s3.endpoint(),
            more.contains("when") ? ", max_queued_size: 1" : "");
  }

  private static ExportTraceServiceRequest asked() {
    String messages =
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"I am ada@example.org\"},"
            + "{\"type\":\"blob\",\"modality\":\"image\",\"mime_type\":\"image/png\",\"content\":\""
            + ENCODED
            + "\"}]}]";
    return request(
        chat().toBuilder().setAttributes(5, text("gen_ai.input.messages", messages)).build());
  }

  private String left() {
    await().atMost(Duration.ofSeconds(30)).until(() -> testing.arrivals.size() == 1);
    return new String(testing.arrivals.get(0), UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory", "durable"})
  void imageGoesToTheBucketAndItsAddressToTheBackend(String queue) throws Exception {
    start(queue, bucket(""), CREDENTIALS);

    assertThat(testing.post(asked())).isEqualTo(200);

    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(IMAGE));
    String path = "/traces/llm/" + hash.substring(0, 2) + "/" + hash;
    assertThat(left())
        .contains(s3.endpoint() + path, "[EMAIL]", "tallyspan.cost.total")
        .doesNotContain(ENCODED, "ada@example.org");
    testing.closeServer(); // Uploads what waits.
    assertThat(s3.refusals).isEmpty();
    assertThat(s3.objects).containsOnlyKeys(path);
    assertThat(s3.objects.get(path)).isEqualTo(IMAGE);
    assertThat(s3.types).containsEntry(path, "image/png");
    assertThat(testing.metrics.prometheusText())
        .contains(
            "tallyspan_offload_parts_total{result=\"uploaded\"} 1",
            "tallyspan_content_offloaded_total{exporter=\"otlp_http\",result=\"stored\"} 1");
  }

  @Test
  void wrongSecretOfABucketStopsNoSpan() throws Exception {
    start("direct", bucket(""), Map.of("ID", FakeS3.KEY_ID, "KEY", "wrong", "TOKEN", "token"));

    assertThat(testing.post(asked())).isEqualTo(200);

    assertThat(left()).contains("/traces/llm/").doesNotContain(ENCODED);
    await().atMost(Duration.ofSeconds(30)).until(() -> s3.refusals.contains("signature"));
    assertThat(s3.objects).isEmpty();
  }

  @Test
  void whatABucketDoesNotTakeIsRemoved() throws Exception {
    start("direct", bucket("when_unavailable: remove"), CREDENTIALS);

    assertThat(testing.post(asked())).isEqualTo(200);

    assertThat(left())
        .contains("[NOT STORED image/png, 3000 bytes]", "[EMAIL]")
        .doesNotContain(ENCODED);
    assertThat(testing.metrics.prometheusText())
        .contains(
            "tallyspan_offload_parts_total{result=\"refused\"} 1",
            "tallyspan_content_offloaded_total{exporter=\"otlp_http\",result=\"not_stored\"} 1");
  }

  @Test
  void whatABucketDoesNotTakeStaysInlineOnDemand() throws Exception {
    start("direct", bucket("when_unavailable: inline"), CREDENTIALS);

    assertThat(testing.post(asked())).isEqualTo(200);

    assertThat(left()).contains(ENCODED, "[EMAIL]").doesNotContain("NOT STORED", "ada@example.org");
  }

  @ParameterizedTest
  @ValueSource(strings = {"remove", "inline"})
  void directoryThatCannotBeWrittenIsAsABucketThatTakesNothing(String otherwise) throws Exception {
    Path file = Files.writeString(directory.resolve("not-a-directory"), "");
    start(
        "direct",
        "{when_unavailable: %s, file: {directory: \"%s\"}}".formatted(otherwise, file),
        Map.of());

    assertThat(testing.post(asked())).isEqualTo(200);

    boolean inline = otherwise.equals("inline");
    assertThat(left().contains(ENCODED)).isEqualTo(inline);
    assertThat(left().contains("[NOT STORED image/png, 3000 bytes]")).isEqualTo(!inline);
    assertThat(Files.size(file)).isZero();
  }

  /** As docs/content-policy.md says: the policy is for what leaves, not for what waits. */
  @Test
  void queueOnDiskKeepsWhatWasReceivedAndOnlyWhatThePolicyAllowsLeaves() throws Exception {
    Path data = directory.resolve("data");
    testing.status = 503;
    start("durable", bucket(""), CREDENTIALS);
    assertThat(testing.post(asked())).isEqualTo(200);
    testing.closeServer();

    assertThat(onDisk(data)).contains("ada@example.org", ENCODED);
    assertThat(testing.arrivals).isEmpty();

    testing.status = 200;
    start("durable", bucket(""), CREDENTIALS);
    assertThat(left())
        .contains("[EMAIL]", "/traces/llm/")
        .doesNotContain("ada@example.org", ENCODED);
  }

  private static String onDisk(Path data) throws Exception {
    StringBuilder all = new StringBuilder();
    List<Path> files;
    try (Stream<Path> found = Files.walk(data)) {
      files = found.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      all.append(new String(Files.readAllBytes(file), ISO_8859_1));
    }
    return all.toString();
  }
}
