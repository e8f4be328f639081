package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.read.Registry.Attribute;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.AttributeKey;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The document for users as the registry gives it. */
final class RegistryDocument {

  private static final Set<String> WRITTEN =
      Slot.all().stream()
          .map(slot -> String.valueOf(slot.key(ConventionVersion.GENAI_DEV)))
          .collect(Collectors.toSet());

  private RegistryDocument() {}

  static String text() {
    return """
    # Attributes

    This page lists the attributes, spans, events and metrics of the GenAI conventions and of
    Tallyspan, and explains what Tallyspan writes on an LLM span. It is generated from the registry
    of the module `semconv`, which has a typed constant for everything listed here:
    `GenAiAttributes`, `TallyspanAttributes`, `GenAiSpanType`, `GenAiEvents`, `GenAiMetrics`.

    Attributes that arrive with a span stay on it unless you configure otherwise. If the span
    already has an attribute listed below, Tallyspan corrects only a wrong type, or a count that
    excludes its parts. Content that arrives under its standard name is not changed, only written
    in the configured form.

    Tallyspan adds some values because readers require them:

    * Every output message has a `finish_reason`: its own, else the span's for that message, else
      `tool_call` for a message that calls a tool, `error` for the last message of a failed span,
      and `stop` for all others. If one message has none, readers that validate messages drop all
      messages of the span.
    * Every retrieved document has an `id`, by default its position starting at 0, and a numeric
      `score`. If the score is unknown, `score` is 0 and `score_known` is false. A distance is not
      a score.
    * Input tokens written to a cache are on the span under both of their names, `cache_write` and
      `cache_creation`, unless the [configuration](configuration.md) or the destination requires
      only one.

    On a span that is not billed (`tallyspan.cost.status` is `aggregate`, `duplicate` or
    `not_billable`), Tallyspan does not add or correct `gen_ai.usage.*` attributes, and it does not
    add a model next to counts that the sender wrote: a backend that sums or prices every span
    would count the call twice. Instead, the values are written as `tallyspan.usage.*` and
    `tallyspan.*.model`. Parts of a count that are 0 are not added. Texts to embed are not written
    as messages.

    ## Attributes of the GenAI conventions

    *Since* is the first generation that has the attribute, among those that Tallyspan can write:
    `core-1.41` is the last generation in the core conventions; `genai-dev` is the separate
    repository of the GenAI conventions, which has no release yet. If the target is `core-1.41`, attributes that exist only
    in `genai-dev` are not written, except under the older name if one is given. *any* is written
    as JSON text, or as a structured value if you configure it.

    """
        + attributes(a -> !a.isOwn() && WRITTEN.contains(a.key()), /* since= */ true)
        + "\n## Attributes of Tallyspan\n\n"
        + attributes(Attribute::isOwn, /* since= */ false)
        + """

    ## Attributes of identity

    For whom a call was made. Tallyspan reads users, sessions, conversations and tags in every dialect,
    and writes the first three under these names. The [tracing API](tracing-api.md#identity) writes all of them.

    | attribute | type | meaning |
    |---|---|---|
    | `user.id` | string | The user of the application. |
    | `session.id` | string | The session of the user. |
    | `gen_ai.conversation.id` | string | The conversation. |
    | `tag.tags` | string[] | Tags, under the name that most backends read: that of OpenInference. |
    | `tallyspan.metadata` | template | What else the application says about the call, by name: `tallyspan.metadata.plan`. Labels of [metrics](configuration.md#connectors) can be taken from it. |

    ## Attributes that Tallyspan does not write

    These attributes of the conventions have a constant, but Tallyspan does not write them on the
    spans that it reads. The [tracing API](tracing-api.md) writes those of MCP and of prompts.
    The type *template* means a family of keys: the key shown, a dot, and a name.

    """
        + attributes(a -> !a.isOwn() && !WRITTEN.contains(a.key()), /* since= */ true)
        + """

    ## Spans

    A client span may have the kind INTERNAL if the model or the store runs in the same process.

    """
        + spans()
        + "\n## Events\n\n"
        + events()
        + """

    ## Metrics

    The boundaries are those that the conventions recommend; for the histograms of tokens per call,
    they are those of v1.41. The [tracing API](tracing-api.md) records these metrics; nothing else of
    Tallyspan does.

    """
        + metrics();
  }

