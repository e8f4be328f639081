package dev.tallyspan.collector.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The sums on agents, workflows, tools and roots. */
class TotalsTest {

  private static Recorded chat(long id, Recorded parent) {
    return Recorded.chat("client", id).in(parent).tokens(1_000, 100);
  }

  /** Calls, input, output, cache reads and errors, or nothing. */
  private static String sums(Decided span) {
    return span.has("tallyspan.rollup.calls")
        ? "calls=%d in=%d out=%d cached=%d errors=%d"
            .formatted(
                span.count("tallyspan.rollup.calls"),
                span.count("tallyspan.rollup.input_tokens"),
                span.count("tallyspan.rollup.output_tokens"),
                span.count("tallyspan.rollup.cache_read_tokens"),
                span.count("tallyspan.rollup.errors"))
        : "";
  }

  @Test
  void agentsWorkflowsToolsAndRootsGetTheSumsOfTheBilledCallsInThem() throws Exception {
    Recorded http = Recorded.http(1);
    Recorded workflow = Recorded.workflow("framework", 2).in(http);
    Recorded agent = Recorded.agent("framework", 3).in(workflow).tokens(77_777, 7);
    Recorded framework = Recorded.chat("framework", 4).in(agent).tokens(1_000, 100);
    Recorded client = chat(5, framework).cacheRead(400);
    Recorded tool = Recorded.tool("framework", 6).in(agent);
    Recorded inTool = chat(7, tool);
    Recorded idle = Recorded.tool("framework", 8).in(agent);

    List<Decided> decided =
        Decided.whole(http, workflow, agent, framework, client, tool, inTool, idle);

    assertThat(decided)
        .extracting(TotalsTest::sums)
        .containsExactly(
            "calls=2 in=2000 out=200 cached=400 errors=0",
            "calls=2 in=2000 out=200 cached=400 errors=0",
            "calls=2 in=2000 out=200 cached=400 errors=0",
            "",
            "",
            "calls=1 in=1000 out=100 cached=0 errors=0",
            "",
            "");
    // 600 × 2/M + 400 × 0.2/M + 100 × 10/M, and 1000 × 2/M + 100 × 10/M
    assertThat(decided.get(0).number("tallyspan.rollup.cost")).isEqualTo(0.00528);
    assertThat(decided.get(5).number("tallyspan.rollup.cost")).isEqualTo(0.003);
    assertThat(decided.get(5).text("tallyspan.rollup.currency")).isEqualTo("USD");
  }

  @Test
  void costsInSeveralCurrenciesAreNotAdded() throws Exception {
    Recorded agent = Recorded.agent("framework", 1);
    Recorded euros =
        chat(3, agent)
            .with("gen_ai.usage.cost.amount", 0.5)
            .with("gen_ai.usage.cost.currency", "EUR");

    Decided decided = Decided.whole(agent, chat(2, agent), euros).get(0);

    assertThat(sums(decided)).isEqualTo("calls=2 in=2000 out=200 cached=0 errors=0");
    assertThat(decided.has("tallyspan.rollup.cost")).isFalse();
    assertThat(decided.has("tallyspan.rollup.currency")).isFalse();
  }

  @Test
  void callsWithoutAPriceAreCounted() throws Exception {
    Recorded agent = Recorded.agent("framework", 1);

    Decided decided = Decided.whole(agent, chat(2, agent), chat(3, agent).model("secret")).get(0);

    assertThat(decided.count("tallyspan.rollup.calls")).isEqualTo(2);
    assertThat(decided.count("tallyspan.rollup.unpriced_calls")).isEqualTo(1);
    assertThat(decided.number("tallyspan.rollup.cost")).isEqualTo(0.003);
  }

  @Test
  void sumWithoutAnyPriceHasNoCost() throws Exception {
    Recorded agent = Recorded.agent("framework", 1);

    Decided decided = Decided.whole(agent, chat(3, agent).model("secret")).get(0);

    assertThat(decided.has("tallyspan.rollup.cost")).isFalse();
    assertThat(decided.count("tallyspan.rollup.unpriced_calls")).isEqualTo(1);
  }

  @Test
  void failureThatIsPassedOnIsCountedOnce() throws Exception {
    Recorded agent = Recorded.agent("framework", 1).failed("429");
    Recorded framework = Recorded.chat("framework", 2).in(agent).refused();
    Recorded client = Recorded.chat("client", 3).in(framework).refused();
    Recorded tool = Recorded.tool("framework", 4).in(agent).failed("boom");

    assertThat(sums(Decided.whole(agent, framework, client, tool).get(0)))
        .isEqualTo("calls=0 in=0 out=0 cached=0 errors=2");
  }

  @Test
  void failureThatIsSentAgainIsCountedOnce() throws Exception {
    Recorded agent = Recorded.agent("framework", 1);
    Recorded refused = Recorded.chat("client", 2).in(agent).refused();

    assertThat(sums(Decided.whole(agent, refused, refused.copy(), chat(3, agent)).get(0)))
        .isEqualTo("calls=1 in=1000 out=100 cached=0 errors=1");
  }

  @Test
  void lastStateOfASpanThatIsSentAgainGetsTheSums() throws Exception {
    Recorded early = Recorded.agent("framework", 1).at(0, 10);
    Recorded late = Recorded.agent("framework", 1).at(0, 1_000);
    Recorded chat = chat(2, late);

    assertThat(Decided.whole(late, chat, early))
        .extracting(TotalsTest::sums)
        .containsExactly("calls=1 in=1000 out=100 cached=0 errors=0", "", "");
  }

  @Test
  void rootShowsModelsServicesAndTimes() throws Exception {
    Recorded root = Recorded.http(1).at(0, 10_000);
    Recorded first =
        chat(2, root)
            .answeredBy("m-2026-01-01")
            .with("gen_ai.response.time_to_first_chunk", 0.25)
            .at(1_000, 3_000);
    Recorded tool = Recorded.tool("framework", 3).in(root).service("tools").at(3_000, 8_000);
    Recorded second = chat(4, tool).model("mini").service("tools").at(4_000, 5_000);
    Recorded parallel = chat(5, tool).model("mini").service("tools").at(4_200, 4_900);

    Decided decided = Decided.whole(root, first, tool, second, parallel).get(0);

    assertThat(decided.texts("tallyspan.trace.models")).containsExactly("m-2026-01-01", "mini");
    assertThat(decided.texts("tallyspan.trace.services")).containsExactly("app", "tools");
    assertThat(decided.number("tallyspan.trace.llm_time_share")).isEqualTo(0.3);
    assertThat(decided.number("tallyspan.trace.time_to_first_chunk")).isEqualTo(1.25, within(1e-9));
  }

  @Test
  void onlyRootsShowWhatTookPart() throws Exception {
    Recorded agent = Recorded.agent("framework", 2).under(1);

    Decided decided = Decided.whole(agent, chat(3, agent)).get(0);

    assertThat(decided.has("tallyspan.rollup.calls")).isTrue();
    assertThat(decided.has("tallyspan.trace.models")).isFalse();
  }

  @Test
  void traceWithoutCallsGetsNoSums() throws Exception {
    Recorded root = Recorded.http(1);

    assertThat(Decided.whole(root, Recorded.tool("framework", 2).in(root)))
        .extracting(TotalsTest::sums)
        .containsOnly("");
  }
}
