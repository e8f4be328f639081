package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.Generation;
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
          .map(slot -> String.valueOf(slot.key(Generation.GENAI_DEV)))
          .collect(Collectors.toSet());

  private RegistryDocument() {}

  static String text() {
    return """
    # Attributes

    What a span about an LLM carries after Tallyspan. This document is generated from the registry
    of the module `semconv`, which has a typed constant for everything here: `GenAiAttributes`,
    `TallyspanAttributes`, `GenAiSpanType`, `GenAiEvents`, `GenAiMetrics`.

    Attributes that came with a span stay on it, unless the configuration says otherwise. Where the
    span already says something under the name below, only a wrong type or a count that leaves its
    parts out is put right. Content that came under its own name keeps what it says and is written
    in the form that is configured.

    Some things are added because readers require them:

    * Every output message has a `finish_reason`: its own, or else the span's for that message, or
      else `tool_call` for one that calls a tool, `error` for the last one of a span that failed,
      and `stop`. Readers that validate messages drop all of a span for one without.
    * Every retrieved document has an `id`, in doubt its position from 0, and a numeric `score`. If
      none is known, `score` is 0 and `score_known` is false; a distance is no score.
    * Input tokens written to a cache stand under both of their names, `cache_write` and
      `cache_creation`, unless the [configuration](configuration.md) or the destination wants one.

    On a span that is not billed (`tallyspan.cost.status` is `aggregate`, `duplicate` or
    `not_billable`) no `gen_ai.usage.*` is added or corrected that the sender did not write so, and
    no model beside counts that the sender wrote: a backend that sums or prices every span would
    count the call twice. What is known stands under `tallyspan.usage.*` and `tallyspan.*.model`.
    Parts of a count that are 0 are not added. Texts to embed are no messages.

    ## Of the GenAI conventions

    *Since* is the first generation of the conventions that can be written and has the attribute:
    `core-1.41` is the last one in the core conventions, `genai-dev` their own repository, which has
    no release so far. What is only in `genai-dev` is not written if the target is `core-1.41`,
    except under the older name that is given. *any* is written as JSON text, or as structure if
    configured.

    """
        + attributes(a -> !a.isOwn() && WRITTEN.contains(a.key()), /* since= */ true)
        + "\n## Of Tallyspan\n\n"
        + attributes(Attribute::isOwn, /* since= */ false)
        + """

    ## Left as they come

    Attributes of the conventions for which there is a constant, and which Tallyspan does not write
    of itself. *template* stands for keys with a dot and a name behind it.

    """
        + attributes(a -> !a.isOwn() && !WRITTEN.contains(a.key()), /* since= */ true)
        + """

    ## Spans

    A client's span may be internal if the model or the store is in the process.

    """
        + spans()
        + "\n## Events\n\n"
        + events()
        + """

    ## Metrics

    Boundaries are what the conventions advise; those of the histograms of tokens by call are the ones of
    v1.41. Tallyspan does not write these metrics.

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
      String id = type.id(Generation.GENAI_DEV);
      String core = type.id(Generation.CORE_1_41);
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
