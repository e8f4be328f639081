package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.FinishReasons;
import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.message.Providers;
import dev.tallyspan.semconv.read.Registry.Attribute;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.AttributeKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
        RegistrySources.constants(
            "GenAiAttributes",
            "/** Attributes of the GenAI conventions, in the newest generation that has them. */",
            attribute -> !attribute.isOwn()));
  }

  @Test
  void constantsOfOurOwnAreTheRegistrys() throws IOException {
    assertGenerated(
        SOURCES.resolve("TallyspanAttributes.java"),
        RegistrySources.constants(
            "TallyspanAttributes",
            "/** Attributes that Tallyspan writes where the conventions have no name. */",
            Attribute::isOwn));
  }

  @Test
  void eventsAreTheRegistrys() throws IOException {
    assertGenerated(SOURCES.resolve("GenAiEvents.java"), RegistrySources.events());
  }

  @Test
  void metricsAreTheRegistrys() throws IOException {
    assertGenerated(SOURCES.resolve("GenAiMetrics.java"), RegistrySources.metrics());
  }

  @Test
  void documentIsTheRegistrys() throws IOException {
    assertGenerated(MODULE.resolve("../docs/attributes.md"), RegistryDocument.text());
  }

  @Test
  void everyAttributeThatASpanTypeAsksForIsInTheRegistry() {
    for (GenAiSpanType type : GenAiSpanType.values()) {
      assertThat(Registry.attributes())
          .containsKeys(type.required().stream().map(AttributeKey::getKey).toArray(String[]::new));
    }
    assertThat(Arrays.stream(GenAiSpanType.values()).flatMap(type -> type.operations().stream()))
        .containsAll(Registry.attributes().get("gen_ai.operation.name").members());
  }

  @Test
  void everySlotIsWrittenUnderAKeyOfTheRegistry() {
    List<String> elsewhere = List.of("error.type", "server.address", "server.port");
    for (Slot<?> slot : Slot.all()) {
      String key = slot.key(ConventionVersion.GENAI_DEV);
      if (key != null && !elsewhere.contains(key) && !key.matches("(user|session)\\.id")) {
        Attribute attribute = Registry.attributes().get(key);
        assertThat(attribute).as(key).isNotNull();
        assertThat(slot.key(ConventionVersion.CORE_1_41)).as(key).isEqualTo(attribute.coreKey());
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
              assertThat(Operations.inSpanName(name)).isEqualTo(name);
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
}
