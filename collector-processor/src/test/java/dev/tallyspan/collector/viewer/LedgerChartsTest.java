package dev.tallyspan.collector.viewer;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.cli.JsonTree;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.LedgerWriter;
import dev.tallyspan.collector.output.ledger.LedgerWrites;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmRequests;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The charts of a viewer beside a ledger. */
class LedgerChartsTest {

  /** An hour after the spans of {@link LlmRequests}. */
  private static final InstantSource NOW =
      InstantSource.fixed(Instant.ofEpochSecond(1_795_000_000L + 3_600));

  @TempDir private Path data;
  private final RecentTraces traces = RecentTraces.builder().build();
  private final RecentOutput output = RecentOutput.on(Runnable::run, traces, /* policy= */ null);
  private LedgerWriter writer;
  private ViewerServer server;

  @BeforeEach
  void start() throws Exception {
    writer = LedgerWriter.builder(Ledger.directory(data)).start();
    server =
        ViewerServer.builder(new TraceViews(traces, output::skippedSpans, NOW), traces)
            .addresses(ListenAddresses.of("127.0.0.1", 0))
            .ledger(data)
            .start();
    // The viewer has forgotten one of the two calls.
    Batch recent =
        processed(
            chat("1", "", "gpt-4o")
                .addAttributes(attribute("tallyspan.metadata.feature", "refunds")));
    output.write(recent);
    LedgerWrites.write(writer, processed(chat("1", "", "gpt-4o"), chat("2", "", "gpt-4o")));
  }

  @AfterEach
  void close() {
    server.close();
    writer.close();
  }

  @Test
  void pagesKnowThatThereIsALedger() throws Exception {
    assertThat(json("/api/about").get("ledger")).isEqualTo(true);
  }

  @Test
  void timeIsAnsweredByTheLedger() throws Exception {
    Map<?, ?> charts = json("/api/charts?by=model&since=24h");

    assertThat(charts.get("source")).isEqualTo("ledger");
    assertThat(charts.get("currency")).isEqualTo("USD");
    assertThat(spender(charts).get("name")).isEqualTo("gpt-4o");
    assertThat(spender(charts).get("calls").toString()).isEqualTo("2");
    assertThat(spender(charts).get("cost").toString()).contains("0.007");
  }

  @Test
  void bothAnswersHaveTheSameFields() throws Exception {
    Map<?, ?> ledger = json("/api/charts?by=model&since=24h");
    Map<?, ?> recent = json("/api/charts?by=model");

    assertThat(ledger.keySet()).isEqualTo(recent.keySet());
    assertThat(spender(recent).keySet().containsAll(spender(ledger).keySet())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"by=model", "by=model&since=24h&q=gpt", "by=feature&since=24h"})
  void whatTheLedgerDoesNotKnowIsAnsweredByRecentTraces(String question) throws Exception {
    Map<?, ?> charts = json("/api/charts?" + question);

    assertThat(charts.get("source")).isEqualTo("recent");
    assertThat(spender(charts).get("calls").toString()).isEqualTo("1");
  }

  @Test
  void timeAlsoLimitsRecentTraces() throws Exception {
    assertThat((List<?>) json("/api/charts?by=feature&since=30m").get("times")).isEmpty();
    assertThat((List<?>) json("/api/charts?by=feature&since=2h").get("times")).hasSize(1);
    assertThat((List<?>) json("/api/charts?by=feature&until=90m").get("times")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "since=yesterday",
        "since=1h&until=2h",
        "since=1h&by=colour",
        "by=tenant",
        "by=tenant&since=1h&q=gpt"
      })
  void questionThatCannotBeAnsweredIsExplained(String question) throws Exception {
    RawHttp.Response response = get("/api/charts?" + question);

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).startsWith("{\"error\":\"");
  }

  @Test
  void ledgerThatIsNotOpenIsOneLine() throws Exception {
    writer.close();

    RawHttp.Response response = get("/api/charts?since=24h");

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.body())
        .isEqualTo("{\"error\":\"the ledger is not open now; see the log of the server\"}");
    assertThat(get("/api/charts").status()).isEqualTo(200);
  }

  @Test
  void requestsOfAConnectionAreAnsweredInTheirOrder() throws Exception {
    String host = " HTTP/1.1\r\nHost: localhost:" + server.port() + "\r\n";
    try (Socket socket =
        new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.port())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              ("GET /api/charts?since=24h"
                      + host
                      + "\r\nGET /api/charts"
                      + host
                      + "Connection: close\r\n\r\n")
                  .getBytes(UTF_8));
      String both = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(both.indexOf("\"source\":\"ledger\""))
          .isPositive()
          .isLessThan(both.indexOf("\"source\":\"recent\""));
    }
  }

  private static Map<?, ?> spender(Map<?, ?> charts) {
    return (Map<?, ?>) ((List<?>) charts.get("spenders")).get(0);
  }

  private Map<?, ?> json(String path) throws Exception {
    RawHttp.Response response = get(path);
    assertThat(response.status()).as(response.body()).isEqualTo(200);
    return (Map<?, ?>) JsonTree.parse(response.body());
  }

  private RawHttp.Response get(String path) throws Exception {
    return RawHttp.get(server.port(), path);
  }
}