  private static String attributes(Predicate<Attribute> which, boolean since) {
    StringBuilder table = new StringBuilder();
    table.append(
        since
            ? "| attribute | type | since | meaning |\n|---|---|---|---|\n"
            : "| attribute | type | meaning |\n|---|---|---|\n");
    for (Attribute attribute : Registry.attributes().values()) {
      if (!which.test(attribute)) {
        continue;
      }
      table.append("| `").append(attribute.key()).append("` | ").append(attribute.type());
      if (since) {
        table.append(" | ").append(attribute.since());
      }
      table.append(" | ").append(attribute.brief());
      if (!attribute.members().isEmpty()) {
        table.append(" `").append(String.join("` · `", attribute.members())).append('`');
      }
      if (attribute.coreKey() != null && !attribute.coreKey().equals(attribute.key())) {
        table.append(" In `core-1.41`: `").append(attribute.coreKey()).append("`.");
      }
      if (attribute.content()) {
        table.append(" Holds content.");
      }
      table.append(" |\n");
    }
    return table.toString();
  }

  private static String spans() {
    StringBuilder table =
        new StringBuilder(
            "| type | kind | operations | name | required |\n|---|---|---|---|---|\n");
    for (GenAiSpanType type : GenAiSpanType.values()) {
      String id = type.id(ConventionVersion.GENAI_DEV);
      String core = type.id(ConventionVersion.CORE_1_41);
      String operation = type.operations().isEmpty() ? "mcp.method.name" : "gen_ai.operation.name";
      table.append("| `").append(id).append('`');
      if (core == null) {
        table.append(", not in `core-1.41`");
      } else if (!core.equals(id)) {
        table.append(", in `core-1.41` `").append(core).append('`');
      }
      table
          .append(" | ")
          .append(type.kind())
          .append(" | ")
          .append(String.join(", ", type.operations()))
          .append(" | `{")
          .append(operation)
          .append('}')
          .append(type.subject() == null ? "" : " {" + type.subject().getKey() + "}")
          .append("` | ")
          .append(
              type.required().stream()
                  .map(AttributeKey::getKey)
                  .collect(Collectors.joining("`, `", "`", "`")))
          .append(" |\n");
    }
    return table.toString();
  }

  private static String events() {
    StringBuilder table = new StringBuilder("| event | meaning |\n|---|---|\n");
    for (Json event : Registry.json().get("events")) {
      table
          .append("| `")
          .append(event.get("name").text())
          .append("` | ")
          .append(event.get("brief").text())
          .append(" |\n");
    }
    return table.toString();
  }

  private static String metrics() {
    StringBuilder table =
        new StringBuilder(
            "| metric | instrument | unit | meaning | boundaries |\n|---|---|---|---|---|\n");
    for (Json metric : Registry.json().get("metrics")) {
      String name = metric.get("name").text();
      String core = RegistrySources.coreName(metric);
      table.append("| `").append(name).append('`');
      if (core == null) {
        table.append(", not in `core-1.41`");
      } else if (!core.equals(name)) {
        table.append(", in `core-1.41` `").append(core).append('`');
      } else if (metric.get("until").isText()) {
        table.append(", in `core-1.41` only");
      }
      table
          .append(" | ")
          .append(metric.get("instrument").text())
          .append(" | `")
          .append(metric.get("unit").text())
          .append("` | ")
          .append(metric.get("brief").text())
          .append(" | ")
          .append(RegistrySources.buckets(metric))
          .append(" |\n");
    }
    return table.toString();
  }
}
