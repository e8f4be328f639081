package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.jspecify.annotations.Nullable;

/**
 * Files with damage: they are read, or every fault is reported, in little time; nothing else
 * happens.
 */
@AddLifecycleHook(FuzzBudget.class)
class MutatedConfigPropertyTest {

  /** Far more than a file takes, even on a busy machine. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final List<String> SCALARS =
      List.of(
          "",
          "~",
          "true",
          "0",
          "-1",
          "9223372036854775808",
          "1e400",
          ".nan",
          "0x7f",
          "2001-01-01",
          "[]",
          "{}",
          "[[a], {b: c}]",
          "{? [a] : b}",
          "? x",
          "!!binary aGk=",
          "!!set {a, b}",
          "!custom x",
          "&a [*a]",
          "*unknown",
          "&b {<<: *b}",
          "<<",
          "\"\\u0000\"",
          "'",
          "\"",
          "|\n  x",
          "${env:A",
          "${env:A:-${env:B:-}}",
          "${${A}}",
          "${file:/nonexistent}",
          "$A",
          "$$",
          "/",
          "otlp/",
          "/x",
          "forward",
          "unix:/x",
          "https://[::1",
          "http://a b",
          "host:99999999999",
          "1h1h1h",
          "99999999999h",
          "[forward, forward]",
          "- - - - -",
          "%",
          "\t",
          "---",
          "...");

  private static final List<String> TEXTS = texts();

  private static List<String> texts() {
    try (Stream<java.nio.file.Path> files = Files.list(CollectorFilesTest.FILES)) {
      List<String> texts = new ArrayList<>();
      for (java.nio.file.Path file : files.sorted().toList()) {
        texts.add(Files.readString(file));
      }
      return texts;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Property
  void aDamagedFileIsReadOrItsFaultsAreReported(@ForAll Random random) {
    check(damaged(random), Set.of(Signal.TRACES));
  }

  @Property(tries = 20)
  void deepNestingIsReadOrReported(@ForAll Random random) {
    int depth = 1 << random.nextInt(16);
    String open = random.nextBoolean() ? "[" : "{a: ";
    String close = open.equals("[") ? "]" : "}";
    String nested = open.repeat(depth) + (random.nextBoolean() ? close.repeat(depth) : "");
    check(with(TEXTS.get(random.nextInt(TEXTS.size())), random, nested), Set.of());
  }

  /** Each anchor stands for ten of the one before: a small file for a very large tree. */
  @Property(tries = 5)
  void anchorsThatMultiplyAreReported(@ForAll Random random) {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    int most = 6 + random.nextInt(20);
    for (int i = 1; i <= most; i++) {
      String item = "*a" + (i - 1);
      text.append("a%d: &a%d [%s]%n".formatted(i, i, (item + ", ").repeat(10)));
    }
    check(text + TEXTS.get(0), Set.of());
  }

  private static void check(String text, Set<Signal> only) {
    long start = System.nanoTime();
    List<Fault> faults = faults(text, only);
    if (faults != null) {
      assertThat(faults).isNotEmpty();
    }
    try {
      ConfigConversion conversion = ConfigConversion.of("c.yaml", text, Map.of(), only);
      ConfigLoader.compose("ours.yaml", conversion.text());
    } catch (ConfigException e) {
      assertThat(e.faults()).isNotEmpty();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
  }

  /** Returns null if the text is valid. */
  private static @Nullable List<Fault> faults(String text, Set<Signal> only) {
    try {
      ConfigLoader.parse("c.yaml", text, Map.of("API_KEY", "x"), only);
      return null;
    } catch (ConfigException e) {
      return e.faults();
    }
  }

  private static String damaged(Random random) {
    String text = TEXTS.get(random.nextInt(TEXTS.size()));
    for (int i = random.nextInt(4); i >= 0; i--) {
      text =
          switch (random.nextInt(6)) {
            case 0 -> bytes(text, random);
            case 1 -> lines(text, random);
            case 2 -> with(text, random, SCALARS.get(random.nextInt(SCALARS.size())));
            case 3 -> scalar(text, random);
            case 4 -> joined(text, random);
            default -> indented(text, random);
          };
    }
    return text;
  }

  /** Replaces some bytes. */
  private static String bytes(String text, Random random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3 && bytes.length > 0; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Swaps two lines, deletes one or writes one twice. */
  private static String lines(String text, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (lines.isEmpty()) {
      return text;
    }
    int one = random.nextInt(lines.size());
    int other = random.nextInt(lines.size());
    switch (random.nextInt(3)) {
      case 0 -> lines.remove(one);
      case 1 -> lines.add(other, lines.get(one));
      default -> {
        String line = lines.get(one);
        lines.set(one, lines.get(other));
        lines.set(other, line);
      }
    }
    return String.join("\n", lines);
  }

  /** Replaces what is after a colon. */
  private static String with(String text, Random random, String value) {
    List<Integer> colons =
        Stream.iterate(text.indexOf(": "), at -> at >= 0, at -> text.indexOf(": ", at + 1))
            .collect(Collectors.toList());
    if (colons.isEmpty()) {
      return value;
    }
    int from = colons.get(random.nextInt(colons.size())) + 2;
    int to = from;
    while (to < text.length() && ",}]\n".indexOf(text.charAt(to)) < 0) {
      to++;
    }
    return text.substring(0, from) + value + text.substring(to);
  }

  /** Replaces one word everywhere, so that keys and ids change, too. */
  private static String scalar(String text, Random random) {
    String[] words = text.split("[^A-Za-z0-9_/.]+");
    if (words.length == 0) {
      return text;
    }
    String word = words[random.nextInt(words.length)];
    String other =
        random.nextBoolean()
            ? words[random.nextInt(words.length)]
            : SCALARS.get(random.nextInt(SCALARS.size()));
    return word.isEmpty() ? text : text.replace(word, other);
  }

  /** Continues with the middle of another file. */
  private static String joined(String text, Random random) {
    String other = TEXTS.get(random.nextInt(TEXTS.size()));
    return text.substring(0, random.nextInt(text.length() + 1))
        + other.substring(random.nextInt(other.length() + 1));
  }

  private static String indented(String text, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (lines.isEmpty()) {
      return text;
    }
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    lines.set(at, random.nextBoolean() ? "  " + line : line.stripLeading());
    return String.join("\n", lines);
  }
}
