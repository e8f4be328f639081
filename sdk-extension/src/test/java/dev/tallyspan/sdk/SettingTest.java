package dev.tallyspan.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingTest {

  private static final Path DOCUMENT = Path.of("../docs/sdk-extension.md");
  private static final Path OF_POLICY = Path.of("../docs/content-policy.md");

  @Test
  void documentHasExactlyTheSettingsInTheirOrder() throws IOException {
    List<String> documented =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.contains("otel.tallyspan.") && line.startsWith("| "))
            .map(SettingTest::withoutMeaning)
            .toList();
    List<String> settings =
        Stream.of(Setting.values())
            .filter(setting -> setting.property() != null && !isOfPolicy(setting))
            .map(SettingTest::row)
            .toList();

    assertThat(documented).isEqualTo(settings);
  }

  /** They have a table of their own, which is also that of Spring Boot. */
  @Test
  void documentOfTheContentPolicyHasItsSettings() throws IOException {
    List<String> documented =
        Files.readAllLines(OF_POLICY).stream()
            .filter(line -> line.startsWith("| `tallyspan.content-policy."))
            .map(SettingTest::withoutMeaning)
            .toList();
    List<String> settings =
        Stream.of(Setting.values())
            .filter(SettingTest::isOfPolicy)
            .map(SettingTest::rowOfPolicy)
            .toList();

    assertThat(documented).isEqualTo(settings);
  }

  private static boolean isOfPolicy(Setting setting) {
    return setting.fullPath().startsWith("content_policy.");
  }

  private static String rowOfPolicy(Setting setting) {
    return String.join(
        " | ",
        "| " + code("tallyspan." + setting.fullPath().replace('_', '-')),
        code(setting.property()),
        code(setting.path()),
        setting.otherwise());
  }

  @Test
  void documentHasTheSettingThatIsNoProperty() throws IOException {
    assertThat(Files.readAllLines(DOCUMENT))
        .anyMatch(line -> withoutMeaning(line).equals(row(Setting.DIALECTS)));
  }

  @Test
  void everySettingHasAMethodInCodeUnlessCodeNeedsNone() {
    Set<String> methods =
        Arrays.stream(LlmEnrichment.Builder.class.getMethods())
            .map(Method::getName)
            .collect(Collectors.toSet());

    assertThat(Setting.values())
        .allMatch(setting -> setting.method().isEmpty() || methods.contains(setting.method()));
    assertThat(Stream.of(Setting.values()).filter(setting -> setting.method().isEmpty()))
        .containsExactly(Setting.ENABLED, Setting.DOCTOR);
  }

  private static String row(Setting setting) {
    return String.join(
        " | ",
        "| " + code(setting.method()),
        code(setting.property()),
        code(setting.environment()),
        code(setting.inFiles() ? setting.path() : ""),
        setting.otherwise());
  }

  private static String code(String text) {
    return text == null || text.isEmpty() ? "–" : "`" + text + "`";
  }

  private static String withoutMeaning(String line) {
    int last = line.lastIndexOf(" | ");
    return last < 0 ? line : line.substring(0, last);
  }
}
