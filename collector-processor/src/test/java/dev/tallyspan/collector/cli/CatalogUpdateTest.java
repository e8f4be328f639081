package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.EnvironmentConfig;
import dev.tallyspan.pricing.PriceCatalog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The price table that {@code catalog update} keeps, and how {@code run} takes it. */
class CatalogUpdateTest {

  private static final String TABLE =
      "{\"gpt-99\": {\"litellm_provider\": \"openai\", \"input_cost_per_token\": 7e-06}}";

  @TempDir private Path folder;

  @Test
  void tableIsKeptAndWhatItChangesIsPrinted() throws Exception {
    Path data = folder.resolve("state/tallyspan");
    CommandRun first = update(table(TABLE), data);

    assertThat(first.exitCode()).isZero();
    assertThat(first.err()).isEmpty();
    assertThat(first.lines()).hasSize(3);
    assertThat(first.lines().get(0)).isEqualTo("+ openai/gpt-99");
    assertThat(first.lines().get(1)).isEqualTo("1 new, 0 changed, 0 gone; 0 notes");
    assertThat(first.lines().get(2))
        .startsWith(data.resolve("catalog.json") + ": version litellm@")
        .endsWith("0 days old, 1 models");

    CommandRun second = update(table(TABLE.replace("7e", "8e")), data);

    assertThat(second.lines().get(0)).isEqualTo("~ openai/gpt-99 input 0.000007 -> 0.000008");
    assertThat(Files.list(data)).containsExactly(data.resolve("catalog.json"));
  }

  @Test
  void faultyTableLeavesTheOneThatIsKept() throws Exception {
    update(table(TABLE), folder);
    String kept = Files.readString(folder.resolve("catalog.json"));

    CommandRun run = update(table("{\n\"x\": ?}"), folder);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("table.json:2 ").contains("the table must be JSON");
    assertThat(Files.readString(folder.resolve("catalog.json"))).isEqualTo(kept);
  }

  @Test
  void tableIsFetchedFromAUrlAndFailuresAreOneLineWithoutItsKey() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/ok",
        exchange -> {
          byte[] body = TABLE.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String url = "http://localhost:" + server.getAddress().getPort();
    try {
      assertThat(update(url + "/ok", folder).exitCode()).isZero();
      CommandRun run = update(url + "/no?key=secret", folder);

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err().lines()).hasSize(1);
      assertThat(run.err()).contains("HTTP status 404").doesNotContain("secret");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void badUsageIsNamed() {
    assertThat(CommandRun.of("catalog", "update", "--format=portkey").err())
        .contains("--from is missing");
    assertThat(CommandRun.of("catalog", "update", "--format=x").err())
        .contains("is not one of litellm");
    assertThat(CommandRun.of("catalog", "update", "--data=none").err()).contains("set a directory");
  }

  @Test
  void dataAreWhereTheUserSaysOrWhereStateIsKept() {
    assertThat(DataDirectory.of("x", Map.of("TALLYSPAN_DATA", "y"))).isEqualTo(Path.of("x"));
    assertThat(DataDirectory.of(null, Map.of("TALLYSPAN_DATA", "y", "XDG_STATE_HOME", "/z")))
        .isEqualTo(Path.of("y"));
    assertThat(DataDirectory.of(null, Map.of("XDG_STATE_HOME", "/z", "HOME", "/h")))
        .isEqualTo(Path.of("/z/tallyspan"));
    assertThat(DataDirectory.of(null, Map.of("XDG_STATE_HOME", "relative", "HOME", "/h")))
        .isEqualTo(Path.of("/h/.local/state/tallyspan"));
    assertThat(DataDirectory.of("none", Map.of())).isNull();
  }

  @Test
  void serverWithAFileKeepsDataOnlyWhereTheUserSays() {
    Map<String, String> env = Map.of("TALLYSPAN_DATA", "y", "HOME", "/h");

    assertThat(DataDirectory.withFile("x", Path.of("f"), env)).isEqualTo(Path.of("x"));
    assertThat(DataDirectory.withFile(null, Path.of("f"), env)).isEqualTo(Path.of("f"));
    assertThat(DataDirectory.withFile(null, null, env)).isEqualTo(Path.of("y"));
    assertThat(DataDirectory.withFile(null, null, Map.of("HOME", "/h"))).isNull();
    assertThat(DataDirectory.withFile("none", Path.of("f"), env)).isNull();
    assertThat(DataDirectory.withFile(null, null, Map.of("TALLYSPAN_DATA", "none"))).isNull();
  }

  @Test
  void keptTableIsUsedUnlessItIsOlderThanTheBuiltInPrices() throws Exception {
    Path source = Path.of(table(TABLE));
    Instant shipped = Instant.parse(PriceCatalog.shipped().asOf() + "T12:00:00Z");
    Files.setLastModifiedTime(source, FileTime.from(shipped));
    update(source.toString(), folder);

    KeptCatalog kept = KeptCatalog.of(folder, PriceCatalog.shipped());
    assertThat(kept.config().file()).isEqualTo(folder.resolve("catalog.json"));
    assertThat(kept.config().layered()).isTrue();

    Files.setLastModifiedTime(source, FileTime.from(shipped.minusSeconds(86_400)));
    update(source.toString(), folder);
    assertThat(KeptCatalog.of(folder, PriceCatalog.shipped()).config()).isNull();
    assertThat(KeptCatalog.of(folder, PriceCatalog.shipped()).reason())
        .contains("older than the built-in catalog; it is not used");
  }

  @Test
  void keptTableThatCannotBeReadIsNotUsed() throws Exception {
    Files.writeString(folder.resolve("catalog.json"), "{");

    assertThat(KeptCatalog.of(folder, PriceCatalog.shipped()).reason())
        .contains("catalog.json:1 ")
        .endsWith("; it is not used");
    assertThat(KeptCatalog.of(folder.resolve("no"), PriceCatalog.shipped()))
        .isEqualTo(new KeptCatalog(null, null));
    assertThat(KeptCatalog.of(null, PriceCatalog.shipped())).isEqualTo(new KeptCatalog(null, null));
  }

  @Test
  void serverSaysByWhichPricesItBeginsAndWarnsOfOldOnes() throws Exception {
    CollectorConfig config = EnvironmentConfig.from(Map.of());
    PriceCatalog shipped = PriceCatalog.shipped();
    Instant day = Instant.parse(shipped.asOf() + "T00:00:00Z");

    assertThat(notice(config, shipped, day.plusSeconds(3 * 86_400)))
        .isEqualTo("Prices: catalog " + shipped.version() + ", 3 days old|");
    assertThat(notice(config, shipped, day.plusSeconds(31 * 86_400)))
        .startsWith(
            "Prices: catalog " + shipped.version() + ", 31 days old|tallyspan run: the prices")
        .contains("31 days old")
        .contains("tallyspan catalog update");
  }

  private static String notice(CollectorConfig config, PriceCatalog catalog, Instant now) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    new PricesNotice(
            Notices.toPerson(new PrintStream(out, true), new PrintStream(err, true)), () -> now)
        .print(config, Map.of("tallyspan", catalog));
    return out.toString(StandardCharsets.UTF_8).strip()
        + "|"
        + err.toString(StandardCharsets.UTF_8).strip();
  }

  private static CommandRun update(String from, Path data) {
    return CommandRun.of("catalog", "update", "--from=" + from, "--data=" + data);
  }

  private String table(String text) throws Exception {
    return Files.writeString(folder.resolve("table.json"), text).toString();
  }
}
