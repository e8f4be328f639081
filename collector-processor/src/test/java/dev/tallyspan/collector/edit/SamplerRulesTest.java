package dev.tallyspan.collector.edit;

import static dev.tallyspan.collector.edit.EditTesting.attribute;
import static dev.tallyspan.collector.edit.EditTesting.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.edit.SamplerRules.Mode;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SamplerRulesTest {

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aboutTheShareIsKept(Mode mode) throws Exception {
    SamplerRules rules = new SamplerRules(mode, 25, 0, 4, true);

    assertThat(EditTesting.apply(rules, spans(4000)).size()).isCloseTo(1000, within(100));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void whatASmallerShareKeepsALargerOneKeepsToo(Mode mode) throws Exception {
    List<ByteString> small = ids(new SamplerRules(mode, 10, 0, 4, true), spans(1000));
    List<ByteString> large = ids(new SamplerRules(mode, 50, 0, 4, true), spans(1000));

    assertThat(large).containsAll(small);
  }

  @ParameterizedTest
  @CsvSource({
    "25,     4, ot=th:c",
    "50,     4, ot=th:8",
    "100,    4, ot=th:0",
    "10,     4, ot=th:e666",
    "1,      4, ot=th:fd70a",
    "0.1,    4, ot=th:ffbe77",
    "99.9,   4, ot=th:004189",
    "33.3333,2, ot=th:ab",
  })
  void thresholdIsWrittenWithItsSignificantDigits(float percent, int precision, String state)
      throws Exception {
    SamplerRules rules = new SamplerRules(Mode.PROPORTIONAL, percent, 0, precision, true);

    assertThat(EditTesting.apply(rules, traced("ffffffffffffff", "")).get(0).getTraceState())
        .isEqualTo(state);
  }

  @Test
  void proportionalModeMultipliesWithTheShareBeforeIt() throws Exception {
    SamplerRules rules = new SamplerRules(Mode.PROPORTIONAL, 50, 0, 4, true);

    assertThat(
            EditTesting.apply(
                rules,
                traced("c0000000000000", "ot=th:8,a=b"),
                traced("bfffffffffffff", "ot=th:8")))
        .extracting(Span::getTraceState)
        .containsExactly("ot=th:c,a=b");
  }

  @Test
  void equalizingModeLetsPassWhatWasSampledAsMuch() throws Exception {
    SamplerRules rules = new SamplerRules(Mode.EQUALIZING, 50, 0, 4, true);

    assertThat(
            EditTesting.apply(
                rules,
                traced("c0000000000000", "ot=th:c"),
                traced("80000000000000", "ot=th:4"),
                traced("7fffffffffffff", "ot=th:4")))
        .extracting(Span::getTraceState)
        .containsExactly("ot=th:c", "ot=th:8");
  }

  @Test
  void explicitRandomNumberCountsInsteadOfTheTraceId() throws Exception {
    SamplerRules rules = new SamplerRules(Mode.PROPORTIONAL, 50, 0, 4, true);

    assertThat(
            EditTesting.apply(
                rules,
                traced("00000000000000", "ot=rv:9b8233f7e3a151"),
                traced("ffffffffffffff", "ot=rv:1b8233f7e3a151")))
        .extracting(Span::getTraceState)
        .containsExactly("ot=th:8;rv:9b8233f7e3a151");
  }

  @Test
  void hashSeedModeNotesTheRandomNumber() throws Exception {
    SamplerRules rules = new SamplerRules(Mode.HASH_SEED, 100, 22, 4, true);

    Span kept = EditTesting.apply(rules, traced("ffffffffffffff", "a=b")).get(0);

    assertThat(kept.getTraceState()).matches("ot=rv:[0-9a-f]{14};th:0,a=b");
  }

  @Test
  void priorityOverridesTheShare() throws Exception {
    SamplerRules none = new SamplerRules(Mode.PROPORTIONAL, 0, 0, 4, true);
    SamplerRules all = new SamplerRules(Mode.PROPORTIONAL, 100, 0, 4, true);

    assertThat(EditTesting.apply(none, traced("00000000000000", ""))).isEmpty();
    assertThat(kept(none, attribute("sampling.priority", 1))).isTrue();
    assertThat(kept(none, attribute("sampling.priority", "0.5"))).isTrue();
    assertThat(kept(none, attribute("sampling.priority", true))).isFalse();
    assertThat(kept(all, attribute("sampling.priority", 0))).isFalse();
  }

  @Test
  void spanWithoutATraceIdIsDroppedUnlessTheSamplerFailsOpen() throws Exception {
    assertThat(EditTesting.apply(new SamplerRules(Mode.PROPORTIONAL, 50, 0, 4, true), span("a")))
        .isEmpty();
    assertThat(EditTesting.apply(new SamplerRules(Mode.PROPORTIONAL, 50, 0, 4, false), span("a")))
        .hasSize(1);
  }

  @Test
  void contradictoryTraceStateIsReplacedIfTheSamplerFailsOpen() throws Exception {
    Span.Builder span = traced("10000000000000", "ot=th:8");

    assertThat(EditTesting.apply(new SamplerRules(Mode.EQUALIZING, 50, 0, 4, true), span.clone()))
        .isEmpty();
    assertThat(EditTesting.apply(new SamplerRules(Mode.EQUALIZING, 50, 0, 4, false), span))
        .extracting(Span::getTraceState)
        .containsExactly("ot=th:0");
  }

  private static boolean kept(SamplerRules rules, KeyValue attribute) throws Exception {
    return !EditTesting.apply(rules, traced("80000000000000", "").addAttributes(attribute))
        .isEmpty();
  }

  private static List<ByteString> ids(SamplerRules rules, Span.Builder... spans) throws Exception {
    return EditTesting.apply(rules, spans).stream().map(Span::getTraceId).toList();
  }

  private static Span.Builder traced(String random, String state) {
    return span("s")
        .setTraceId(ByteString.fromHex("aaaaaaaaaaaaaaaaaa" + random))
        .setTraceState(state);
  }

  private static Span.Builder[] spans(int count) {
    Random random = new Random(7);
    Span.Builder[] spans = new Span.Builder[count];
    for (int i = 0; i < count; i++) {
      byte[] id = new byte[16];
      random.nextBytes(id);
      spans[i] = span("s").setTraceId(ByteString.copyFrom(id));
    }
    return spans;
  }
}
