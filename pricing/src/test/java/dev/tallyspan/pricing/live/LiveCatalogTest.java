package dev.tallyspan.pricing.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.pricing.Catalogs;
import dev.tallyspan.pricing.ModelPrices;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.pricing.live.Reload.Outcome;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveCatalogTest {
  private static final PriceCatalog BELOW = Catalogs.of("\"n\": {\"cards\": [{\"free\": true}]}");
  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void setUp() {
    file = directory.resolve("prices.json");
  }

  @Test
  void newVersionOfTheFileComesIntoForce() throws Exception {
    write("2/M");
    try (LiveCatalog live = LiveCatalog.file(file).over(BELOW).interval(NEVER).build()) {
      assertThat(total(live)).isEqualTo("0.002");

      write("3.5/M");
      assertThat(live.reload().outcome()).isEqualTo(Outcome.LOADED);

      assertThat(total(live)).isEqualTo("0.0035");
      assertThat(live.reload().outcome()).isEqualTo(Outcome.UNCHANGED);
    }
  }

  @Test
  void faultyVersionLeavesTheLastGoodOne() throws Exception {
    write("2/M");
    try (LiveCatalog live = LiveCatalog.file(file).over(BELOW).interval(NEVER).build()) {
      write("-13/M");
      Reload reload = live.reload();

      assertThat(reload.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(reload.reason()).contains("negative rate");
      assertThat(total(live)).isEqualTo("0.002");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"rates\": {\"input\": \"-3/M\"}} | negative rate",
        "{\"rates\": {\"input\": \"3\"}} | absurd rate",
        "{\"rates\": {\"input\": \"3/M\"}, \"ratse\": {}} | unknown key",
        "{\"rates\": {\"input\": \"3/M\"}}, {\"rates\": {\"input\": \"4/M\"}} | tie",
        "{\"when\": {\"service_tier\": \"flex\"}, \"free\": true}, {\"when\": {\"geo\": \"eu\"}, \"free\": true} | gap",
      })
  void faultIsToldWithFileLineAndRemedy(String cards, String what) throws Exception {
    write("2/M");
    try (LiveCatalog live = LiveCatalog.file(file).over(BELOW).interval(NEVER).build()) {
      Files.writeString(file, Catalogs.text("\"m\": {\"cards\": [\n" + cards + "]}"));
      Reload reload = live.reload();

      assertThat(reload.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(reload.reason()).matches(".*prices\\.json:\\d+ " + what + ".*; .+");
      assertThat(total(live)).isEqualTo("0.002");
    }
  }

  @Test
  void otherCurrencyThanISO4217sIsRefused() throws Exception {
    write("2/M");
    try (LiveCatalog live = LiveCatalog.file(file).over(BELOW).interval(NEVER).build()) {
      Files.writeString(file, text("3.25/M").replace("USD", "DOL"));
      Reload reload = live.reload();

      assertThat(reload.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(reload.reason())
          .contains("prices.json:1 unknown currency \"DOL\"; use an ISO 4217");
      assertThat(total(live)).isEqualTo("0.002");
    }
  }

  @Test
  void fileThatComesBackWithTheSameContentHasRecovered() throws Exception {
    write("2/M");
    try (LiveCatalog live = LiveCatalog.file(file).interval(NEVER).build()) {
      PriceCatalog before = live.current();
      Files.delete(file);
      assertThat(live.reload().outcome()).isEqualTo(Outcome.FAILED);
      write("2/M");

      assertThat(live.reload().outcome()).isEqualTo(Outcome.RECOVERED);
      assertThat(live.reload().outcome()).isEqualTo(Outcome.UNCHANGED);
      assertThat(live.current()).isSameAs(before);
    }
  }

  @Test
  void missingFileLeavesTheLayerBelow() {
    try (LiveCatalog live = LiveCatalog.file(file).over(BELOW).interval(NEVER).build()) {
      assertThat(live.reload().outcome()).isEqualTo(Outcome.FAILED);
      assertThat(live.current()).isSameAs(BELOW);
    }
  }

  @Test
  void aloneTheSourceReplacesTheLayerBelow() throws Exception {
    write("2/M");
    try (LiveCatalog live = LiveCatalog.file(file).over(BELOW).alone().interval(NEVER).build()) {
      assertThat(ModelPrices.of(BELOW, "acme", "n", Instant.EPOCH)).isNotNull();
      assertThat(ModelPrices.of(live.current(), "acme", "n", Instant.EPOCH)).isNull();
      assertThat(total(live)).isEqualTo("0.002");
    }
  }

  @Test
  void timeOfTheCatalogIsWhenItWasTaken() throws Exception {
    write("2/M");
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-09-01T12:00:00Z"));
    try (LiveCatalog live =
        LiveCatalog.file(file).over(BELOW).interval(NEVER).clock(now::get).build()) {
      now.set(Instant.parse("2026-09-02T12:00:00Z"));
      write("-13/M");
      live.reload();
      assertThat(live.since()).isEqualTo("2026-09-01T12:00:00Z");

      write("3.25/M");
      live.reload();
      assertThat(live.since()).isEqualTo("2026-09-02T12:00:00Z");
    }
  }

  @Test
  void versionThatFailsItsVectorsIsRefused() throws Exception {
    write("2/M");
    try (LiveCatalog live =
        LiveCatalog.file(file).over(BELOW).interval(NEVER).vectors(vectors("0.002")).build()) {
      write("20/M");
      Reload reload = live.reload();

      assertThat(reload.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(reload.reason()).contains("1 vectors fail, first smoke");
      assertThat(total(live)).isEqualTo("0.002");
    }
  }

  @Test
  void refusedVersionIsTakenOnceItsVectorFileIsMended() throws Exception {
    write("2/M");
    Path vectors = directory.resolve("vectors.json");
    Files.writeString(vectors, vectors("0.002"));
    try (LiveCatalog live =
        LiveCatalog.file(file).over(BELOW).interval(NEVER).vectors(vectors).build()) {
      write("20/M");
      assertThat(live.reload().reason()).endsWith("1 vectors fail, first smoke");
      Files.writeString(vectors, "{");
      assertThat(live.reload().reason()).contains("cannot be checked: ");
      assertThat(total(live)).isEqualTo("0.002");

      Files.writeString(vectors, vectors("0.02"));
      assertThat(live.reload().outcome()).isEqualTo(Outcome.LOADED);
      assertThat(total(live)).isEqualTo("0.02");
    }
  }

  @Test
  void vectorFileThatCannotBeUsedFailsFast() {
    LiveCatalog.Builder builder = LiveCatalog.file(file).vectors(directory.resolve("none.json"));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("none.json: cannot be read: NoSuchFileException");
  }

  @Test
  void onlyAVersionThatIsSignedByTheKeyIsTaken() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    write("2/M");
    sign(keys, "2/M");
    try (LiveCatalog live =
        LiveCatalog.file(file).over(BELOW).interval(NEVER).signedBy(key(keys)).build()) {
      assertThat(total(live)).isEqualTo("0.002");

      write("20/M");
      assertThat(live.reload().reason()).contains("has no valid signature of the given key");
      sign(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), "20/M");
      assertThat(live.reload().outcome()).isEqualTo(Outcome.REJECTED);
      Files.delete(signature());
      assertThat(live.reload().reason()).contains("the .sig file cannot be read");
      assertThat(total(live)).isEqualTo("0.002");

      // The signature may come after the catalog.
      sign(keys, "20/M");
      assertThat(live.reload().outcome()).isEqualTo(Outcome.LOADED);
      assertThat(total(live)).isEqualTo("0.02");
    }
  }

  @Test
  void signatureOfAUrlIsAskedForBesideIt() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    sign(keys, "2/M");
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().toString();
          asked.add(path);
          byte[] body =
              path.contains(".sig")
                  ? Files.readAllBytes(signature())
                  : text("2/M").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    URI url =
        URI.create("http://localhost:" + server.getAddress().getPort() + "/a/prices.json?v=1");
    try (LiveCatalog live = url(url).signedBy(key(keys)).build()) {
      assertThat(total(live)).isEqualTo("0.002");
      assertThat(asked).containsExactly("/a/prices.json?v=1", "/a/prices.json.sig?v=1");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void signatureMayBeBase64() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    write("2/M");
    sign(keys, "2/M");
    Files.writeString(
        signature(), Base64.getEncoder().encodeToString(Files.readAllBytes(signature())) + "\n");
    try (LiveCatalog live =
        LiveCatalog.file(file).over(BELOW).interval(NEVER).signedBy(key(keys)).build()) {
      assertThat(total(live)).isEqualTo("0.002");
    }
  }

  @Test
  void otherKeyThanEd25519IsRefused() throws Exception {
    KeyPair ec = KeyPairGenerator.getInstance("EC").generateKeyPair();
    assertThatThrownBy(() -> key(ec)).hasMessageStartingWith("is not an Ed25519 public key");
    assertThatThrownBy(() -> SignatureKey.parse("secret"))
        .hasMessageStartingWith("is not an Ed25519 public key");
  }

  private static SignatureKey key(KeyPair keys) {
    return SignatureKey.parse(
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
  }

  private void sign(KeyPair keys, String rate) throws Exception {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(keys.getPrivate());
    signature.update(text(rate).getBytes(StandardCharsets.UTF_8));
    Files.write(signature(), signature.sign());
  }

  private Path signature() {
    return directory.resolve("prices.json.sig");
  }

  private static String vectors(String total) {
    return """
        {"schema": "llm-cost-vectors/1", "vectors": [{"id": "smoke", "provider": "acme", "model": "m",
          "usage": {"input_tokens": 1000}, "usage_semantics": "inclusive",
          "conditions": {"at": "2026-09-01T12:00:00Z"},
          "expected": {"status": "priced", "total_usd": "%1$s", "line_items": [
            {"bucket": "input", "quantity": "1000", "amount_usd": "%1$s"}]}}]}
        """
        .formatted(total);
  }

  @Test
  void otherChecksumIsRefused() throws Exception {
    write("2/M");
    AtomicReference<Reload> told = new AtomicReference<>();
    try (LiveCatalog live =
        LiveCatalog.file(file)
            .over(BELOW)
            .interval(NEVER)
            .sha256("0".repeat(64))
            .listener(told::set)
            .build()) {
      assertThat(told.get().outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(told.get().reason()).contains("instead of 000");
      assertThat(live.current()).isSameAs(BELOW);
    }
  }

  @Test
  void unchangedEntityTagIsNotReadAgain() throws Exception {
    AtomicInteger bodies = new AtomicInteger();
    AtomicReference<String> price = new AtomicReference<>("2/M");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/prices.json",
        exchange -> {
          String tag = "\"" + price.get() + "\"";
          exchange.getResponseHeaders().set("ETag", tag);
          if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
          } else {
            bodies.incrementAndGet();
            byte[] body = text(price.get()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
    URI url =
        URI.create("http://localhost:" + server.getAddress().getPort() + "/prices.json?key=secret");
    try (LiveCatalog live = url(url).build()) {
      live.reload();
      assertThat(bodies).hasValue(1);
      assertThat(total(live)).isEqualTo("0.002");

      price.set("-1/M");
      assertThat(live.reload().reason()).contains("negative rate").doesNotContain("secret");
      price.set("4/M");
      assertThat(live.reload().outcome()).isEqualTo(Outcome.LOADED);
      assertThat(total(live)).isEqualTo("0.004");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void newVersionIsLoadedWithoutBeingAskedFor() throws Exception {
    write("2/M");
    CountDownLatch loaded = new CountDownLatch(2);
    try (LiveCatalog live =
        LiveCatalog.file(file)
            .over(BELOW)
            .interval(Duration.ofMillis(1))
            .listener(
                reload -> {
                  if (reload.outcome() == Outcome.LOADED) {
                    loaded.countDown();
                  }
                })
            .build()) {
      assertThat(total(live)).isEqualTo("0.002");

      Path next = directory.resolve("next.json");
      Files.writeString(next, text("3.25/M"));
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);

      assertThat(loaded.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(total(live)).isEqualTo("0.00325");
    }
  }

  @Test
  void listenerThatThrowsDoesNotStopTheReloading() throws Exception {
    write("2/M");
    try (LiveCatalog live =
        LiveCatalog.file(file)
            .over(BELOW)
            .interval(NEVER)
            .listener(
                reload -> {
                  throw new IllegalStateException("listener");
                })
            .build()) {
      write("3.25/M");

      assertThat(live.reload().outcome()).isEqualTo(Outcome.LOADED);
      assertThat(total(live)).isEqualTo("0.00325");
    }
  }

  @Test
  void listenerIsNotToldThatNothingChanged() throws Exception {
    write("2/M");
    List<Outcome> told = new ArrayList<>();
    try (LiveCatalog live =
        LiveCatalog.file(file)
            .over(BELOW)
            .interval(NEVER)
            .listener(reload -> told.add(reload.outcome()))
            .build()) {
      live.reload();
      Files.delete(file);
      live.reload();

      assertThat(told).containsExactly(Outcome.LOADED, Outcome.FAILED);
    }
  }

  @Test
  void deletedFileLeavesTheLastGoodVersionAndTheSameTextIsNotLoadedAgain() throws Exception {
    write("2/M");
    try (LiveCatalog live = LiveCatalog.file(file).over(BELOW).interval(NEVER).build()) {
      Files.delete(file);
      assertThat(live.reload().reason())
          .endsWith("prices.json: cannot be read: NoSuchFileException");
      assertThat(total(live)).isEqualTo("0.002");

      write("2/M");
      assertThat(live.reload().outcome()).isEqualTo(Outcome.RECOVERED);
    }
  }

  @Test
  void fileThatIsNotTextOrIsTooLargeIsNotRead() throws Exception {
    write("2/M");
    try (LiveCatalog live = LiveCatalog.file(file).over(BELOW).interval(NEVER).build()) {
      Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
      assertThat(live.reload().reason()).endsWith("is not UTF-8 text; save it as UTF-8");

      try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
        large.setLength((16 << 20) + 1);
      }
      assertThat(live.reload().reason()).endsWith("larger than 16777216 bytes");
      assertThat(total(live)).isEqualTo("0.002");
    }
  }

  @Test
  void serverThatFailsLeavesTheLastGoodVersionAndIsAskedAgain() throws Exception {
    AtomicInteger status = new AtomicInteger(200);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/prices.json",
        exchange -> {
          byte[] body = text("2/M").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status.get(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    URI url = URI.create("http://localhost:" + server.getAddress().getPort() + "/prices.json");
    try (LiveCatalog live = url(url).build()) {
      status.set(500);
      Reload failed = live.reload();
      assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(failed.reason()).endsWith("HTTP status 500");
      assertThat(total(live)).isEqualTo("0.002");

      status.set(200);
      assertThat(live.reload().outcome()).isEqualTo(Outcome.RECOVERED);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void vectorsThatCannotBeReadRefuseEveryVersion() throws Exception {
    write("2/M");
    AtomicReference<Reload> told = new AtomicReference<>();
    try (LiveCatalog live =
        LiveCatalog.file(file)
            .over(BELOW)
            .interval(NEVER)
            .vectors("{\"schema\": \"other\"}")
            .listener(told::set)
            .build()) {
      assertThat(told.get().outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(told.get().reason()).contains("cannot be checked: vectors:1 not a vector file");
      assertThat(live.current()).isSameAs(BELOW);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "ABCDEF"})
  void checksumThatIsNoneFailsFast(String checksum) {
    assertThatThrownBy(() -> LiveCatalog.file(file).sha256(checksum).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sha256=" + checksum + " must be 64 hexadecimal digits");
  }

  @Test
  void impossibleIntervalFailsFast() {
    assertThatThrownBy(() -> LiveCatalog.file(file).interval(Duration.ZERO).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("interval=PT0S");
  }

  private static String total(LiveCatalog live) {
    return live.current()
        .price(Catalogs.request(Usage.builder().set(Unit.INPUT, 1000)).build())
        .total()
        .toPlainString();
  }

  /** Waits for its server as long as a busy machine takes. */
  private static LiveCatalog.Builder url(URI url) {
    return LiveCatalog.url(url).over(BELOW).interval(NEVER).timeout(Duration.ofMinutes(1));
  }

  /**
   * A text of another length than the one before. Where files have a coarse modification time, one
   * that is written within the same tick has the same stamp otherwise, and is not read.
   */
  private void write(String rate) throws Exception {
    Files.writeString(file, text(rate));
  }

  private static String text(String rate) {
    return Catalogs.text("\"m\": {\"cards\": [{\"rates\": {\"input\": \"" + rate + "\"}}]}");
  }
}
