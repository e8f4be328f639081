package dev.tallyspan.collector.output.ledger;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.output.ledger.SpendOverTime.Bucket;
import dev.tallyspan.collector.output.ledger.SpendOverTime.Result;
import dev.tallyspan.collector.output.ledger.SpendOverTime.Series;
import dev.tallyspan.collector.output.ledger.SpendOverTime.Spender;
import dev.tallyspan.collector.processor.LlmRequests;
import io.opentelemetry.proto.trace.v1.Span;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpendOverTimeTest {

  /** Midnight in UTC. */
  private static final Instant DAY = Instant.parse("2026-11-18T00:00:00Z");

  @TempDir private Path data;
  private LedgerWriter writer;

  @BeforeEach
  void start() {
    writer = LedgerWriter.builder(Ledger.directory(data)).start();
  }

  @AfterEach
  void close() {
    writer.close();
  }

  @Test
  void callsAreSummedByTimeAndByWhoMadeThem() throws Exception {
    write(
        at(0, call("1", "ada")),
        at(899, call("2", "ada")),
        at(900, call("3", "grace")),
        at(86_400, call("4", "grace")),
        at(-1, call("5", "grace")));

    Result found = ask("user", Duration.ofDays(1), "");

    assertThat(found.widthMillis()).isEqualTo(900_000);
    assertThat(found.originMillis()).isEqualTo(DAY.toEpochMilli());
    assertThat(found.buckets()).hasSize(96);
    assertThat(found.buckets().subList(0, 3)).extracting(Bucket::calls).containsExactly(2L, 1L, 0L);
    assertThat(found.buckets().get(0).inputTokens()).isEqualTo(2_000);
    assertThat(found.buckets().get(0).durationP95()).isEqualTo(1.0);
    assertThat(found.buckets().get(2).durationP95()).isNull();
    assertThat(found.series()).extracting(Series::name).containsExactly("ada", "grace");
    assertThat(found.series().get(0).cost()).startsWith(0.007, 0, 0);
    assertThat(found.series().get(1).cost()).startsWith(0, 0.0035, 0);
    assertThat(found.spenders())
        .extracting(Spender::name, Spender::calls, Spender::cost)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("ada", 2L, Map.of("USD", new BigDecimal("0.007"))),
            org.assertj.core.groups.Tuple.tuple(
                "grace", 1L, Map.of("USD", new BigDecimal("0.0035"))));
  }

  @Test
  void amountsOfOneCurrencyAreNotAddedToThoseOfAnother() throws Exception {
    write(
        at(0, call("1", "ada")),
        at(1, call("2", "ada")),
        at(2, inEuros("3", "ada", "5")),
        at(3, inEuros("4", "grace", "0.25")));

    Result usual = ask("user", Duration.ofHours(1), "");
    Result euros = ask("user", Duration.ofHours(1), "EUR");

    assertThat(usual.currencies()).containsExactly("EUR", "USD");
    assertThat(usual.currency()).isEqualTo("EUR");
    assertThat(euros.series()).extracting(Series::name).containsExactly("ada", "grace");
    assertThat(euros.series().get(0).cost()[0]).isEqualTo(5);
    assertThat(ask("user", Duration.ofHours(1), "USD").series().get(0).cost()[0]).isEqualTo(0.007);
    assertThat(euros.spenders().get(0).cost())
        .isEqualTo(Map.of("EUR", new BigDecimal("5"), "USD", new BigDecimal("0.007")));
    assertThat(euros.spenders().get(0).calls()).isEqualTo(3);
  }

  @Test
  void callWithoutAPriceIsCountedAndHasNoAmount() throws Exception {
    write(at(0, chat("1", "", "house-model")));

    Result found = ask("model", Duration.ofHours(1), "");

    assertThat(found.currency()).isEmpty();
    assertThat(found.spenders()).hasSize(1);
    assertThat(found.spenders().get(0).cost()).isEmpty();
    assertThat(found.spenders().get(0).unpriced()).isEqualTo(1);
    assertThat(found.buckets().get(0).calls()).isEqualTo(1);
  }

  @Test
  void thoseThatSpendLittleAreOneSeriesOfOthers() throws Exception {
    List<Span.Builder> calls = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      for (int n = 0; n <= i; n++) {
        calls.add(
            at(i, call("%x".formatted(i), "user " + i))
                .setTraceId(
                    ByteString.copyFrom(HexFormat.of().parseHex("%032x".formatted(n + 1)))));
      }
    }
    write(calls.toArray(Span.Builder[]::new));

    List<Series> series = ask("user", Duration.ofHours(1), "").series();

    assertThat(series)
        .extracting(Series::name)
        .containsExactly(
            "user 11", "user 10", "user 9", "user 8", "user 7", "user 6", "user 5", "others");
    assertThat(series.get(7).cost()[0]).isCloseTo(0.0525, within(1e-9));
  }

  @Test
  void whatIsNotNamedIsAGroup() throws Exception {
    write(at(0, chat("1", "", "gpt-4o")));

    assertThat(ask("tenant", Duration.ofHours(1), "").spenders())
        .extracting(Spender::name)
        .containsExactly("(no tenant)");
  }

  @Test
  void timeWithoutCallsHasNoBuckets() throws Exception {
    write(at(-10, call("1", "ada")));

    Result found = ask("model", Duration.ofDays(90), "");

    assertThat(found.buckets()).isEmpty();
    assertThat(found.series()).isEmpty();
  }

  @Test
  void longTimesAreInDaysAndWeeks() throws Exception {
    write(at(0, call("1", "ada")));

    assertThat(ask("model", Duration.ofHours(1), "").buckets()).hasSize(60);
    assertThat(ask("model", Duration.ofDays(7), "").buckets()).hasSize(56);
    assertThat(ask("model", Duration.ofDays(90), "").buckets()).hasSize(90);
    assertThat(ask("model", Duration.ofDays(365), "").widthMillis())
        .isEqualTo(Duration.ofDays(7).toMillis());
    assertThat(ask("model", Duration.ofDays(3650), "").buckets()).hasSizeLessThanOrEqualTo(101);
  }

  @Test
  void nameIsNeverSql() throws Exception {
    String name = "ada') OR 1=1; --";
    write(at(0, call("1", name)), at(1, call("2", "grace")));

    assertThat(ask("user", Duration.ofHours(1), "").series())
        .extracting(Series::name)
        .containsExactlyInAnyOrder(name, "grace");
  }

  @Test
  void queryThatTakesTooLongIsEndedByTheServer() throws Exception {
    write(at(0, call("1", "ada")));
    try (Ledger ledger = Ledger.ofServer(data, Duration.ofSeconds(1))) {
      assertThatThrownBy(
              () ->
                  ledger.query(
                      "SELECT sum(a.range * b.range) FROM range(1000000) a, range(10000000) b",
                      List.of(),
                      row -> {}))
          .isInstanceOf(LedgerException.class)
          .hasMessage("the query took longer than 1 s");
    }
  }

  @Test
  void ledgerThatNoServerHasOpenIsNotOpened() {
    writer.close();

    assertThatThrownBy(() -> Ledger.ofServer(data, Duration.ofSeconds(1)))
        .isInstanceOf(LedgerException.class)
        .hasMessage("the ledger is not open now; see the log of the server");
  }

  private Result ask(String by, Duration length, String currency) throws Exception {
    try (Ledger ledger = Ledger.ofServer(data, Duration.ofSeconds(60))) {
      return new SpendOverTime(by, DAY, DAY.plus(length), currency).run(ledger);
    }
  }

  private static Span.Builder call(String id, String user) {
    return chat(id, "", "gpt-4o").addAttributes(attribute("user.id", user));
  }

  private static Span.Builder inEuros(String id, String user, String amount) {
    return call(id, user)
        .addAttributes(attribute("tallyspan.cost.status", "priced"))
        .addAttributes(attribute("tallyspan.cost.total_exact", amount))
        .addAttributes(attribute("tallyspan.cost.currency", "EUR"));
  }

  private static Span.Builder at(long seconds, Span.Builder span) {
    long start = DAY.plusSeconds(seconds).getEpochSecond() * 1_000_000_000L;
    return span.setStartTimeUnixNano(start).setEndTimeUnixNano(start + 1_000_000_000L);
  }

  private void write(Span.Builder... spans) throws Exception {
    LedgerWrites.write(writer, LlmRequests.processed(spans));
  }
}
