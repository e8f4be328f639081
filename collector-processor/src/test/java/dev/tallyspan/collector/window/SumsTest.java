package dev.tallyspan.collector.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Agents and workflows that show the tokens of their calls. */
class SumsTest {

  private static Recorded agent(long id, long input, long output) {
    return Recorded.agent("framework", id)
        .with("gen_ai.provider.name", "acme")
        .model("m")
        .tokens(input, output);
  }

  private static Recorded chat(long id, Recorded parent) {
    return Recorded.chat("client", id).in(parent).tokens(1_000, 100);
  }

  private static List<String> verdicts(Recorded... spans) throws Exception {
    return Decided.whole(spans).stream().map(Decided::verdict).toList();
  }

  @Test
  void rightAndWrongSumsOfAgentsAreNotBilled() throws Exception {
    for (Recorded agent : List.of(agent(1, 1_000, 100), agent(1, 4_044, 31))) {
      assertThat(verdicts(agent, chat(2, agent))).containsExactly("aggregate", "priced");
    }
  }

  @Test
  void sumOfWhichNoCallWasSeenIsTheSoleSource() throws Exception {
    assertThat(verdicts(agent(1, 1_000, 100))).containsExactly("priced");
  }

  @Test
  void innermostOfSeveralSumsIsTheSoleSource() throws Exception {
    Recorded outer = agent(1, 1_000, 100);
    Recorded tool = Recorded.tool("framework", 2).in(outer);

    assertThat(verdicts(outer, tool, agent(3, 400, 40).in(tool)))
        .containsExactly("aggregate", "not_billable", "priced");
  }

  @Test
  void refusedCallIsNoSourceOfTheTokensOfASum() throws Exception {
    Recorded agent = agent(1, 1_000, 100);
    Recorded refused = Recorded.chat("client", 2).in(agent).refused();

    assertThat(verdicts(agent, refused)).containsExactly("priced", "not_billable");
  }

  @Test
  void sumIsNotBilledWhileItsCallsMayStillCome() throws Exception {
    Recorded agent = agent(1, 1_000, 100);

    assertThat(
            Decided.of(
                List.of(
                    Front.written(
                        WholeTraces.perRequest(Front.FILLED)
                            .apply(Front.understood(Recorded.request(List.of(agent))))))))
        .extracting(Decided::verdict)
        .containsExactly("aggregate");
  }
}
