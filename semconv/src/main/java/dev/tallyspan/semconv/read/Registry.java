package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.GenAiEvents;
import dev.tallyspan.semconv.TallyspanAttributes;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.Coercion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of the GenAI conventions and of Tallyspan, from {@code registry.json}. The
 * constants in {@link GenAiAttributes}, {@link TallyspanAttributes}, {@link GenAiEvents} and {@link
 * GenAiMetrics} and the document for users are generated from it.
 */
final class Registry {

  /**
   * One attribute.
   *
   * @param key the key in the newest generation
   * @param coreKey the key in the generation of v1.41; null if it does not exist there
   * @param type {@code string}, {@code int}, {@code double}, {@code boolean}, {@code string[]},
   *     {@code any}, or {@code template}: texts under keys that consist of this key, a dot and a
   *     name
   * @param since the first generation, among those that Tallyspan can write, that defines it; empty
   *     for Tallyspan's own
   * @param until the last generation that defines it; empty if the newest does
   * @param brief one sentence that describes it
   * @param members the well-known values; empty if there are none
   * @param content whether it contains text of people or models
   */
  record Attribute(
      String key,
      @Nullable String coreKey,
      String type,
      String since,
      String until,
      String brief,
      List<String> members,
      boolean content) {

    boolean isOwn() {
      return key.startsWith("tallyspan.");
    }

    /** Whether the generation defines it, possibly under another name. */
    boolean isIn(ConventionVersion generation) {
      return generation == ConventionVersion.CORE_1_41 ? coreKey != null : until.isEmpty();
    }
  }

  private static final String RESOURCE = "registry.json";

  /** Loaded on first use: only validation needs it. */
  private static final class Loaded {
    static final Map<String, Attribute> BY_KEY = load();
  }

  private Registry() {}

  /** All attributes by key, in the registry's order. */
  static Map<String, Attribute> attributes() {
    return Loaded.BY_KEY;
  }

  /** The complete registry: attributes, events and metrics. */
  static Json json() {
    return Json.parse(text());
  }

  private static Map<String, Attribute> load() {
    Map<String, Attribute> byKey = new LinkedHashMap<>();
    for (Json json : json().get("attributes")) {
      String key = json.get("key").text();
      String since = json.get("since").isText() ? json.get("since").text() : "";
      String coreKey = since.equals(ConventionVersion.GENAI_DEV.wireName()) ? null : key;
      List<String> members = Coercion.TEXTS.apply(json.get("members"));
      byKey.put(
          key,
          new Attribute(
              key,
              json.get("core_key").isText() ? json.get("core_key").text() : coreKey,
              json.get("type").text(),
              since,
              json.get("until").isText() ? json.get("until").text() : "",
              json.get("brief").text(),
              members == null ? List.of() : members,
              json.get("content").isBoolean()));
    }
    return java.util.Collections.unmodifiableMap(byKey);
  }

  private static String text() {
    try (InputStream in = Registry.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }
}
