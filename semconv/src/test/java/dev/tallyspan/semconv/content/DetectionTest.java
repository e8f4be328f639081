package dev.tallyspan.semconv.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.content.PlantedCorpus.Planted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How many planted values are found, and how many benign texts are left alone. */
class DetectionTest {

  private static final ContentPolicy POLICY = ContentPolicy.of(ContentMode.REDACTED);

  @Test
  void plantedValuesDoNotLeave() {
    List<Planted> corpus = PlantedCorpus.all();
    assertThat(corpus).hasSize(200);
    Map<String, int[]> foundOfAll = new TreeMap<>();
    List<String> missed = new ArrayList<>();
    for (Planted planted : corpus) {
      int[] counts = foundOfAll.computeIfAbsent(planted.kind(), kind -> new int[2]);
      counts[1]++;
      if (leaves(planted)) {
        missed.add(planted.kind() + " | " + planted.text());
      } else {
        counts[0]++;
      }
    }
    StringBuilder table = new StringBuilder();
    foundOfAll.forEach((kind, n) -> table.append(kind + " " + n[0] + "/" + n[1] + ", "));
    System.out.printf(
        Locale.ROOT,
        "recall %d/200 (%s)%n",
        200 - missed.size(),
        table.substring(0, table.length() - 2));
    assertThat(missed).hasSizeLessThanOrEqualTo(4); // 98 %
  }

  /** Whether the value is in what leaves, whichever notation it has there. */
  private static boolean leaves(Planted planted) {
    String redacted = POLICY.text("gen_ai.input.messages", planted.text()).value();
    String value = planted.value();
    String part = value.startsWith("-----") ? value.split("\n")[2] : value;
    Unescaped view = Unescaped.of(redacted);
    return redacted.contains(part)
        || (view != null && view.text().contains(part))
        || digits(redacted).contains(digits(value)) && digits(value).length() > 6;
  }

  private static String digits(String text) {
    return text.replaceAll("[^0-9]", "");
  }

  @Test
  void benignTextsStayAsTheyAre() {
    List<String> corpus = BenignCorpus.all();
    assertThat(corpus).hasSize(200);
    List<String> changed = new ArrayList<>();
    for (String text : corpus) {
      String redacted = POLICY.text("gen_ai.input.messages", text).value();
      if (!text.equals(redacted)) {
        changed.add(text + "\n   -> " + redacted);
      }
    }
    System.out.printf(Locale.ROOT, "false positives %d/200%n", changed.size());
    assertThat(changed).hasSizeLessThanOrEqualTo(2); // 1 %
  }
}
