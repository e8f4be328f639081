package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class KeyPrefixesTest {

  private static final KeyPrefixes PREFIXES =
      KeyPrefixes.of(
          "gen_ai.", "llm.", "llm_x", "l", "openinference.span.kind", "ai.", "schlüssel");

  @Test
  void keyThatBeginsWithAPrefixMatches() {
    assertThat(List.of("gen_ai.system", "gen_ai.", "llm", "ai.", "openinference.span.kind.x"))
        .allMatch(KeyPrefixesTest::matches);
    assertThat(matches("schlüssel.a")).isTrue();
  }

  @Test
  void otherKeyDoesNotMatch() {
    assertThat(
            List.of(
                "",
                "gen_ai",
                "gen_aix",
                "ai",
                "openinference.span.kinx",
                "openinfXrence.span.kind",
                "schlussel",
                "http"))
        .noneMatch(KeyPrefixesTest::matches);
  }

  @Test
  void bytesBehindTheKeyAreNotPartOfIt() {
    byte[] bytes = "gen_ai.system".getBytes(StandardCharsets.UTF_8);

    assertThat(PREFIXES.match(bytes, 0, 6)).isFalse();
    assertThat(PREFIXES.match(bytes, 0, 7)).isTrue();
  }

  @Test
  void emptyPrefixMatchesEveryKey() {
    KeyPrefixes all = KeyPrefixes.of("", "llm.");

    assertThat(all.match(new byte[0], 0, 0)).isTrue();
    assertThat(all.match(new byte[] {'x'}, 0, 1)).isTrue();
    assertThat(all.match(new byte[] {'l'}, 0, 1)).isTrue();
  }

  @Test
  void noneMatchesNothing() {
    assertThat(KeyPrefixes.none().match(new byte[] {'x'}, 0, 1)).isFalse();
    assertThat(KeyPrefixes.none().match(new byte[0], 0, 0)).isFalse();
  }

  @Test
  void absurdNumberOfPrefixesIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyPrefixes.of(Collections.nCopies(10_001, "x")))
        .withMessage("prefixes=10001: more than 10000");
  }

  @Property
  void matchesAsStartsWithDoes(
      @ForAll @Size(max = 6)
          List<@CharRange(from = 'a', to = 'c') @StringLength(max = 12) String> prefixes,
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 14) String key,
      @ForAll @IntRange(max = 9) int behind) {
    byte[] bytes = (key + "a".repeat(behind)).getBytes(StandardCharsets.UTF_8);

    assertThat(KeyPrefixes.of(prefixes).match(bytes, 0, key.length()))
        .isEqualTo(prefixes.stream().anyMatch(key::startsWith));
  }

  private static boolean matches(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return PREFIXES.match(bytes, 0, bytes.length);
  }
}
