package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What users copy from docs/backends is taken as it is, and each profile has a page. */
class BackendPagesTest {

  private static final Path PAGES = Path.of("..", "docs", "backends");
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern VARIABLE = Pattern.compile("(?m)\\b([A-Z][A-Z0-9_]+)=(\\S+)");
  private static final Pattern ID = Pattern.compile("(?m)^  ([a-z0-9_]+(?:/[a-z]+)?):");

  static List<String> profiles() {
    return BackendProfiles.names();
  }

  static List<Path> pages() throws Exception {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void eachProfileHasAPageThatTheOverviewLinks(String profile) throws Exception {
    String page = Files.readString(PAGES.resolve(profile + ".md"));

    assertThat(Files.readString(PAGES.resolve("README.md"))).contains("(" + profile + ".md)");
    assertThat(page).contains("Limits");
  }

  /** The settings of a recipe choose the profile, and with its variables there is no warning. */
  @ParameterizedTest
  @MethodSource("profiles")
  void theSettingsOnAPageUseItsProfile(String profile) throws Exception {
    String page = Files.readString(PAGES.resolve(profile + ".md"));
    CollectorConfig config = load(exporters(page).get(0), variables(page));

    assertThat(config.exporters()).hasSize(1);
    assertThat(config.exporters().get(0).profile().backend()).isNotNull();
    assertThat(config.exporters().get(0).profile().backend().profile().name()).isEqualTo(profile);
    assertThat(config.warnings()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyExampleIsTaken(Path page) throws Exception {
    String text = Files.readString(page);
    for (String example : examples(text)) {
      if (example.startsWith("exporters:")) {
        load(example, variables(text));
      } else if (example.startsWith("description:")) {
        BackendProfileReader.read("mine", page.toString(), example);
      } else {
        assertThat(example).startsWith("connectors:");
        ConfigLoader.parse(
            page.toString(),
            "receivers: {otlp: {protocols: {grpc: }}}\nprocessors: {tallyspan: }\n"
                + example
                + "service: {pipelines: {traces: {receivers: [otlp], processors: [tallyspan],"
                + " exporters: ["
                + ids(example)
                + "]}}}\n",
            Map.of());
      }
    }
  }

  @Test
  void theTableOfSizesIsThatOfTheProfiles() throws Exception {
    String overview = Files.readString(PAGES.resolve("README.md"));
    int start = overview.indexOf("| profile | attribute |");
    String table = overview.substring(start, overview.indexOf("\n\n", start));

    for (String name : profiles()) {
      boolean limited = !BackendProfiles.get(name).limits().isNone();
      assertThat(table.contains("`" + name + "`")).as(name).isEqualTo(limited);
    }
  }

  private static Map<String, String> variables(String page) {
    Map<String, String> variables = new HashMap<>();
    Matcher variable = VARIABLE.matcher(page);
    while (variable.find()) {
      variables.put(variable.group(1), variable.group(2));
    }
    return variables;
  }

  private static List<String> examples(String text) {
    return YAML.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static List<String> exporters(String text) {
    List<String> found = new ArrayList<>(examples(text));
    found.removeIf(example -> !example.startsWith("exporters:"));
    return found;
  }

  private static String ids(String example) {
    return String.join(", ", ID.matcher(example).results().map(MatchResult::group).toList())
        .replace(":", "");
  }

  private static CollectorConfig load(String example, Map<String, String> env) throws Exception {
    String service = "service:";
    String rest =
        example.contains(service)
            ? ""
            : "service: {pipelines: {traces: {receivers: [otlp], processors: [tallyspan],"
                + " exporters: ["
                + ids(example)
                + "]}}}\n";
    return ConfigLoader.parse(
        "docs",
        "receivers: {otlp: {protocols: {grpc: }}}\nprocessors: {tallyspan: }\n" + example + rest,
        env);
  }
}
