package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The dashboards in {@code packaging} use only what Grafana's dashboard schema, version 39, has, of
 * it only the keys and values that are listed here, and name only data sources and variables that
 * exist. Grafana ignores what it does not know, so that a mistake would be seen as an empty panel.
 */
class DashboardsTest {

  private static final Path GRAFANA = Path.of("..", "packaging", "compose", "grafana");

  private static final Set<String> DASHBOARD =
      Set.of(
          "uid",
          "title",
          "description",
          "tags",
          "schemaVersion",
          "editable",
          "refresh",
          "time",
          "templating",
          "links",
          "panels");
  private static final Set<String> PANEL =
      Set.of(
          "id",
          "type",
          "title",
          "description",
          "datasource",
          "gridPos",
          "fieldConfig",
          "targets",
          "options",
          "transformations");
  private static final Map<String, Set<String>> TARGET =
      Map.of(
          "prometheus",
          Set.of("refId", "datasource", "expr", "legendFormat", "instant", "range", "format"),
          "tempo",
          Set.of("refId", "datasource", "queryType", "query", "limit", "spss", "tableType"));
  private static final Map<String, Set<String>> OPTIONS =
      Map.of(
          "stat", Set.of("reduceOptions"),
          "timeseries", Set.of("legend", "tooltip"),
          "table", Set.of("sortBy"),
          "traces", Set.of());
  private static final Set<String> FIELD_DEFAULTS = Set.of("unit", "min", "custom");
  private static final Set<String> UNITS =
      Set.of("none", "short", "percentunit", "s", "bytes", "reqps");
  private static final Set<String> OVERRIDES = Set.of("displayName", "custom.hidden", "links");

  /** Variables that Grafana sets. */
  private static final Set<String> GIVEN = Set.of("__rate_interval", "__from", "__to", "__value");

  static Stream<Path> dashboards() throws Exception {
    try (Stream<Path> files = Files.list(GRAFANA.resolve("dashboards"))) {
      return files.toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void hasOnlyWhatTheSchemaHas(Path file) throws Exception {
    Map<?, ?> dashboard = map(load(file));

    assertThat(dashboard.get("schemaVersion")).isEqualTo(39);
    assertThat(DASHBOARD).containsAll(keys(dashboard));
    assertThat((String) dashboard.get("uid")).matches("tallyspan-[a-z]+");
    for (Map<?, ?> panel : panels(dashboard)) {
      String type = String.valueOf(panel.get("type"));
      assertThat(PANEL).as("%s", panel.get("title")).containsAll(keys(panel));
      assertThat(OPTIONS).containsKey(type);
      assertThat(OPTIONS.get(type)).containsAll(keys(map(panel.get("options"))));
      Map<?, ?> fields = map(panel.get("fieldConfig"));
      Map<?, ?> defaults = map(fields.get("defaults"));
      assertThat(FIELD_DEFAULTS).containsAll(keys(defaults));
      if (defaults.containsKey("unit")) {
        assertThat(UNITS).contains((String) defaults.get("unit"));
      }
      for (Object override : list(fields.get("overrides"))) {
        assertThat(map(map(override).get("matcher")).get("id")).isEqualTo("byName");
        for (Object property : list(map(override).get("properties"))) {
          assertThat(OVERRIDES).contains((String) map(property).get("id"));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsHaveIdsOfTheirOwnAndDoNotOverlap(Path file) throws Exception {
    Set<Object> ids = new HashSet<>();
    Set<String> cells = new HashSet<>();
    for (Map<?, ?> panel : panels(map(load(file)))) {
      assertThat(ids.add(panel.get("id"))).as("id %s", panel.get("id")).isTrue();
      Map<?, ?> at = map(panel.get("gridPos"));
      int left = (Integer) at.get("x");
      int width = (Integer) at.get("w");
      assertThat(left + width).as("%s", panel.get("title")).isBetween(1, 24);
      for (int x = left; x < left + width; x++) {
        for (int y = 0; y < (Integer) at.get("h"); y++) {
          assertThat(cells.add(x + "," + ((Integer) at.get("y") + y)))
              .as("%s", panel.get("title"))
              .isTrue();
        }
      }
    }
    assertThat(ids).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void targetsNameProvisionedDataSources(Path file) throws Exception {
    Map<String, String> provisioned = new HashMap<>();
    Path sources = GRAFANA.resolve("provisioning/datasources/datasources.yaml");
    for (Object source : list(map(load(sources)).get("datasources"))) {
      provisioned.put(
          String.valueOf(map(source).get("uid")), String.valueOf(map(source).get("type")));
    }
    for (Map<?, ?> panel : panels(map(load(file)))) {
      List<?> targets = list(panel.get("targets"));
      assertThat(targets).as("%s", panel.get("title")).isNotEmpty();
      Set<Object> refs = new HashSet<>();
      for (Object each : targets) {
        Map<?, ?> target = map(each);
        Map<?, ?> source = map(target.get("datasource"));
        assertThat(provisioned.get(String.valueOf(source.get("uid"))))
            .isEqualTo(source.get("type"));
        assertThat(TARGET.get(source.get("type"))).containsAll(keys(target));
        assertThat(target.containsKey("expr") || target.containsKey("query")).isTrue();
        assertThat(refs.add(target.get("refId"))).isTrue();
        assertThat(source).isEqualTo(panel.get("datasource"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void variablesAreDefined(Path file) throws Exception {
    Set<String> defined = new TreeSet<>(GIVEN);
    for (Object variable : list(map(map(load(file)).get("templating")).get("list"))) {
      assertThat((String) map(variable).get("type")).isIn("query", "textbox");
      defined.add(String.valueOf(map(variable).get("name")));
    }
    Matcher used =
        Pattern.compile("\\$\\{?([A-Za-z_]+)").matcher(String.valueOf(panels(map(load(file)))));
    while (used.find()) {
      assertThat(defined).contains(used.group(1));
    }
  }

  private static Object load(Path file) throws Exception {
    return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
  }

  private static List<Map<?, ?>> panels(Map<?, ?> dashboard) {
    List<Map<?, ?>> panels = new ArrayList<>();
    list(dashboard.get("panels")).forEach(panel -> panels.add(map(panel)));
    return panels;
  }

  /** Returns an empty map if the key is missing. */
  private static Map<?, ?> map(Object node) {
    return node == null ? Map.of() : (Map<?, ?>) node;
  }

  /** Returns an empty list if the key is missing. */
  private static List<?> list(Object node) {
    return node == null ? List.of() : (List<?>) node;
  }

  private static List<String> keys(Map<?, ?> map) {
    return map.keySet().stream().map(String::valueOf).toList();
  }
}
