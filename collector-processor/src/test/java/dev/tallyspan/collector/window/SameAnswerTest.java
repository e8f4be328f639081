package dev.tallyspan.collector.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Spans with the same response id, and the same span sent more than once. */
class SameAnswerTest {

  private static final String ANSWER = "chatcmpl-AbCdEfGhIjKlMnOp";

  private static Recorded chat(String scope, long id) {
    return Recorded.chat(scope, id).answer(ANSWER).tokens(1_000, 100);
  }

  private static List<String> verdicts(Recorded... spans) throws Exception {
    return Decided.whole(spans).stream().map(Decided::verdict).toList();
  }

  @Test
  void callInAnotherTraceIsTheSameIfTheyOverlap() throws Exception {
    Recorded framework = chat("framework", 1).under(9).at(0, 1_000);
    Recorded client = chat("client", 2).trace(7).at(20, 970).cacheRead(600);

    assertThat(verdicts(framework, client)).containsExactly("duplicate of 7/2", "priced");
  }

  @Test
  void answerThatIsRepeatedLaterIsBilledAndSaysSo() throws Exception {
    Recorded first = chat("framework", 1).under(9).at(0, 1_000);
    Recorded second = chat("client", 2).under(9).at(3_000, 4_000);

    assertThat(verdicts(first, second)).containsExactly("priced", "priced, maybe 1");
  }

  @Test
  void answerThatAGatewayRepeatsIsBilledAndSaysSo() throws Exception {
    assertThat(verdicts(chat("client", 1).at(0, 1_000), chat("client", 2).at(500, 1_500)))
        .containsExactly("priced", "priced, maybe 1");
  }

  @Test
  void callInAnotherTraceIsTheSameThoughTheClocksOfServicesDiffer() throws Exception {
    Recorded client = chat("client", 1).at(0, 30);
    Recorded gateway =
        chat("gateway", 2).kind(Recorded.SERVER).trace(7).service("gateway").at(40, 60);

    assertThat(verdicts(client, gateway)).containsExactly("priced", "duplicate of 1/1");
  }

  @Test
  void shortIdsProveNothing() throws Exception {
    Recorded first = chat("framework", 1).answer("chatcmpl-1").under(9).at(0, 1_000);
    Recorded second = chat("client", 2).answer("chatcmpl-1").trace(7).under(8).at(20, 970);

    assertThat(verdicts(first, second)).containsExactly("priced", "priced");
  }

  @Test
  void responseThatIsPolledUntilItHasUsageIsOneCall() throws Exception {
    Recorded agent = Recorded.agent("framework", 9).at(0, 9_000);
    Recorded created = Recorded.chat("client", 1).in(agent).answer(ANSWER).at(0, 100);
    Recorded waiting = Recorded.chat("client", 2).in(agent).answer(ANSWER).at(1_000, 1_100);
    Recorded done = chat("client", 3).in(agent).at(2_000, 2_100);

    assertThat(verdicts(agent, created, waiting, done))
        .containsExactly("not_billable", "duplicate of 3", "duplicate of 3", "priced");
  }

  @Test
  void pollsInsideAFrameworkAreItsCall() throws Exception {
    Recorded framework = Recorded.chat("framework", 9).tokens(1_000, 100).at(0, 9_000);
    Recorded wrapper = Recorded.chat("framework", 8).at(0, 9_001);
    framework.in(wrapper);
    Recorded created = Recorded.chat("client", 1).in(framework).answer(ANSWER).at(0, 100);
    Recorded waiting = Recorded.chat("client", 2).in(framework).answer(ANSWER).at(1_000, 1_100);
    Recorded done = chat("client", 3).in(framework).at(2_000, 2_100);

    assertThat(verdicts(wrapper, framework, created, waiting, done))
        .containsExactly(
            "duplicate of 3", "duplicate of 3", "duplicate of 3", "duplicate of 3", "priced");
    assertThat(verdicts(Recorded.chat("framework", 9).at(0, 9_000), created, waiting, done))
        .containsExactly("duplicate of 3", "duplicate of 3", "duplicate of 3", "priced");
  }

  @Test
  void fetchedResponseIsNeverBilled() throws Exception {
    Recorded fetched =
        Recorded.call("client", 2, "fetch_response").answer(ANSWER).tokens(1_000, 100);

    assertThat(verdicts(chat("client", 1), fetched)).containsExactly("priced", "not_billable");
  }

  @Test
  void ofASpanThatIsSentAgainTheLastCopyBills() throws Exception {
    assertThat(verdicts(chat("client", 1), chat("client", 1), chat("client", 1)))
        .containsExactly("duplicate of 1", "duplicate of 1", "priced");
  }

  @Test
  void snapshotIsADuplicateOfTheLastState() throws Exception {
    Recorded snapshot = Recorded.chat("client", 1).at(0, 200);
    Recorded half = chat("client", 1).tokens(1_000, 7).at(0, 500);
    Recorded last = chat("client", 1).at(0, 1_000);

    assertThat(verdicts(snapshot, last, half))
        .containsExactly("duplicate of 1", "priced", "duplicate of 1");
  }

  @Test
  void snapshotsOfAFrameworkAndItsClientAreOneCall() throws Exception {
    Recorded framework = Recorded.chat("framework", 1).tokens(1_000, 100);
    Recorded earlier = Recorded.chat("framework", 1).at(0, 300);
    Recorded client = chat("client", 2).in(framework).at(5, 990);

    assertThat(verdicts(framework, client, earlier))
        .containsExactly("duplicate of 2", "priced", "duplicate of 1");
    assertThat(verdicts(earlier, framework, client))
        .containsExactly("duplicate of 1", "duplicate of 2", "priced");
  }

  @Test
  void sumOfAnAgentThatIsSentAgainIsBilledOnce() throws Exception {
    Recorded early = Recorded.agent("framework", 1).tokens(500, 50).model("m").at(0, 500);
    Recorded late = Recorded.agent("framework", 1).tokens(1_000, 100).model("m").at(0, 1_000);

    assertThat(Decided.whole(late, early))
        .filteredOn(Decided::isBilled)
        .extracting(Decided::input)
        .containsExactly(1_000L);
  }
}
