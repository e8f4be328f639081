package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What users copy from docs/configuration.md is taken as it is. */
class DocumentedExamplesTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  private static List<String> examples() throws Exception {
    List<String> examples = new ArrayList<>();
    Matcher matcher = YAML.matcher(Files.readString(DOCUMENT));
    while (matcher.find()) {
      examples.add(matcher.group(1));
    }
    return examples;
  }

  private static CollectorConfig load(String text) throws Exception {
    return ConfigLoader.parse(
        "docs", text, Map.of("LANGFUSE_AUTH", "a", "PHOENIX_API_KEY", "b", "SEARCH_TOKEN", "c"));
  }

  @Test
  void everyExampleIsTaken() throws Exception {
    int exporters = 0;
    for (String example : examples()) {
      String rest = "receivers: {otlp: {protocols: {grpc: }}}\nprocessors: {tallyspan: }\n";
      if (example.startsWith("exporters:")) {
        String id = example.lines().skip(1).findFirst().orElseThrow().trim().replace(":", "");
        exporters +=
            load(rest
                    + example
                    + "service: {pipelines: {traces: {receivers: [otlp],"
                    + " processors: [tallyspan], exporters: ["
                    + id
                    + "]}}}\n")
                .exporters()
                .size();
      } else if (example.startsWith("processors:")) {
        load(
            "receivers: {otlp: {protocols: {grpc: }}}\n"
                + example
                + "exporters: {otlp_grpc: {endpoint: 'jaeger:4317'}}\n"
                + "service: {pipelines: {traces: {receivers: [otlp], processors: [tallyspan],"
                + " exporters: [otlp_grpc]}}}\n");
      } else if (example.startsWith("service:")) {
        load(rest + "exporters: {otlp_grpc/jaeger: {endpoint: 'jaeger:4317'}}\n" + example);
      } else {
        CollectorConfig config = load(example);
        exporters += config.exporters().size();
        assertThat(config.warnings()).isEmpty();
      }
    }

    assertThat(exporters).isEqualTo(14);
  }
}
