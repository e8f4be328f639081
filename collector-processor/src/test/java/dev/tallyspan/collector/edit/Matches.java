package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.MatchProperties.KeyMatch;
import dev.tallyspan.collector.edit.MatchProperties.Library;
import dev.tallyspan.collector.edit.MatchProperties.Severity;
import dev.tallyspan.collector.edit.MatchProperties.TextMatch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Properties for tests, of which one or two lists are set. */
final class Matches {

  private Matches() {}

  static TextMatch text(String text, boolean regexp) {
    return new TextMatch(text, regexp ? GoRegex.compile(text) : null);
  }

  /** Properties with one list of texts with one element. */
  static MatchProperties of(String list, String text, boolean regexp) {
    return of(Map.of(list, List.of(text(text, regexp))), null, List.of(), List.of(), List.of());
  }

  static MatchProperties attributes(KeyMatch... attributes) {
    return of(Map.of(), null, List.of(attributes), List.of(), List.of());
  }

  static MatchProperties resources(KeyMatch... resources) {
    return of(Map.of(), null, List.of(), List.of(resources), List.of());
  }

  static MatchProperties libraries(Library... libraries) {
    return of(Map.of(), null, List.of(), List.of(), List.of(libraries));
  }

  static MatchProperties severity(int min, boolean matchUndefined) {
    return of(Map.of(), new Severity(min, matchUndefined), List.of(), List.of(), List.of());
  }

  private static MatchProperties of(
      Map<String, List<TextMatch>> lists,
      @Nullable Severity severity,
      List<KeyMatch> attributes,
      List<KeyMatch> resources,
      List<Library> libraries) {
    return new MatchProperties(
        lists.getOrDefault("services", List.of()),
        lists.getOrDefault("span_names", List.of()),
        lists.getOrDefault("span_kinds", List.of()),
        lists.getOrDefault("log_bodies", List.of()),
        lists.getOrDefault("log_severity_texts", List.of()),
        severity,
        attributes,
        resources,
        libraries);
  }
}
