package dev.tallyspan.semconv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Registry.Attribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Constants and document are what the registry gives. To write them anew: {@code mvn -pl semconv
 * test -Dtest=RegistryDriftTest -Dtallyspan.registry.write=true}.
 */
class RegistryDriftTest {

  private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
  private static final Path SOURCES = MODULE.resolve("src/main/java/dev/tallyspan/semconv");
  private static final boolean WRITE = Boolean.getBoolean("tallyspan.registry.write");

  @Test
  void constantsOfTheConventionsAreTheRegistrys() throws IOException {
    assertGenerated(
        SOURCES.resolve("GenAiAttributes.java"),
        constants(
            "GenAiAttributes",
            "/** Attributes of LLM spans in the newest generation of the GenAI conventions. */",
            attribute -> !attribute.isOwn()));
  }

  @Test
  void constantsOfOurOwnAreTheRegistrys() throws IOException {
    assertGenerated(
        SOURCES.resolve("TallyspanAttributes.java"),
        constants(
            "TallyspanAttributes",
            "/** Attributes that Tallyspan writes where the conventions have no name. */",
            Attribute::isOwn));
  }

  @Test
  void documentIsTheRegistrys() throws IOException {
    assertGenerated(MODULE.resolve("../docs/attributes.md"), document());
  }

  @Test
  void everySlotIsWrittenUnderAKeyOfTheRegistry() {
    List<String> elsewhere = List.of("error.type", "server.address", "server.port");
    for (Slot slot : Slot.values()) {
      String key = slot.key(Generation.GENAI_DEV);
      if (key != null && !elsewhere.contains(key) && !key.matches("(user|session)\\.id")) {
        Attribute attribute = Registry.attributes().get(key);
        assertThat(attribute).as(key).isNotNull();
        assertThat(slot.key(Generation.CORE_1_41)).as(key).isEqualTo(attribute.coreKey());
      }
    }
  }

  @Test
  void wellKnownValuesAreTheirOwnCanonicalForm() {
    Registry.attributes()
        .get("gen_ai.provider.name")
        .members()
        .forEach(name -> assertThat(Providers.canonical(name)).isEqualTo(name));
    Registry.attributes()
        .get("gen_ai.operation.name")
        .members()
        .forEach(
            name -> {
              assertThat(Operations.canonical(name)).isEqualTo(name);
              assertThat(Operations.isKnown(name)).as(name).isTrue();
            });
    Registry.attributes()
        .get("gen_ai.response.finish_reasons")
        .members()
        .forEach(name -> assertThat(FinishReasons.canonical(name)).isEqualTo(name));
  }

  private static void assertGenerated(Path file, String expected) throws IOException {
    if (WRITE) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected);
    }
    assertThat(Files.readString(file)).isEqualTo(expected);
  }

  private static String constants(String name, String doc, Predicate<Attribute> which) {
    StringBuilder body = new StringBuilder();
    boolean any = false;
    for (Attribute attribute : Registry.attributes().values()) {
      if (which.test(attribute)) {
        any |= attribute.type().equals("any");
        body.append(javadoc(attribute.brief())).append(constant(attribute)).append('\n');
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
        + "  private "
        + name
        + "() {}\n}\n";
  }

  private static String constant(Attribute attribute) {
    String type = javaType(attribute.type());
    String left =
        "  public static final AttributeKey<"
            + type
            + "> "
            + attribute.key().toUpperCase(Locale.ROOT).replace('.', '_')
            + " =";
    String right = "AttributeKey." + factory(attribute.type()) + "(\"" + attribute.key() + "\");";
    boolean fits = left.length() + 1 + right.length() <= 100;
    return left + (fits ? " " : "\n      ") + right + "\n";
  }

  private static String javadoc(String brief) {
    if (brief.length() + 9 <= 100) {
      return "  /** " + brief + " */\n";
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : brief.split(" ")) {
      if (line.length() + 1 + word.length() + 5 > 100) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return "  /**\n   * " + String.join("\n   * ", lines) + "\n   */\n";
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
      case "int" -> "longKey";
      case "double" -> "doubleKey";
      case "boolean" -> "booleanKey";
      case "string[]" -> "stringArrayKey";
      case "any" -> "valueKey";
      default -> "stringKey";
    };
  }

  private static String document() {
    return """
    # Attributes

    What a span about an LLM carries after Tallyspan. This document is generated from the registry
    of the module `semconv`.

    Attributes that came with a span stay on it, unless the configuration says otherwise. Where the
    span already says something under the name below, only a wrong type or a count that leaves its
    parts out is put right.

    ## Of the GenAI conventions

    *Since* is the first generation of the conventions that can be written and has the attribute:
    `core-1.41` is the last one in the core conventions, `genai-dev` their own repository, which has
    no release so far. What is only in `genai-dev` is not written if the target is `core-1.41`,
    except under the older name that is given. *any* is written as JSON text, or as structure if
    configured.

    """
        + table(attribute -> !attribute.isOwn(), /* since= */ true)
        + "\n## Of Tallyspan\n\n"
        + table(Attribute::isOwn, /* since= */ false);
  }

  private static String table(Predicate<Attribute> which, boolean since) {
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
}
