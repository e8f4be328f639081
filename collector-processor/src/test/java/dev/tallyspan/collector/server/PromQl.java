package dev.tallyspan.collector.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a query of Prometheus asks for. */
final class PromQl {

  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]|\\boffset\\s+\\w+");
  private static final Pattern SELECTOR =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(\\{[^}]*}|\\(|)");
  private static final Pattern MATCHER =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|=)\\s*\"([^\"]*)\"");
  private static final List<String> WORDS = List.of("or", "and", "unless", "bool");

  private PromQl() {}

  /**
   * A metric that a query names.
   *
   * @param labels patterns of values by label; those that a dashboard's variable sets are left out
   */
  record Selector(String metric, Map<String, Pattern> labels) {

    /** Whether the series of an exposition in Prometheus' text format has this name and labels. */
    boolean matches(String line) {
      if (!line.startsWith(metric + "{") && !line.startsWith(metric + " ")) {
        return false;
      }
      return labels.entrySet().stream()
          .allMatch(
              label -> {
                Matcher value =
                    Pattern.compile("[{,]" + label.getKey() + "=\"([^\"]*)\"").matcher(line);
                return value.find() && label.getValue().matcher(value.group(1)).matches();
              });
    }
  }

  /**
   * Returns the selectors of a query, without those of {@code up}, which Prometheus itself makes.
   */
  static List<Selector> selectors(String query) {
    String bare = RANGE.matcher(GROUPING.matcher(query).replaceAll(" ")).replaceAll(" ");
    List<Selector> selectors = new ArrayList<>();
    Matcher names = SELECTOR.matcher(bare);
    while (names.find()) {
      String name = names.group(1);
      if (names.group(2).equals("(") || WORDS.contains(name) || name.equals("up")) {
        continue;
      }
      Map<String, Pattern> labels = new LinkedHashMap<>();
      Matcher matchers = MATCHER.matcher(names.group(2));
      while (matchers.find()) {
        String value = matchers.group(3);
        if (!value.startsWith("$")) {
          labels.put(
              matchers.group(1),
              Pattern.compile(matchers.group(2).equals("=~") ? value : Pattern.quote(value)));
        }
      }
      selectors.add(new Selector(name, labels));
    }
    return selectors;
  }
}
