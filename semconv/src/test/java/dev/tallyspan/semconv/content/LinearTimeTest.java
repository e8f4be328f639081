package dev.tallyspan.semconv.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hostile texts: what almost matches, over and over. Four times the text takes about four times.
 */
class LinearTimeTest {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int SIZE = 6_000;

  /** Quadratic work on the large text would take 16 times as long. */
  private static final double TOO_MUCH = 10;

  /** Enough for the compiler to have finished, and for a busy machine to leave one run alone. */
  private static final int MOST_RUNS = 50;

  private static final ContentPolicy POLICY =
      ContentPolicy.builder()
          .mode(ContentMode.REDACTED)
          .detect(EnumSet.allOf(StandardDetector.class))
          .build();

  static List<String> hostile() {
    List<String> units =
        new ArrayList<>(
            List.of(
                "@",
                "a@",
                "a.",
                "a@b.",
                ".@a-",
                "eyJ",
                "eyJabcdefghij.",
                "eyJaaaaaaaaaaaaaaaa-",
                "sk-",
                "sk-a-",
                "ghp_",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY-----",
                "-",
                "--",
                "password=",
                "password: ",
                "password=\"",
                "\"password\":\"",
                "a:",
                "a=",
                "://",
                "://a:",
                "x://a:b",
                "Bearer ",
                "Bearer a.",
                "1",
                "1 ",
                "1-",
                "0 ",
                "01 ",
                "012 ",
                "1234 ",
                "4111 ",
                "4111-",
                "123-45-",
                "+1",
                "+",
                "(",
                "(1",
                "(0)",
                "AB12",
                "DE89 ",
                "AB 12 ",
                "X1234567",
                "a1",
                "::",
                "1:",
                "1.",
                "1.1.1.",
                "{",
                "[",
                "[1,",
                "{\"a\":",
                "\"",
                "\\",
                "\\\\",
                "\\u0040",
                "\\u",
                "[\"",
                "'",
                "phone ",
                "tel 1234567 ",
                "password is ",
                "\0",
                "\uD83D",
                "data:image/png;base64,",
                "A/",
                "[A]",
                "[EMAIL]",
                "\u4e00",
                "\u00e9@"));
    return units;
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void takesTimeInProportionToTheText(String unit) {
    String small = unit.repeat(SIZE / unit.length());
    String large = unit.repeat(4 * SIZE / unit.length());
    time(small);
    // Of both the fastest run: others share the processor and its caches, and code is compiled.
    long fast = Long.MAX_VALUE;
    long slow = Long.MAX_VALUE;
    for (int run = 0; run < MOST_RUNS && (run < 2 || isTooMuch(fast, slow)); run++) {
      fast = Math.min(fast, time(small));
      slow = Math.min(slow, time(large));
    }

    assertThat(isTooMuch(fast, slow)).as("%s: %d ns, then %d ns", unit, fast, slow).isFalse();
  }

  private static boolean isTooMuch(long fast, long slow) {
    return (double) slow / Math.max(fast, 1_000_000) >= TOO_MUCH;
  }

  /** The processor time of one run. */
  private static long time(String text) {
    long start = THREADS.getCurrentThreadCpuTime();
    assertThat(POLICY.text("gen_ai.input.messages", text).report().failures()).isZero();
    return THREADS.getCurrentThreadCpuTime() - start;
  }

  @Test
  void deepNestingDoesNotFail() {
    String deep = "[".repeat(50_000) + "\"a@b.org\"" + "]".repeat(50_000);

    Edited<String> edited = POLICY.text("gen_ai.input.messages", deep);

    assertThat(edited.value()).contains("[EMAIL]").doesNotContain("a@b.org");
  }

  @Test
  void jsonInsideOfJsonInsideOfJsonIsRead() {
    String json = "a@b.org";
    for (int i = 0; i < 8; i++) {
      StringBuilder quoted = new StringBuilder();
      dev.tallyspan.semconv.internal.json.JsonWriter.quote(json, quoted);
      json = "{\"a\":" + quoted + "}";
    }

    assertThat(POLICY.text("gen_ai.input.messages", json).value())
        .contains("[EMAIL]")
        .doesNotContain("a@b.org");
  }
}
