package dev.tallyspan.collector.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Spans next to each other, under one parent. */
class ParallelCallsTest {

  private final Recorded agent = Recorded.agent("framework", 100).at(0, 10_000);

  private Recorded framework(long id, long start, long end) {
    return Recorded.chat("framework", id).in(agent).tokens(1_000, 100).at(start, end);
  }

  private Recorded client(long id, long start, long end) {
    return Recorded.chat("client", id).in(agent).tokens(1_000, 100).at(start, end);
  }

  private static List<String> verdicts(Recorded... spans) throws Exception {
    return Decided.whole(spans).stream().map(Decided::verdict).toList();
  }

  private static long billed(List<Recorded> spans) throws Exception {
    return Decided.whole(spans.toArray(new Recorded[0])).stream().filter(Decided::isBilled).count();
  }

  @Test
  void clientInsideTheIntervalOfItsFrameworkIsTheSameCall() throws Exception {
    assertThat(verdicts(framework(1, 0, 1_000), client(2, 5, 995)))
        .containsExactly("duplicate of 2", "priced");
  }

  @Test
  void timesThatWereRoundedToMillisecondsAreInside() throws Exception {
    assertThat(billed(List.of(framework(1, 1, 999), client(2, 0, 1_000)))).isEqualTo(1);
  }

  @Test
  void callsOneAfterTheOtherAreTwo() throws Exception {
    assertThat(verdicts(framework(1, 0, 1_000), client(2, 1_500, 2_000)))
        .containsExactly("priced", "priced");
  }

  @Test
  void callsOfDifferentModelsAreBothBilledAndOneSaysSo() throws Exception {
    assertThat(verdicts(framework(1, 0, 1_000), client(2, 5, 995).model("mini")))
        .containsExactly("priced, maybe 2", "priced");
    assertThat(verdicts(framework(1, 0, 1_000), client(2, 5, 995).model("mini").tokens(1_001, 100)))
        .containsExactly("priced", "priced");
  }

  @Test
  void callsWithDifferentTokensAreTwo() throws Exception {
    assertThat(verdicts(framework(1, 0, 1_000), client(2, 5, 995).tokens(1_000, 300)))
        .containsExactly("priced", "priced");
  }

  @Test
  void callsWithNearlyEqualTokensAreBothBilledAndOneSaysSo() throws Exception {
    assertThat(verdicts(framework(1, 0, 1_000), client(2, 5, 995).tokens(1_000, 101)))
        .containsExactly("priced, maybe 2", "priced");
  }

  @Test
  void differentIdsOfOneKindAreTwoCalls() throws Exception {
    Recorded framework = framework(1, 0, 1_000).answer("chatcmpl-AnotherAnotherAnother");

    assertThat(verdicts(framework, client(2, 5, 995).answer("chatcmpl-AbCdEfGhIjKlMnOp")))
        .containsExactly("priced", "priced");
  }

  @Test
  void parallelCallsOfOneScopeAreNeverJoined() throws Exception {
    assertThat(verdicts(client(1, 0, 1_000), client(2, 5, 995), client(3, 10, 900)))
        .containsExactly("priced", "priced", "priced");
  }

  @Test
  void streamedClientWithoutUsageIsTheSameCall() throws Exception {
    Recorded streamed = Recorded.chat("client", 2).in(agent).at(5, 995);

    assertThat(verdicts(framework(1, 0, 1_000), streamed))
        .containsExactly("priced", "duplicate of 1");
  }

  @Test
  void failedAttemptIsNoTwinOfTheCallAroundIt() throws Exception {
    Recorded late = Recorded.chat("client", 2).in(agent).failed("timeout").at(5, 100);

    assertThat(verdicts(framework(1, 0, 1_000), late, client(3, 200, 990)))
        .containsExactly("duplicate of 3", "unpriced", "priced");
  }

  @Test
  void asManyCallsAreBilledAsThereWereThoughAllOverlap() throws Exception {
    for (int calls : new int[] {1, 2, 3, 7, 40}) {
      Random random = new Random(calls);
      List<Recorded> spans = new ArrayList<>();
      spans.add(agent);
      for (int i = 0; i < calls; i++) {
        long start = random.nextInt(200);
        long end = 500 + random.nextInt(400);
        spans.add(framework(2 * i + 1, start, end));
        spans.add(client(2 * i + 2, start + random.nextInt(50), end - random.nextInt(50)));
      }
      Collections.shuffle(spans, random);

      assertThat(billed(spans)).isEqualTo(calls);
    }
  }

  @Test
  void tightestPairIsNotAlwaysTheRightOne() throws Exception {
    // The first client fits into both frameworks, the second into the shorter one only.
    List<Recorded> spans =
        List.of(
            framework(1, 0, 1_000),
            framework(2, 100, 900),
            client(3, 200, 700),
            client(4, 110, 890));

    assertThat(billed(spans)).isEqualTo(2);
    assertThat(
            billed(
                List.of(
                    framework(1, 0, 600),
                    framework(2, 100, 650),
                    client(3, 150, 550),
                    client(4, 10, 590))))
        .isEqualTo(2);
  }

  @Test
  void callThatFellBackToAnotherModelIsDoubtedThoughOthersFitAsWell() throws Exception {
    // Each framework fits around the client of its own, and the first one around all clients.
    List<Decided> decided =
        Decided.whole(
            framework(1, 0, 1_000),
            framework(2, 100, 900),
            client(3, 110, 800),
            client(4, 20, 990).model("mini"));

    assertThat(decided).filteredOn(Decided::isBilled).hasSize(3);
    assertThat(decided).filteredOn(Decided::mayBeDuplicate).hasSize(1);
  }

  @Test
  void threeInstrumentationsOfOneCallAreOneCall() throws Exception {
    Recorded third = Recorded.chat("third", 3).in(agent).tokens(1_000, 100).at(8, 990);

    assertThat(billed(List.of(framework(1, 0, 1_000), client(2, 5, 995), third))).isEqualTo(1);
  }

  @Test
  void longRunOfCallsUnderOneParentIsCompared() throws Exception {
    List<Recorded> spans = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      spans.add(framework(1_000 + i, i * 100L, i * 100L + 90));
      spans.add(client(5_000 + i, i * 100L + 5, i * 100L + 80));
    }

    assertThat(billed(spans)).isEqualTo(600);
  }
}
