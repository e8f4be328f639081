package dev.tallyspan.collector.output.budget;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.accounting.Accounting;
import dev.tallyspan.collector.accounting.Dimension;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every call costs 0.0035 USD. */
@ExtendWith(SilentLogs.class)
class BudgetsTest {

  private static final Dimension USER = Dimension.of("user.id");

  private final List<Alert> alerts = new ArrayList<>();
  private final OwnMetrics metrics = OwnMetrics.create();
  private Instant now = Instant.parse("2026-11-27T12:00:00Z");
  private long spans;

  @Test
  void alertComesWhenAShareOfTheLimitIsReached() throws Exception {
    Accounting budgets = watch(budget(null, 0.010, 0.6, 1.0));

    call(budgets, "u-1");
    assertThat(alerts).isEmpty();
    call(budgets, "u-2");
    assertThat(alerts).hasSize(1);
    call(budgets, "u-3");

    assertThat(alerts).extracting(it -> ((Alert.Crossed) it).threshold()).containsExactly(0.6, 1.0);
    assertThat(alerts.get(1).line())
        .isEqualTo("budget daily: spent 0.0105 of 0.01 USD in 24h, which reaches 100%");
  }

  @Test
  void thresholdThatStaysCrossedSendsOneAlert() throws Exception {
    Accounting budgets = watch(budget(null, 0.007, 1.0));

    for (int i = 0; i < 5; i++) {
      call(budgets, "u-1");
    }

    assertThat(alerts).hasSize(1);
  }

  @Test
  void thresholdFiresAgainAfterTheSpendWasBelowIt() throws Exception {
    Accounting budgets = watch(budget(null, 0.007, 1.0));
    call(budgets, "u-1");
    call(budgets, "u-1");
    assertThat(alerts).hasSize(1);

    now = now.plus(Duration.ofHours(25));
    call(budgets, "u-1");
    assertThat(alerts).hasSize(1);
    call(budgets, "u-1");

    assertThat(alerts).hasSize(2);
  }

  @Test
  void exactSumReachesTheLimitDespiteBinaryFractions() throws Exception {
    Accounting budgets = watch(budget(null, 0.035, 1.0));

    for (int i = 0; i < 10; i++) {
      call(budgets, "u-1");
    }

    assertThat(alerts).hasSize(1);
  }

  @Test
  void oneLargeCallCrossesAllThresholds() throws Exception {
    Accounting budgets = watch(budget(null, 0.001, 0.5, 1.0, 2.0));

    call(budgets, "u-1");

    assertThat(alerts).hasSize(3);
  }

  @Test
  void eachValueOfTheKeyHasItsBudget() throws Exception {
    Accounting budgets = watch(budget(USER, 0.007, 1.0));

    call(budgets, "u-1");
    call(budgets, "u-2");
    assertThat(alerts).isEmpty();
    call(budgets, "u-2");

    assertThat(alerts).hasSize(1);
  }

  @Test
  void keyIsShownAsAHashUnlessItIsConfiguredOtherwise() throws Exception {
    Accounting hashed = watch(budget(USER, 0.001, 1.0));
    call(hashed, "anna@example.com");
    Accounting plain = watch(KeyNames.PLAIN, budget(USER, 0.001, 1.0));
    call(plain, "anna@example.com");

    assertThat(alerts.get(0).toString()).doesNotContain("anna").contains("key=f7d54c22dda5");
    assertThat(alerts.get(0).line()).startsWith("budget daily: user.id f7d54c22dda5");
    assertThat(alerts.get(1).line())
        .startsWith("budget daily: user.id anna@example.com spent 0.0035 of 0.001 USD");
  }

  @Test
  void tenantMayBeAnAttributeOfTheSpan() throws Exception {
    Accounting budgets = watch(budget(Dimension.of("tenant.id"), 0.001, 1.0));

    budgets.write(processed(next().addAttributes(attribute("tenant.id", "acme"))));

    assertThat(alerts).hasSize(1);
  }

  @Test
  void repeatedRequestIsNotSpentTwice() throws Exception {
    Accounting budgets = watch(budget(null, 0.007, 1.0));
    Span.Builder span = next();

    budgets.write(processed(span));
    budgets.write(processed(span));

    assertThat(alerts).isEmpty();
  }

  @Test
  void callsThatCannotCountAreCounted() throws Exception {
    Accounting budgets = watch(budget(USER, 1, 1.0));

    budgets.write(processed(next()));
    budgets.write(processed(chat("a", "", "acme-9").addAttributes(attribute("user.id", "u"))));

    assertThat(metrics.prometheusText())
        .containsPattern("tallyspan_budget_skipped_total\\{.*reason=\"no_key\".*} 1\n")
        .containsPattern("tallyspan_budget_skipped_total\\{.*reason=\"no_cost\".*} 1\n");
  }

  @Test
  void costInAnotherCurrencyDoesNotCount() throws Exception {
    Accounting budgets =
        watch(new Budget("daily", null, Duration.ofHours(24), 0.001, "EUR", List.of(1.0), 10));

    call(budgets, "u-1");

    assertThat(alerts).isEmpty();
    assertThat(metrics.prometheusText())
        .containsPattern("tallyspan_budget_skipped_total\\{.*reason=\"other_currency\".*} 1\n");
  }

  @Test
  void keysAreBoundedAndTheOldestIsForgotten() throws Exception {
    Budget two =
        new Budget(
            "daily", USER, Duration.ofHours(24), 0.007, "USD", List.of(1.0), /* maxKeys= */ 2);
    Accounting budgets = watch(two);

    call(budgets, "u-1");
    call(budgets, "u-2");
    call(budgets, "u-3");
    call(budgets, "u-1");

    assertThat(alerts).isEmpty();
    assertThat(metrics.prometheusText())
        .containsPattern("tallyspan_budget_evicted_total\\{.*} 2\n");
  }

  @Test
  void spendAndCrossingsAreMetrics() throws Exception {
    Accounting budgets = watch(KeyNames.PLAIN, budget(USER, 0.0035, 1.0));

    call(budgets, "u-1");

    assertThat(metrics.prometheusText())
        .containsPattern("tallyspan_budget_spend\\{tallyspan_budget_key=\"u-1\".*} 0.0035\n")
        .containsPattern("tallyspan_budget_limit\\{.*} 0.0035\n")
        .containsPattern("tallyspan_budget_crossed_total\\{.*threshold=\"1.0\".*} 1\n");
  }

  @Test
  void limitMustBeAboveZero() {
    assertThatThrownBy(() -> budget(null, 0, 1.0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit=0.0: must be above 0");
  }

  private static Budget budget(Dimension key, double limit, Double... thresholds) {
    return new Budget("daily", key, Duration.ofHours(24), limit, "USD", List.of(thresholds), 1000);
  }

  private Accounting watch(Budget budget) {
    return watch(KeyNames.HASHED, budget);
  }

  private Accounting watch(KeyNames names, Budget budget) {
    Meter meter = metrics.meter("test");
    Budgets budgets = new Budgets(List.of(budget), names, alerts::add, meter, () -> now);
    return new Accounting(
        List.of(budgets), budget.key() == null ? List.of() : List.of(budget.key()));
  }

  private void call(Accounting budgets, String user) throws Exception {
    budgets.write(processed(next().addAttributes(attribute("user.id", user))));
  }

  /** A call with an id of its own. */
  private Span.Builder next() {
    ByteBuffer id = ByteBuffer.allocate(8).putLong(0, ++spans);
    return chat("", "", "gpt-4o").setSpanId(ByteString.copyFrom(id));
  }
}
