package dev.tallyspan.collector.output.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TraceTreeTest {

  @Test
  void childrenStandByTheirStart() {
    TraceTree tree =
        tree(
            Rows.span("late", "late").below("root").at(20, 30),
            Rows.span("root", "root").at(0, 50),
            Rows.span("early", "early").below("root").at(10, 40));

    assertThat(tree.roots()).hasSize(1);
    assertThat(tree.roots().get(0).children())
        .extracting(node -> node.row().name())
        .containsExactly("early", "late");
  }

  @Test
  void tracesStandByTheirStart() {
    List<TraceTree> trees =
        TraceTree.of(
            List.of(
                Rows.span("b", "b").of("t2").at(500, 600).row(),
                Rows.span("a", "a").of("t1").at(100, 200).row()));

    assertThat(trees).extracting(TraceTree::traceId).containsExactly("t1", "t2");
  }

  @Test
  void branchSumsAreExact() {
    TraceTree tree =
        tree(
            Rows.span("root", "root"),
            Rows.chat("a", "m").below("root").priced("0.1"),
            Rows.chat("b", "m").below("a").priced("0.2"),
            Rows.chat("c", "m").below("root").priced("0.000000000000001"));

    assertThat(tree.roots().get(0).branch().cost.single())
        .isEqualTo(new BigDecimal("0.300000000000001"));
  }

  @Test
  void onlyBilledSpansCount() {
    TraceTree tree =
        tree(
            Rows.span("agent", "agent")
                .with("gen_ai.operation.name", "invoke_agent")
                .tokens(100, 0, 10)
                .cost("aggregate", "9"),
            Rows.chat("a", "m").below("agent").tokens(70, 20, 6).priced("1"),
            Rows.chat("b", "m").below("agent").tokens(70, 20, 6).cost("duplicate", "1"),
            Rows.chat("c", "m").below("agent").tokens(10, 0, 1).cost("partial", "2"),
            Rows.chat("d", "m").below("agent").tokens(10, 0, 1).cost("provider_reported", "4"),
            Rows.chat("e", "m").below("agent").tokens(10, 0, 2).cost("free", "0"),
            Rows.chat("f", "m").below("agent").tokens(3, 0, 3).cost("unpriced", "8"));

    UsageTotals sum = tree.roots().get(0).branch();
    assertThat(sum.cost.single()).isEqualTo(new BigDecimal("7"));
    assertThat(sum.calls).isEqualTo(5);
    assertThat(sum.unpriced).isEqualTo(1);
    assertThat(sum.inputTokens).isEqualTo(103);
    assertThat(sum.cachedTokens).isEqualTo(20);
  }

  @Test
  void currenciesAreNotAddedUp() {
    TraceTree tree =
        tree(
            Rows.span("root", "root"),
            Rows.chat("a", "m").below("root").priced("1"),
            Rows.chat("b", "m").below("root").priced("2").with("tallyspan.cost.currency", "EUR"));

    Money cost = tree.roots().get(0).branch().cost;
    assertThat(cost.single()).isNull();
    assertThat(cost.format(/* unicode= */ true)).isEqualTo("€2.0000 + $1.0000");
  }

  @Test
  void totalWithoutItsExactTextStillCounts() {
    TraceTree tree =
        tree(
            Rows.chat("a", "m")
                .with("tallyspan.cost.status", "priced")
                .with("tallyspan.cost.total", 0.0025)
                .with("tallyspan.cost.total_exact", "about a cent"));

    assertThat(tree.roots().get(0).branch().cost.single()).isEqualTo(new BigDecimal("0.0025"));
  }

  @Test
  void orphanStandsAmongTheRootsWithAMark() {
    TraceTree tree =
        tree(Rows.span("root", "root"), Rows.span("lost", "lost").below("gone").at(5, 6));

    assertThat(tree.roots()).extracting(TraceTree.Node::orphan).containsExactly(false, true);
  }

  @Test
  void cycleIsCutAtItsEarliestSpan() {
    TraceTree tree =
        tree(
            Rows.span("a", "a").below("c").at(2, 9),
            Rows.span("b", "b").below("a").at(1, 9),
            Rows.span("c", "c").below("b").at(3, 9),
            Rows.span("self", "self").below("self").at(8, 9));

    assertThat(tree.roots()).extracting(node -> node.row().name()).containsExactly("b", "self");
    assertThat(tree.roots()).allMatch(TraceTree.Node::orphan);
    assertThat(tree.size()).isEqualTo(4);
    assertThat(tree.roots().get(0).spans()).isEqualTo(3);
  }

  @Test
  void repeatedSpanIsBilledOnce() {
    TraceTree tree = tree(Rows.chat("a", "m").priced("1"), Rows.chat("a", "m").priced("1"));

    assertThat(tree.size()).isEqualTo(1);
    assertThat(tree.roots().get(0).branch().cost.single()).isEqualTo(new BigDecimal("1"));
  }

  @Test
  void differentSpansWithOneIdAreAllShown() {
    TraceTree tree =
        tree(
            Rows.span("a", "client").at(0, 9),
            Rows.span("a", "server").at(1, 8),
            Rows.span("b", "below").below("a").at(2, 3));

    assertThat(tree.roots()).extracting(node -> node.row().name()).contains("client", "server");
    assertThat(tree.roots().get(0).children()).hasSize(1);
    assertThat(tree.size()).isEqualTo(3);
  }

  @Test
  void depthIsNoLimit() {
    List<SpanRow> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rows.add(Rows.chat("s" + i, "m").below(i == 0 ? "" : "s" + (i - 1)).priced("1").row());
    }

    TraceTree tree = TraceTree.of(rows).get(0);

    assertThat(tree.roots().get(0).branch().cost.single()).isEqualTo(new BigDecimal("20000"));
    assertThat(Rows.print(Rows.options().build(), rows).lines().count()).isLessThan(150);
    assertThat(Rows.print(Rows.options().maxSpans(0).build(), rows).lines())
        .hasSizeGreaterThan(20_000)
        .allMatch(line -> Text.width(line) <= 120);
  }

  @Test
  void spansWithoutIdsOrTimesMakeATree() {
    SpanRow bare =
        new SpanRow(
            "",
            "",
            "",
            "",
            0,
            Duration.ofDays(1).toNanos(),
            false,
            "",
            "",
            "",
            "",
            "",
            LlmFacts.NONE);

    assertThat(Rows.print(Rows.options().build(), bare)).contains("(no name)");
  }

  private static TraceTree tree(Rows... rows) {
    List<TraceTree> trees = TraceTree.of(java.util.Arrays.stream(rows).map(Rows::row).toList());
    assertThat(trees).hasSize(1);
    return trees.get(0);
  }
}
