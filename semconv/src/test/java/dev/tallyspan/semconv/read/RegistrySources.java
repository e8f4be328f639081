package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.read.Registry.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The classes of constants as the registry gives them. */
final class RegistrySources {

  private static final int WIDTH = 100;

  private RegistrySources() {}

  static String constants(String name, String doc, Predicate<Attribute> which) {
    StringBuilder body = new StringBuilder();
    StringBuilder values = new StringBuilder();
    StringBuilder templates = new StringBuilder();
    boolean any = false;
    for (Attribute attribute : Registry.attributes().values()) {
      if (!which.test(attribute)) {
        continue;
      }
      any |= attribute.type().equals("any");
      if (attribute.type().equals("template")) {
        templates.append(template(attribute));
      } else {
        body.append(javadoc("  ", attribute.brief())).append(constant(attribute)).append('\n');
      }
      if (!attribute.members().isEmpty()) {
        values.append('\n').append(values(attribute));
      }
    }
    return "package dev.tallyspan.semconv;\n\n"
        + "import io.opentelemetry.api.common.AttributeKey;\n"
        + (any ? "import io.opentelemetry.api.common.Value;\n" : "")
        + "import java.util.List;\n\n"
        + doc
        + "\npublic final class "
        + name
        + " {\n\n"
        + body
        + emptyConstructor("  ", name)
        + templates
        + values
        + "}\n";
  }

  static String events() {
    StringBuilder out =
        new StringBuilder(
            "package dev.tallyspan.semconv;\n\n"
                + "/** Names of the events of the GenAI conventions, of all generations. */\n"
                + "public final class GenAiEvents {\n\n");
    for (Json event : Registry.json().get("events")) {
      String name = event.get("name").text();
      out.append(javadoc("  ", event.get("brief").text()))
          .append(text("  ", upper(name), name))
          .append('\n');
    }
    return out.append(emptyConstructor("  ", "GenAiEvents")).append("}\n").toString();
  }

  static String metrics() {
    StringBuilder out =
        new StringBuilder(
            "package dev.tallyspan.semconv;\n\n"
                + "/** Metrics of the GenAI conventions, in the newest generation that has them."
                + " */\npublic final class GenAiMetrics {\n\n");
    for (Json metric : Registry.json().get("metrics")) {
      String name = metric.get("name").text();
      out.append(javadoc("  ", metric.get("brief").text()))
          .append("  public static final GenAiMetric ")
          .append(upper(name))
          .append(" =\n");
      List<String> arguments = new ArrayList<>();
      arguments.add(quoted(name));
      arguments.add(coreName(metric) == null ? "null" : quoted(coreName(metric)));
      arguments.add(quoted(metric.get("unit").text()));
      arguments.add(quoted(metric.get("brief").text()));
      if (metric.get("instrument").text().equals("histogram")) {
        arguments.add(quoted(buckets(metric)));
      }
      out.append(call("GenAiMetric." + metric.get("instrument").text(), arguments)).append('\n');
    }
    return out.append(emptyConstructor("  ", "GenAiMetrics")).append("}\n").toString();
  }

  /** Boundaries with a space between them, whole ones without a fraction. */
  static String buckets(Json metric) {
    List<String> texts = new ArrayList<>();
    for (Json boundary : metric.get("buckets")) {
      texts.add(boundary.asText().replaceAll("\\.0$", ""));
    }
    return String.join(" ", texts);
  }

  static String coreName(Json metric) {
    if (metric.get("core_name").isText()) {
      return metric.get("core_name").text();
    }
    boolean core = metric.get("since").text().equals(ConventionVersion.CORE_1_41.wireName());
    return core ? metric.get("name").text() : null;
  }

  private static String call(String function, List<String> arguments) {
    String flat = "      " + function + "(" + String.join(", ", arguments) + ");";
    if (flat.length() <= WIDTH) {
      return flat + "\n";
    }
    String indent = "          ";
    String line = indent + String.join(", ", arguments) + ");";
    return "      "
        + function
        + "(\n"
        + (line.length() <= WIDTH ? line : indent + String.join(",\n" + indent, arguments) + ");")
        + "\n";
  }

