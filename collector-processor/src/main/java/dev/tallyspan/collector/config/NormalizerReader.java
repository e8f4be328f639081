package dev.tallyspan.collector.config;

import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.read.CustomDialect;
import dev.tallyspan.semconv.read.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code dialects} and {@code aliases} of a processor. */
final class NormalizerReader {

  /** The dialect of aliases outside any dialect. */
  private static final String UNNAMED = "custom";

  /** Cannot be disabled: Tallyspan must recognise its own output. */
  private static final String CONVENTIONS = "otel";

  private final Set<String> disabled = new LinkedHashSet<>();
  private final Map<String, Set<KeyClass>> dropped = new LinkedHashMap<>();
  private final List<CustomDialect> custom = new ArrayList<>();

  private NormalizerReader() {}

  static DialectsConfig read(Section processor) {
    NormalizerReader reader = new NormalizerReader();
    Section dialects = processor.section("dialects");
    if (dialects != null) {
      Set<String> builtIn = Normalizer.dialectIds();
      for (String id : dialects.keys()) {
        if (builtIn.contains(id)) {
          reader.builtIn(id, dialects);
        } else {
          reader.own(id, dialects);
        }
      }
    }
    Section aliases = processor.section("aliases");
    if (aliases != null && reader.isFree(UNNAMED, processor)) {
      CustomDialect.Builder unnamed = CustomDialect.builder(UNNAMED).everywhere();
      if (AliasReader.read(aliases, unnamed)) {
        reader.add(unnamed, aliases);
      }
    }
    return new DialectsConfig(reader.disabled, reader.dropped, reader.custom);
  }

  private void builtIn(String id, Section dialects) {
    boolean enabled;
    if (dialects.isSection(id)) {
      Section dialect = dialects.child(id);
      enabled = dialect.bool("enabled", true);
      originals(id, dialect);
      dialect.end();
    } else {
      enabled = dialects.bool(id, true);
    }
    if (!enabled && id.equals(CONVENTIONS)) {
      dialects.error(
          id, dialects.name(id) + ": cannot be disabled: Tallyspan must recognise its own output");
    } else if (!enabled) {
      disabled.add(id);
    }
  }

  private void own(String id, Section dialects) {
    Section dialect = dialects.isSection(id) ? dialects.child(id) : null;
    Section aliases = dialect == null ? null : dialect.section("aliases");
    if (dialect == null || aliases == null) {
      String nearest = Suggestions.nearest(id, Normalizer.dialectIds());
      dialects.errorAtKey(
          id,
          "unknown dialect %s%s; a dialect of your own needs aliases"
              .formatted(
                  dialects.name(id),
                  nearest == null
                      ? ": known dialects are " + String.join(", ", Normalizer.dialectIds())
                      : "; did you mean " + nearest + "?"));
      return;
    }
    CustomDialect.Builder own = CustomDialect.builder(id);
    boolean valid = AliasReader.read(aliases, own);
    for (Map.Entry<Node, String> mark : dialect.items("marked_by").entrySet()) {
      own.markedBy(mark.getValue());
    }
    valid &= AliasReader.readConstants(dialect.section("constants"), own);
    boolean enabled = dialect.bool("enabled", true);
    originals(id, dialect);
    dialect.end();
    if (valid && enabled) {
      add(own, dialect);
    }
    if (!enabled) {
      dropped.remove(id);
    }
  }

  private boolean isFree(String id, Section processor) {
    boolean free = custom.stream().noneMatch(other -> other.id().equals(id));
    if (!free) {
      processor.error(
          "aliases",
          processor.name("aliases")
              + ": they are the dialect "
              + id
              + ", which dialects defines too");
    }
    return free;
  }

  private void add(CustomDialect.Builder dialect, Section where) {
    try {
      custom.add(dialect.build());
    } catch (IllegalArgumentException e) {
      where.error(e);
    }
  }

  private void originals(String id, Section dialect) {
    if (dialect.has("drop_originals")) {
      dropped.put(id, ProfileReader.dropOriginals(dialect));
    }
  }
}
