package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileCommandTest {

  @TempDir private Path folder;

  @Test
  void listNamesEachProfileWithItsBackend() {
    CommandRun run = CommandRun.of("profile", "list");

    assertThat(run.exitCode()).isZero();
    assertThat(run.lines())
        .hasSizeGreaterThan(15)
        .contains("phoenix     Phoenix, cloud or self-hosted");
  }

  @Test
  void whatShowPrintsIsAProfile() throws Exception {
    CommandRun shown = CommandRun.of("profile", "show", "langfuse");
    Path copy = Files.writeString(folder.resolve("mine.yaml"), shown.out());

    CommandRun checked = CommandRun.of("profile", "check", copy.toString());

    assertThat(shown.exitCode()).isZero();
    assertThat(checked.exitCode()).isZero();
    assertThat(checked.out()).contains("no faults");
  }

  @Test
  void aNameThatIsNotKnownGetsTheNearest() {
    CommandRun run = CommandRun.of("profile", "show", "phenix");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("did you mean phoenix?");
  }

  @Test
  void checkReportsEveryFaultWithItsLine() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("mine.yaml"),
            """
            description: mine
            vocabulary: other
            attributes:
              a: nothing
            """);

    CommandRun run = CommandRun.of("profile", "check", file.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(file + ":2:").contains(file + ":4:");
  }

  @Test
  void aFileThatCannotBeReadIsBadUsage() {
    assertThat(CommandRun.of("profile", "check", folder.resolve("none.yaml").toString()).exitCode())
        .isEqualTo(2);
  }

  @Test
  void processShowsWhatABackendWouldGet() {
    String capture = "src/test/resources/captures/langfuse__error_400__traces__01.json";

    assertThat(CommandRun.of("process", "--profile", "phoenix", capture).out())
        .contains("openinference.span.kind");
    assertThat(CommandRun.of("process", capture).out()).doesNotContain("openinference.span.kind");
    assertThat(CommandRun.of("process", "--profile", "phenix", capture).err())
        .contains("did you mean phoenix?");
  }

  @Test
  void processCutsToWhatABackendAccepts() throws Exception {
    Path profile =
        Files.writeString(
            folder.resolve("narrow.yaml"), "description: x\nlimits: {max_attribute_size: 64}\n");
    String capture = "src/test/resources/captures/langfuse__error_400__traces__01.json";

    assertThat(CommandRun.of("profile", "check", profile.toString()).exitCode()).isZero();
    assertThat(CommandRun.of("process", "--profile", profile.toString(), capture).out())
        .contains("…[truncated ");
    assertThat(CommandRun.of("process", capture).out()).doesNotContain("…[truncated ");
    assertThat(CommandRun.of("profile", "show", "grafana").out())
        .contains("max_attribute_size: 2KiB");
  }

  @Test
  void withoutASubcommandItSaysWhichThereAre() {
    CommandRun run = CommandRun.of("profile");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("list").contains("show").contains("check");
  }
}
