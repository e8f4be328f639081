package dev.tallyspan.collector.config;

import dev.tallyspan.collector.output.export.WrittenContent;
import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads how spans are written, from a processor or an exporter. */
final class ProfileReader {

  /** The keys of a profile. */
  static final List<String> KEYS =
      List.of(
          "target",
          "content",
          "cache_write_names",
          "drop_originals",
          "gen_ai_usage_cost",
          "span_names");

  private static final Map<String, ConventionVersion> TARGETS =
      Map.of("core-1.41", ConventionVersion.CORE_1_41, "genai-dev", ConventionVersion.GENAI_DEV);
  private static final Map<String, WrittenContent> CONTENTS =
      Map.of(
          "json",
          WrittenContent.JSON,
          "structured",
          WrittenContent.STRUCTURED,
          "keep",
          WrittenContent.KEEP);
  private static final Map<String, CacheWriteNames> CACHE_WRITE_NAMES =
      Stream.of(CacheWriteNames.values())
          .collect(Collectors.toMap(CacheWriteNames::wireName, names -> names));
  private static final Map<String, Boolean> SPAN_NAMES = Map.of("keep", false, "genai", true);
  private static final Map<String, KeyClass> KEY_CLASSES =
      Stream.of(KeyClass.values()).collect(Collectors.toMap(KeyClass::wireName, c -> c));

  private ProfileReader() {}

  static ProfileConfig read(Section section) {
    return new ProfileConfig(
        section.choice("target", TARGETS),
        section.choice("content", CONTENTS),
        section.choice("cache_write_names", CACHE_WRITE_NAMES),
        section.has("drop_originals") ? dropOriginals(section) : null,
        section.has("gen_ai_usage_cost") ? section.bool("gen_ai_usage_cost", true) : null,
        section.choice("span_names", SPAN_NAMES));
  }

  /** Reads a list of classes; {@code true} means all, {@code false} none. */
  static Set<KeyClass> dropOriginals(Section section) {
    return classes(section, "drop_originals", false, EnumSet.allOf(KeyClass.class));
  }

  /**
   * Reads a list of classes; {@code true} means all that are allowed, {@code false} none.
   *
   * @param otherwise if there is no such key
   */
  static Set<KeyClass> classes(
      Section section, String key, boolean otherwise, Set<KeyClass> allowed) {
    if (!section.isList(key)) {
      return section.bool(key, otherwise) ? allowed : Set.of();
    }
    Set<KeyClass> classes = EnumSet.noneOf(KeyClass.class);
    for (String name : section.texts(key)) {
      KeyClass found = KEY_CLASSES.get(name);
      if (found == null || !allowed.contains(found)) {
        section.error(
            key,
            section.name(key)
                + ": must be true, false, or a list of "
                + Stream.of(KeyClass.values())
                    .filter(allowed::contains)
                    .map(KeyClass::wireName)
                    .collect(Collectors.joining(", "))
                + ", not "
                + name);
      } else {
        classes.add(found);
      }
    }
    return classes;
  }
}
