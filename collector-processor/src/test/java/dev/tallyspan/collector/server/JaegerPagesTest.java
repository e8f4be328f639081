package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The settings for Jaeger's pages in {@code packaging} name attributes and pages that exist. */
class JaegerPagesTest {

  private static final Path COMPOSE = Path.of("..", "packaging", "compose");
  private static final Path ATTRIBUTES = Path.of("..", "docs", "attributes.md");

  @Test
  void firstAttributesAreThoseThatTallyspanWrites() throws Exception {
    String attributes = Files.readString(ATTRIBUTES);

    List<String> prefixes =
        ((List<?>) settings().get("topTagPrefixes")).stream().map(String::valueOf).toList();

    assertThat(prefixes)
        .hasSizeGreaterThan(3)
        .startsWith("gen_ai.usage.cost") // which Tallyspan writes for backends
        .filteredOn(prefix -> !prefix.equals("gen_ai.usage.cost"))
        .allMatch(prefix -> attributes.contains("| `" + prefix));
  }

  @Test
  void linksOfTracesOpenADashboardForThatTrace() throws Exception {
    List<?> links = (List<?>) settings().get("linkPatterns");

    assertThat(links).hasSize(2);
    Map<?, ?> link = (Map<?, ?>) links.get(0);
    assertThat(link.get("type")).isEqualTo("traces");
    assertThat((String) link.get("url"))
        .isEqualTo("http://localhost:3000/d/tallyspan-traces?var-traceId=#{traceID}");
    assertThat(Files.readString(COMPOSE.resolve("grafana/dashboards/traces.json")))
        .contains("\"uid\": \"tallyspan-traces\"", "\"name\": \"traceId\"");
  }

  @Test
  void linksOfTracesOpenTheViewer() throws Exception {
    List<?> links = (List<?>) settings().get("linkPatterns");

    assertThat(((Map<?, ?>) links.get(1)).get("url"))
        .isEqualTo("http://localhost:8787/traces/#{traceID}");
    assertThat(Files.readString(COMPOSE.resolve("docker-compose.yaml")))
        .contains("127.0.0.1:8787:8787", "VIEWER_TOKEN");
    assertThat(Files.readString(COMPOSE.resolve("collector.yaml")))
        .contains("viewer:", "token_env: VIEWER_TOKEN");
  }

  @Test
  void composeGivesThemToJaeger() throws Exception {
    assertThat(Files.readString(COMPOSE.resolve("docker-compose.yaml")))
        .contains("jaeger_query.ui.config_file=/etc/jaeger/ui.json", "./jaeger:/etc/jaeger:ro");
  }

  private static Map<?, ?> settings() throws Exception {
    return (Map<?, ?>)
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(COMPOSE.resolve("jaeger/ui.json"))); // JSON is YAML.
  }
}
