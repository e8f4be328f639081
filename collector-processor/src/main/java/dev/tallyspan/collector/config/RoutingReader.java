package dev.tallyspan.collector.config;

import dev.tallyspan.collector.edit.Condition;
import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.edit.RouteRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a processor {@code tallyspan_routing}: the connector {@code routing}, as {@link
 * ForwardedPipelines} writes it for one of its pipelines.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/connector/routingconnector">Collector,
 *     routing connector</a>
 */
final class RoutingReader {

  /** The type of the processor. */
  static final String TYPE = "tallyspan_routing";

  /** The connector that it was made of. */
  static final String CONNECTOR = "connector";

  /** The pipeline that it is for. */
  static final String PIPELINE = "pipeline";

  private static final Map<String, Boolean> ERROR_MODES =
      Map.of("ignore", true, "silent", true, "propagate", true);
  private static final Map<String, Boolean> TAKES = Map.of("move", true, "copy", false);
  private static final Pattern STATEMENT =
      Pattern.compile("\\s*route\\(\\s*\\)\\s*(?:where\\s(.*))?", Pattern.DOTALL);

  private final Section section;

  /** The connector, for messages. */
  private final String name;

  private final String pipeline;

  private RoutingReader(Section section) {
    this.section = section;
    name = "connectors." + section.text(CONNECTOR, "routing");
    pipeline = section.text(PIPELINE, "");
  }

  static EditConfig read(String id, Section section) {
    EditConfig config = new EditConfig(id, new RoutingReader(section).rules());
    section.end();
    return config;
  }

  private RouteRules rules() {
    // Has no effect: data whose condition cannot be decided goes on to the next route.
    section.choice("error_mode", ERROR_MODES);
    if (!section.bool("match_once", true)) {
      section.error(
          "match_once",
          name
              + ".match_once: false is not supported: write action: copy in the entries that let"
              + " others have the same data");
    }
    List<RouteRules.Route> routes = new ArrayList<>();
    int index = 0;
    for (Section row : section.sections("table")) {
      RouteRules.Route route = route(row, name + ".table[" + index++ + "]");
      if (route != null) {
        routes.add(route);
      }
      row.end();
    }
    return new RouteRules(routes, section.texts("default_pipelines").contains(pipeline));
  }

  /** Returns null if it has a fault, which is reported. */
  private RouteRules.@Nullable Route route(Section row, String at) {
    boolean takes = row.choice("action", TAKES, true);
    String context = row.text("context", "resource");
    String statement = row.text("statement");
    String condition = row.text("condition");
    boolean here = row.texts("pipelines").contains(pipeline);
    if (context.equals("request")) {
      row.error(
          "context",
          at
              + ".context: request is not supported: headers of requests are not kept; let senders"
              + " authenticate with tokens that have a tenant, and route by"
              + " resource.attributes[\"tenant.id\"]");
      return null;
    }
    if (!context.equals("resource") && !context.equals("span")) {
      row.error(
          "context",
          at
              + ".context: must be one of resource, span, not "
              + context
              + ": only traces are routed");
      return null;
    }
    if ((statement == null) == (condition == null)) {
      row.error("table", at + ": set either statement or condition");
      return null;
    }
    String text = condition;
    if (statement != null) {
      Matcher matcher = STATEMENT.matcher(statement);
      if (!matcher.matches()) {
        row.error(
            "statement",
            at + ".statement: must be route() where ...; use the processor transform for changes");
        return null;
      }
      text = matcher.group(1) == null ? "true" : matcher.group(1);
    }
    Context of = context.equals("span") ? Context.SPAN : Context.RESOURCE;
    try {
      return new RouteRules.Route(Condition.parse(String.valueOf(text), of, of), takes, here);
    } catch (IllegalArgumentException e) {
      String key = statement == null ? "condition" : "statement";
      row.error(key, at + "." + key + ": " + e.getMessage());
      return null;
    }
  }
}