  private static String constant(Attribute attribute) {
    String left =
        "  public static final AttributeKey<"
            + javaType(attribute.type())
            + "> "
            + upper(attribute.key())
            + " =";
    String right = factory(attribute.type()) + "(\"" + attribute.key() + "\");";
    boolean fits = left.length() + 1 + right.length() <= WIDTH;
    return left + (fits ? " " : "\n      ") + right + "\n";
  }

  private static String template(Attribute attribute) {
    String brief = attribute.brief();
    String result = brief.substring(0, 1).toLowerCase(Locale.ROOT) + brief.substring(1);
    return "\n  /**\n   * {@return "
        + result.replaceAll("\\.$", "")
        + "}\n   *\n   * @param name what follows {@code "
        + attribute.key()
        + ".} in the key\n   */\n"
        + "  public static AttributeKey<String> "
        + lowerCamel(attribute.key())
        + "(String name) {\n    return AttributeKey.stringKey(\""
        + attribute.key()
        + ".\" + name);\n  }\n";
  }

  private static String values(Attribute attribute) {
    String camel = lowerCamel(attribute.key());
    String name = camel.substring(0, 1).toUpperCase(Locale.ROOT) + camel.substring(1) + "Values";
    StringBuilder out = new StringBuilder();
    out.append(javadoc("  ", "Well-known values of {@link #" + upper(attribute.key()) + "}."))
        .append("  public static final class ")
        .append(name)
        .append(" {\n\n");
    for (String member : attribute.members()) {
      out.append("    /** {@value} */\n").append(text("    ", upper(member), member)).append('\n');
    }
    return out.append(emptyConstructor("    ", name)).append("  }\n").toString();
  }

  private static String text(String indent, String name, String value) {
    String left = indent + "public static final String " + name + " =";
    String right = quoted(value) + ";";
    boolean fits = left.length() + 1 + right.length() <= WIDTH;
    return left + (fits ? " " : "\n" + indent + "    ") + right + "\n";
  }

  private static String emptyConstructor(String indent, String name) {
    return indent + "private " + name + "() {}\n";
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  /** A constant's name: {@code sampling/createMessage} is SAMPLING_CREATE_MESSAGE. */
  private static String upper(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1_$2")
        .replaceAll("[^A-Za-z0-9]", "_")
        .toUpperCase(Locale.ROOT);
  }

  private static String lowerCamel(String key) {
    StringBuilder out = new StringBuilder();
    for (String word : key.split("[._]")) {
      out.append(
          out.length() == 0
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return out.toString();
  }

  private static String javadoc(String indent, String brief) {
    String doc = brief.replaceAll("`([^`]*)`", "{@code $1}");
    if (indent.length() + doc.length() + 7 <= WIDTH) {
      return indent + "/** " + doc + " */\n";
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : doc.split(" (?![^{]*\\})")) {
      if (indent.length() + 3 + line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return indent
        + "/**\n"
        + indent
        + " * "
        + String.join("\n" + indent + " * ", lines)
        + "\n"
        + indent
        + " */\n";
  }

  private static String javaType(String type) {
    return switch (type) {
      case "int" -> "Long";
      case "double" -> "Double";
      case "boolean" -> "Boolean";
      case "string[]" -> "List<String>";
      case "any" -> "Value<?>";
      default -> "String";
    };
  }

  private static String factory(String type) {
    return switch (type) {
      case "int" -> "AttributeKey.longKey";
      case "double" -> "AttributeKey.doubleKey";
      case "boolean" -> "AttributeKey.booleanKey";
      case "string[]" -> "AttributeKey.stringArrayKey";
      case "any" -> "ValueSupport.key";
      default -> "AttributeKey.stringKey";
    };
  }
}
