package dev.tallyspan.collector.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Spans of one call in different traces, or apart in one, that have no common id. */
class OtherTracesTest {

  private final Recorded framework =
      Recorded.chat("framework", 1).under(9).tokens(1_000, 100).at(0, 1_000);

  private static Recorded client() {
    return Recorded.chat("client", 2).trace(7).tokens(1_000, 100).at(20, 970);
  }

  private static List<String> verdicts(Recorded... spans) throws Exception {
    return Decided.whole(spans).stream().map(Decided::verdict).toList();
  }

  @Test
  void bothAreBilledAndTheOuterSaysSo() throws Exception {
    assertThat(verdicts(framework, client())).containsExactly("priced, maybe 7/2", "priced");
  }

  @Test
  void onlyTheBilledSpanOfACallSaysSo() throws Exception {
    Recorded wrapper = Recorded.chat("framework", 8).at(0, 1_001);
    framework.in(wrapper);

    assertThat(verdicts(wrapper, framework, client()))
        .containsExactly("duplicate of 1", "priced, maybe 7/2", "priced");
  }

  @Test
  void onlyTheBilledSpanSaysSoThoughNoneHasAPrice() throws Exception {
    Recorded wrapper = Recorded.chat("framework", 8).model("secret").at(0, 1_001);
    framework.in(wrapper).model("secret");

    assertThat(verdicts(wrapper, framework, client().model("secret")))
        .containsExactly("duplicate of 1", "unpriced, maybe 7/2", "unpriced");
  }

  @Test
  void theOneThatBillsWorseSaysSo() throws Exception {
    assertThat(verdicts(framework.cacheRead(900), client()))
        .containsExactly("priced", "priced, maybe 1/1");
  }

  @Test
  void promptWithoutItsCachePartMayBeTheSamePrompt() throws Exception {
    framework.tokens(9, 100);

    assertThat(verdicts(framework, client().tokens(2_879, 100).cacheRead(2_870)))
        .containsExactly("priced, maybe 7/2", "priced");
  }

  @Test
  void spanInTheMiddleOfAnotherTraceHasItsOwnFramework() throws Exception {
    Recorded root = Recorded.http(6).trace(7);
    assertThat(verdicts(framework, root, client().in(root)))
        .containsExactly("priced", "", "priced");
  }

  @Test
  void callsOfDifferentServicesOrScopesOrTimesAreTwo() throws Exception {
    assertThat(verdicts(framework, client().service("another")))
        .containsExactly("priced", "priced");
    assertThat(verdicts(framework, client().at(5_000, 6_000))).containsExactly("priced", "priced");
    framework.under(0);
    Recorded same = Recorded.chat("framework", 2).trace(7).tokens(1_000, 100).at(20, 970);
    assertThat(verdicts(framework, same)).containsExactly("priced", "priced");
  }

  @Test
  void differentIdsOfOneKindAreTwoCalls() throws Exception {
    framework.answer("chatcmpl-AnotherAnotherAnother");

    assertThat(verdicts(framework, client().answer("chatcmpl-AbCdEfGhIjKlMnOp")))
        .containsExactly("priced", "priced");
  }
}
