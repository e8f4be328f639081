package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.scoring.Check;
import dev.tallyspan.collector.scoring.ScoringRule;
import dev.tallyspan.collector.scoring.Selection;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScorerConfigTest {

  private static final String FILE =
      """
      receivers:
        otlp: {protocols: {http: {}}}
      processors:
        tallyspan:
        scorer: %s
      exporters:
        otlp_http: {endpoint: "http://backend:4318"}
      service:
        pipelines:
          %s: {receivers: [otlp], processors: [%s], exporters: [otlp_http]}
      """;

  @Test
  void rulesHaveTheirChecksAndWhatTheyAreFor(@TempDir Path directory) throws Exception {
    Path schema = Files.writeString(directory.resolve("order.json"), "{\"type\": \"object\"}");

    ScorerConfig scorer =
        scorer(
            """
            {rules: [
                {name: a, max_latency: 2s},
                {name: b, max_cost: 0.05, operations: [invoke_agent], models: [gpt*], services: [shop]},
                {name: c, no_tool_error: true},
                {name: d, json_schema: 'FILE'}]}
            """
                .replace("FILE", schema.toString()));

    assertThat(scorer.rules())
        .startsWith(
            new ScoringRule(
                "a",
                new Selection(Selection.ANSWERS, Set.of(), Set.of()),
                new Check.MaxLatency(Duration.ofSeconds(2))),
            new ScoringRule(
                "b",
                new Selection(Set.of("invoke_agent"), Set.of("gpt*"), Set.of("shop")),
                new Check.MaxCost(new BigDecimal("0.05"))),
            new ScoringRule(
                "c", new Selection(Selection.TOOLS, Set.of(), Set.of()), new Check.NoToolError()));
    assertThat(scorer.rules().get(3).check()).isInstanceOf(Check.Json.class);
    assertThat(scorer.webhook()).isNull();
  }

  @Test
  void webhookHasDefaultsAndItsTextShowsNoKey() throws Exception {
    ScorerConfig scorer =
        scorer("{webhook: {url: 'https://judge.example.com/?key=s3cret', headers: {x: s3cret}}}");

    assertThat(scorer.webhook()).isNotNull();
    assertThat(scorer.webhook().timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(scorer.webhook().share()).isEqualTo(1);
    assertThat(scorer.webhook().batchSize()).isEqualTo(20);
    assertThat(scorer.toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 5:11: processors.scorer: scores nothing: set rules or webhook",
        "{rules: []} | processors.scorer.rules: at least one is needed",
        "{rules: [{max_latency: 1s}]} | processors.scorer.rules[0]: name is missing",
        "{rules: [{name: a, max_latency: 1s}, {name: a, max_cost: 1}]} | processors.scorer.rules[1].name: a is the name of two rules",
        "{rules: [{name: a}]} | processors.scorer.rules[0]: needs one of must_match, must_not_match, json_schema",
        "{rules: [{name: a, max_cost: 1, max_latency: 1s}]} | it has max_latency and max_cost",
        "{rules: [{name: a, must_match: '('}]} | processors.scorer.rules[0].must_match: not a regular expression",
        "{rules: [{name: a, max_latency: 0s}]} | processors.scorer.rules[0].max_latency: must be more than 0",
        "{rules: [{name: a, max_cost: -1}]} | processors.scorer.rules[0].max_cost: must not be negative",
        "{rules: [{name: a, no_tool_error: false}]} | processors.scorer.rules[0].no_tool_error: must be true",
        "{rules: [{name: a, json_schema: gone.json}]} | processors.scorer.rules[0].json_schema: gone.json: the file cannot be read",
        "{rules: [{name: a, max_cost: 1, model: gpt}]} | unknown key processors.scorer.rules[0].model; did you mean models?",
        "{webhook: {}} | processors.scorer.webhook: url is missing",
        "{webhook: {url: 'http://a', share: 2}} | processors.scorer.webhook.share: must be from 0 to 1, not 2.0",
        "{webhook: {url: 'http://a', timeout: 1ms}} | processors.scorer.webhook.timeout: must be 100ms or longer",
        "{webhook: {url: 'http://a', content_policy: all}} | processors.scorer.webhook.content_policy"
      })
  void faultsNameTheKey(String scorer, String fault) {
    assertThatThrownBy(() -> scorer(scorer))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "traces | scorer, tallyspan | service.pipelines.traces.processors: scorer must come after tallyspan",
        "traces | scorer | service.pipelines.traces.processors: scorer needs the processor tallyspan before it",
        "logs | tallyspan, scorer | service.pipelines.logs.processors: scorer takes traces, not logs"
      })
  void scorerMustBeWhereItCanScore(String pipeline, String processors, String fault) {
    assertThatThrownBy(() -> parse("{rules: [{name: a, max_cost: 1}]}", pipeline, processors))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(fault);
  }

  private static ScorerConfig scorer(String yaml) throws ConfigException {
    return parse(yaml, "traces", "tallyspan, scorer").scorers().get(0);
  }

  private static CollectorConfig parse(String scorer, String pipeline, String processors)
      throws ConfigException {
    return ConfigLoader.parse(
        "test.yaml", FILE.formatted(scorer.strip(), pipeline, processors), Map.of());
  }
}
