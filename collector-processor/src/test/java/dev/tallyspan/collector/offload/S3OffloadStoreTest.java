package dev.tallyspan.collector.offload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.telemetry.OwnMetrics;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class S3OffloadStoreTest {

  private static final byte[] IMAGE = "an image".getBytes(UTF_8);
  private static final String HASH = ContentHash.of(IMAGE);

  private final OwnMetrics metrics = OwnMetrics.create();
  private FakeS3 s3;

  @BeforeEach
  void start() throws Exception {
    s3 = new FakeS3();
  }

  @AfterEach
  void stop() {
    s3.close();
    metrics.close();
  }

  private S3OffloadStore store(S3Settings settings) {
    return new S3OffloadStore(
        settings, Duration.ofMillis(1), InstantSource.system(), metrics.meter("test"));
  }

  @Test
  void signatureIsThatOfAmazonsExample() {
    S3Settings settings =
        new S3Settings(
            URI.create("https://s3.amazonaws.com"),
            "examplebucket",
            "",
            "us-east-1",
            FakeS3.KEY_ID,
            FakeS3.SECRET,
            /* sessionToken= */ null,
            1);

    Map<String, String> headers =
        S3Signature.headers(
            settings,
            "PUT",
            URI.create("https://examplebucket.s3.amazonaws.com/test%24file.text"),
            ContentHash.of("Welcome to Amazon S3.".getBytes(UTF_8)),
            Map.of(
                "date", "Fri, 24 May 2013 00:00:00 GMT",
                "x-amz-storage-class", "REDUCED_REDUNDANCY"),
            Instant.parse("2013-05-24T00:00:00Z"));

    assertThat(headers.get("authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, "
                + "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  }

  @Test
  void partsAreUploadedOnceUnderTheNameOfTheirContent() {
    try (S3OffloadStore store = store(s3.settings(FakeS3.SECRET, 1000))) {
      URI uri = store.put(HASH, IMAGE, "image/png");
      URI again = store.put(HASH, IMAGE, "image/png");
      store.close(Duration.ofSeconds(10));

      String path = "/traces/llm/" + HASH.substring(0, 2) + "/" + HASH;
      assertThat(uri).isEqualTo(s3.endpoint().resolve(path)).isEqualTo(again);
      assertThat(s3.refusals).isEmpty();
      assertThat(s3.objects.get(path)).isEqualTo(IMAGE);
      assertThat(s3.types).containsEntry(path, "image/png");
      assertThat(s3.puts).isEqualTo(1);
    }
  }

  @Test
  void storeThatIsDownForAWhileGetsWhatWaited() {
    s3.failures = 3;
    try (S3OffloadStore store = store(s3.settings(FakeS3.SECRET, 1000))) {
      store.put(HASH, IMAGE, "image/png");

      await().until(() -> s3.objects.size() == 1);
      await()
          .untilAsserted(
              () ->
                  assertThat(metrics.prometheusText())
                      .contains(
                          "tallyspan_offload_parts_total{result=\"uploaded\"} 1",
                          "tallyspan_offload_parts_total{result=\"lost\"} 0"));
    }
  }

  @Test
  void whatDoesNotFitIsRefusedAtOnce() {
    s3.failures = Integer.MAX_VALUE;
    try (S3OffloadStore store = store(s3.settings(FakeS3.SECRET, IMAGE.length))) {
      byte[] other = "another".getBytes(UTF_8);

      assertThat(store.put(HASH, IMAGE, "image/png")).isNotNull();
      assertThat(store.put(ContentHash.of(other), other, "image/png")).isNull();
      assertThat(metrics.prometheusText())
          .contains("tallyspan_offload_parts_total{result=\"refused\"} 1");
    }
  }

  @Test
  void wrongSecretIsRefusedByTheStoreAndThePartIsLostInTheEnd() {
    try (S3OffloadStore store = store(s3.settings("wrong", 1000))) {
      store.put(HASH, IMAGE, "image/png");
      await().until(() -> s3.refusals.contains("signature"));
      store.close(Duration.ZERO);

      assertThat(s3.objects).isEmpty();
      await()
          .untilAsserted(
              () ->
                  assertThat(metrics.prometheusText())
                      .contains("tallyspan_offload_parts_total{result=\"lost\"} 1"));
      assertThat(store.put(HASH, IMAGE, "image/png")).isNull();
    }
  }

  @Test
  void typeThatIsNoneBecomesBinary() {
    try (S3OffloadStore store = store(s3.settings(FakeS3.SECRET, 1000))) {
      store.put(HASH, IMAGE, "image/png\r\nx-evil: 1");
      store.close(Duration.ofSeconds(10));

      assertThat(s3.types.values()).containsExactly("application/octet-stream");
    }
  }

  @Test
  void faultsAreNamedAndCredentialsAreNotShown() {
    assertThat(s3.settings(FakeS3.SECRET, 1).toString()).doesNotContain(FakeS3.SECRET, "token");
    assertThatThrownBy(
            () ->
                new S3Settings(
                    URI.create("ftp://host"), "traces", "", "r", "id", "secret", null, 1))
        .hasMessageStartingWith("endpoint: must be http://host");
  }
}
