package dev.tallyspan.semconv.content;

import java.util.List;

/** The prompts that the content policy is tested with, for tests in other packages. */
public final class PlantedPrompts {

  /**
   * @param value must not be in what leaves
   */
  public record Prompt(String text, String value) {
    /** Whether the value is in what leaves, whichever notation it has there. */
    public boolean leavesIn(String leaving) {
      String part = value.startsWith("-----") ? value.split("\n")[2] : value;
      return leaving.contains(part)
          || leaving.contains(part.replace("@", "\\u0040"))
          || leaving.contains(part.replace("@", "\\\\u0040"))
          || leaving.contains(part.replace("\\", "\\\\"));
    }
  }

  private PlantedPrompts() {}

  public static List<Prompt> all() {
    return PlantedCorpus.all().stream()
        .map(planted -> new Prompt(planted.text(), planted.value()))
        .toList();
  }
}
