package dev.tallyspan.collector.exporter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EchoesTest {
  private static final String PROMPT =
      "My name is Zoë Müller.\nI live at \"Lange Straße 17\" & my number is 0176/5550123.";

  private static final Echoes ECHOES = new Echoes(List.of());

  private static String remove(String message, String request) {
    return ECHOES.remove(message, request.getBytes(UTF_8));
  }

  @Test
  void messageThatQuotesNothingStaysAsItIs() {
    String message =
        "project over quota: 100 % of 50000 units used \\ see https://example.com/a?b=c";
    assertThat(remove(message, PROMPT)).isEqualTo(message);
    assertThat(remove("", PROMPT)).isEmpty();
  }

  @Test
  void quoteIsReplacedAndTheRestStays() {
    assertThat(remove("invalid attribute '" + PROMPT + "': too long", "\1\2" + PROMPT + "\3"))
        .isEqualTo("invalid attribute '…': too long");
  }

  static List<String> quotes() {
    return List.of(
        PROMPT,
        // JSON, and JSON in JSON.
        PROMPT.replace("\n", "\\n").replace("\"", "\\\""),
        PROMPT.replace("\n", "\\\\n").replace("\"", "\\\\\\\""),
        // JSON and Python with ASCII only.
        PROMPT
            .replace("ë", "\\u00eb")
            .replace("ü", "\\u00FC")
            .replace("ß", "\\u00df")
            .replace("\n", "\\n"),
        // URLs and HTML.
        java.net.URLEncoder.encode(PROMPT, UTF_8),
        PROMPT.replace("&", "&amp;").replace("\"", "&quot;").replace("\n", "<br>"),
        // What cannot be printed is replaced.
        PROMPT.replaceAll("[^\\x20-\\x7e]", "?"),
        new String(PROMPT.getBytes(UTF_8), StandardCharsets.US_ASCII),
        PROMPT.toLowerCase(Locale.ROOT),
        PROMPT.replace("\n", " "),
        PROMPT.replaceAll("\\s+", "\t\t"));
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void quoteInAnotherFormIsFound(String quote) {
    String removed = remove("bad value " + quote + " in span 7", PROMPT);

    assertThat(removed).startsWith("bad value ").endsWith(" in span 7").contains("…");
    assertThat(removed.toLowerCase(Locale.ROOT))
        .doesNotContain("name", "ller", "lange", "stra", "0176", "555");
  }

  @Test
  void requestMayHoldTheEscapedForm() {
    String inRequest = "{\"content\":\"first line\\nsecond line of it\"}";

    assertThat(remove("cannot parse: first line\nsecond line of it", inRequest))
        .isEqualTo("cannot parse: …");
  }

  @Test
  void otherScriptsAreFoundAsTheyAreAndAsEscapes() {
    String chinese = "我的名字是王小明，我住在北京";
    StringBuilder escaped = new StringBuilder();
    chinese.chars().forEach(c -> escaped.append(String.format("\\u%04x", c)));

    assertThat(remove("bad: " + chinese + "!", "x" + chinese)).isEqualTo("bad: …!");
    assertThat(remove("bad: " + escaped + "!", "x" + chinese)).doesNotContain("\\u738b", "\\u660e");
    assertThat(remove("bad: " + "\\ud83d\\ude00".repeat(4) + ".", "😀😀😀😀"))
        .doesNotContain("d83d\\ude00\\");
  }

  @Test
  void whatStandsBetweenTwoQuotesGoesToo() {
    assertThat(remove("'the first sixteen of them [..] and a second run of it'", PROMPT_PARTS))
        .isEqualTo("'…'");
  }

  private static final String PROMPT_PARTS =
      "the first sixteen of them were odd, and a second run of it came";

  @Test
  void shortWordsThatOccurInTheRequestStay() {
    assertThat(remove("missing field trace_id", "\n\20trace_id\22 field"))
        .isEqualTo("missing field trace_id");
  }

  @Test
  void headerIsFoundInWholeAndInPart() {
    Echoes echoes = new Echoes(List.of("Bearer sk-lf-1234abcd5678", "eight8ch", "1"));

    assertThat(remove(echoes, "key sk-lf-1234abcd5678 is unknown")).isEqualTo("key… is unknown");
    assertThat(remove(echoes, "key sk-lf-123... is unknown")).isEqualTo("key…... is unknown");
    assertThat(remove(echoes, "eight8ch is 1 of 2")).isEqualTo("… is 1 of 2");
  }

  @Test
  void basicAuthenticationIsFoundDecoded() {
    String basic = Base64.getEncoder().encodeToString("pk-lf-public:sk-lf-secret".getBytes(UTF_8));
    Echoes echoes = new Echoes(List.of("Basic " + basic));

    assertThat(remove(echoes, "user pk-lf-public, password sk-lf-secret"))
        .doesNotContain("public", "secret");
    assertThat(remove(echoes, "header " + basic)).isEqualTo("header…");
  }

  private static String remove(Echoes echoes, String message) {
    return echoes.remove(message, new byte[0]);
  }

  @Test
  void veryLongMessageIsCutWithoutLeavingThePieceOfAQuote() {
    String filling = "- ".repeat(Echoes.LONGEST_MESSAGE / 2 - 14);
    String removed = remove(filling + PROMPT.repeat(50), PROMPT);

    assertThat(removed)
        .endsWith("- …")
        .hasSizeLessThanOrEqualTo(Echoes.LONGEST_MESSAGE)
        .doesNotContain("name", "My");
  }

  @Test
  void repetitiveTextIsReadQuickly() {
    assertThat(ECHOES.remove("a".repeat(5000), new byte[8 << 20])).startsWith("aaa");
    assertThat(remove("a".repeat(4000), "a".repeat(8 << 20))).isEqualTo("…");
  }

  /** The rule itself: of the request, no 16 characters in a row are left. */
  @Property(tries = 300)
  void noSixteenCharactersOfTheRequestAreLeft(
      @ForAll @StringLength(max = 60) String before,
      @ForAll @StringLength(min = 16, max = 200) String content,
      @ForAll @StringLength(max = 60) String after,
      @ForAll @IntRange(max = 100) int from) {
    String quote = content.substring(Math.min(from, content.length() - 16));
    byte[] request = ("\n" + content + "\2").getBytes(UTF_8);
    String removed = ECHOES.remove(before + quote + after, request);

    String all = new String(request, UTF_8);
    for (int i = 0; i + 16 <= removed.length(); i++) {
      assertThat(all).doesNotContain(removed.substring(i, i + 16));
    }
  }
}
