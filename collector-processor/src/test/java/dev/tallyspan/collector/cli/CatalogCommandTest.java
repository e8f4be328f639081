package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogCommandTest {

  private static final String AT = "--at=2026-09-01T00:00:00Z";

  private static final String LITELLM =
      """
      {"m": {"litellm_provider": "openai", "mode": "chat",
         "input_cost_per_token": 5e-06, "output_cost_per_token": 3e-05},
       "zero": {"litellm_provider": "openai", "input_cost_per_token": 0.0}}
      """;

  @TempDir private Path folder;

  @Test
  void showNamesTheCardsInForceWithTheirRates() throws Exception {
    CommandRun run =
        CommandRun.of(
            "catalog", "show", "m", "--provider=acme", AT, "--catalog=" + file("a.json", "4/M"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.lines())
        .containsExactly(
            "acme/m, catalog test",
            "  acme/m from 2026-08-21T00:00:00Z",
            "    input                      4 USD/M",
            "    web_searches               0.01 USD",
            "  ×1.1 where geo=eu");
  }

  @Test
  void showOfAnEarlierTimeHasTheEarlierRate() throws Exception {
    CommandRun run =
        CommandRun.of(
            "catalog",
            "show",
            "m",
            "--provider=acme",
            "--at=2026-08-01T00:00:00Z",
            "--catalog=" + file("a.json", "4/M"));

    assertThat(run.out()).contains("until 2026-08-21T00:00:00Z").contains("5 USD/M");
  }

  @Test
  void showFindsAShippedModelByItsNameAlone() {
    CommandRun run = CommandRun.of("catalog", "show", "gpt-4o", AT);

    assertThat(run.exitCode()).isZero();
    assertThat(run.lines().get(0)).startsWith("openai/gpt-4o, catalog ");
    assertThat(run.out()).containsPattern("input +2\\.5 USD/M");
  }

  @Test
  void modelThatTheCatalogHasNotIsOneLineOnStderr() {
    CommandRun run = CommandRun.of("catalog", "show", "gpt-99", "--provider=openai");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err())
        .startsWith("tallyspan catalog show: catalog ")
        .contains("has no model gpt-99 of openai");
  }

  @Test
  void diffNamesWhatChanged() throws Exception {
    CommandRun run =
        CommandRun.of("catalog", "diff", file("a.json", "4/M"), file("b.json", "3/M"), AT);

    assertThat(run.exitCode()).isZero();
    assertThat(run.lines())
        .containsExactly(
            "~ acme/m input 0.000004 -> 0.000003", "0 cards added, 0 removed, 1 rates changed");
  }

  @Test
  void shippedCatalogStandsForItself() {
    assertThat(CommandRun.of("catalog", "diff", "shipped", "shipped").lines())
        .containsExactly("0 cards added, 0 removed, 0 rates changed");
  }

  @Test
  void importWritesACatalogThatCanBeChecked() throws Exception {
    Path table = Files.writeString(folder.resolve("table.json"), LITELLM);
    Path out = folder.resolve("catalog.json");
    CommandRun run =
        CommandRun.of(
            "catalog", "import", "--format=litellm", table.toString(), "-o", out.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("zero").endsWith("1 models, 1 notes" + System.lineSeparator());
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("table.json", "catalog.json");
    CommandRun check = CommandRun.of("catalog", "check", out.toString());
    assertThat(check.exitCode()).isZero();
    assertThat(check.out()).contains(out + ": version litellm@").contains(", 1 models");
  }

  @Test
  void importWithoutAFileToWriteGoesToStdoutUnderItsVersion() throws Exception {
    Path table = Files.writeString(folder.resolve("table.json"), LITELLM);
    CommandRun run =
        CommandRun.of(
            "catalog", "import", "--format", "litellm", "--version=mine-1", table.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("{").contains("\"mine-1\"").contains("tallyspan-prices/1");
  }

  @Test
  void tableOfAnotherFormatIsBadInput() throws Exception {
    Path table = Files.writeString(folder.resolve("table.json"), "[1]");
    CommandRun run = CommandRun.of("catalog", "import", "--format=litellm", table.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains(table.toString()).contains("give the table as published");
  }

  @Test
  void faultOfACatalogIsNamedByItsLine() throws Exception {
    CommandRun run = CommandRun.of("catalog", "check", file("a.json", "-4/M"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("a.json:4 negative rate");
  }

  @Test
  void everyFaultOfACatalogHasALineOfItsOwn() throws Exception {
    Path catalog =
        Files.writeString(
            folder.resolve("c.json"),
            """
            {"format": "tallyspan-prices/1", "version": "v", "currency": "USD", "providers": {"acme":
              {"models": {"m": {"cards": [{"rates": {"input": "-4/M"}}]},
                "n": {"cards": [{"rates": {"inptu": "4/M"}}]}}}}}
            """);
    CommandRun run = CommandRun.of("catalog", "check", catalog.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).contains("c.json:2 negative rate"))
        .anySatisfy(line -> assertThat(line).contains("c.json:3 unknown unit \"inptu\""));
  }

  @Test
  void exampleThatComesOutOtherwiseFailsTheCheck() throws Exception {
    String vectors =
        """
        {"schema": "llm-cost-vectors/1", "vectors": [{"id": "smoke", "provider": "acme", "model": "m",
          "usage": {"input_tokens": 1000}, "usage_semantics": "inclusive",
          "conditions": {"at": "2026-09-01T12:00:00Z"},
          "expected": {"status": "priced", "total_usd": "0.004", "line_items": [
            {"bucket": "input", "quantity": "1000", "amount_usd": "0.004"}]}}]}
        """;
    String examples = Files.writeString(folder.resolve("vectors.json"), vectors).toString();

    CommandRun right =
        CommandRun.of("catalog", "check", file("a.json", "4/M"), "--vectors", examples);
    assertThat(right.exitCode()).isZero();
    assertThat(right.out()).contains("1 passed, 0 failed");
    CommandRun wrong =
        CommandRun.of("catalog", "check", file("b.json", "3/M"), "--vectors", examples);
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.out()).contains("smoke: expected").contains("0 passed, 1 failed");
  }

  @ParameterizedTest
  @CsvSource({"show", "diff", "import", "check"})
  void everyCommandHasItsHelp(String command) {
    CommandRun run = CommandRun.of("catalog", command, "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Usage: tallyspan catalog " + command);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "catalog | missing command: use one of",
        "catalog show | Missing required parameter: 'MODEL'",
        "catalog show gpt-4o --at noon | use the format 2026-11-22T12:00:00Z",
        "catalog diff shipped | Missing required parameter: 'B'",
        "catalog import --format excel x.csv | is not one of litellm, genai-prices, models.dev",
        "catalog import x.json | Missing required option: '--format=FORMAT'"
      })
  void badUsageIsOneLineAndExitCode2(String command, String says) {
    CommandRun run = CommandRun.of(command.split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("tallyspan catalog").contains(says);
  }

  private String file(String name, String rate) throws Exception {
    return Files.writeString(
            folder.resolve(name),
            """
            {"format": "tallyspan-prices/1", "version": "test", "currency": "USD", "providers": {
              "acme": {"models": {"m": {"cards": [
                {"rates": {"input": "5/M"}},
                {"from": "2026-08-21", "rates": {"input": "%s", "web_searches": "10/k"}}],
                "adjustments": [{"when": {"geo": "eu"}, "factor": "1.1"}]}}}}}
            """
                .formatted(rate))
        .toString();
  }
}
