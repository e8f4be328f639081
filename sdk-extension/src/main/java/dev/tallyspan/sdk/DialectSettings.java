package dev.tallyspan.sdk;

import dev.tallyspan.semconv.read.Alias;
import dev.tallyspan.semconv.read.CustomDialect;
import dev.tallyspan.semconv.read.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code dialects} and {@code aliases}, which are those of the collector's processor. */
final class DialectSettings {

  /** The dialect of aliases outside any dialect. */
  private static final String UNNAMED = "custom";

  private static final Map<String, Alias.Inclusion> INCLUSIONS =
      Map.of("inclusive", Alias.Inclusion.INCLUSIVE, "exclusive", Alias.Inclusion.EXCLUSIVE);

  private DialectSettings() {}

  static void read(Section settings, ExtensionSettings to) {
    Section dialects = settings.section("dialects");
    if (dialects != null) {
      Set<String> disabled = new LinkedHashSet<>(to.disabledDialects);
      Set<String> builtIn = Normalizer.dialectIds();
      for (String id : dialects.keys()) {
        if (!builtIn.contains(id)) {
          own(id, dialects, to);
        } else if (!isEnabled(id, dialects)) {
          disabled.add(id);
        }
      }
      to.disabledDialects = disabled;
    }
    Section aliases = settings.section("aliases");
    if (aliases != null) {
      CustomDialect.Builder unnamed = CustomDialect.builder(UNNAMED).everywhere();
      readAliases(aliases, unnamed);
      add(unnamed, aliases, to);
    }
  }

  private static boolean isEnabled(String id, Section dialects) {
    if (!dialects.isSection(id)) {
      return dialects.flag(id, true);
    }
    Section dialect = dialects.child(id);
    boolean enabled = dialect.flag("enabled", true);
    dialect.end();
    return enabled;
  }

  private static void own(String id, Section dialects, ExtensionSettings to) {
    Section dialect = dialects.isSection(id) ? dialects.child(id) : null;
    Section aliases = dialect == null ? null : dialect.section("aliases");
    if (dialect == null || aliases == null) {
      throw dialects.fault(
          ": unknown dialect "
              + id
              + NearestName.hint(id, Normalizer.dialectIds())
              + "; a dialect of your own needs aliases");
    }
    CustomDialect.Builder own = CustomDialect.builder(id);
    readAliases(aliases, own);
    List<String> marks = dialect.texts("marked_by");
    if (marks != null) {
      marks.forEach(own::markedBy);
    }
    readConstants(dialect.section("constants"), own);
    boolean enabled = dialect.flag("enabled", true);
    dialect.end();
    if (enabled) {
      add(own, dialect, to);
    }
  }

  private static void add(CustomDialect.Builder dialect, Section where, ExtensionSettings to) {
    try {
      to.dialects.add(dialect.build());
    } catch (IllegalArgumentException e) {
      throw where.fault(": " + e.getMessage());
    }
  }

  private static void readAliases(Section aliases, CustomDialect.Builder to) {
    for (String key : aliases.keys()) {
      if (aliases.isSection(key)) {
        Section alias = aliases.child(key);
        Alias.Inclusion inclusion = alias.choice("semantics", INCLUSIONS);
        boolean overrides = alias.flag("overrides", false);
        String currency = alias.text("currency");
        to.alias(alias(key, alias, "attribute", inclusion, overrides, currency));
        alias.end();
      } else {
        to.alias(alias(key, aliases, key, null, false, null));
      }
    }
  }

  /**
   * @param at the key of {@code section} whose value is the target of the alias
   */
  private static Alias alias(
      String key,
      Section section,
      String at,
      Alias.@Nullable Inclusion inclusion,
      boolean overrides,
      @Nullable String currency) {
    String target = section.text(at);
    if (target == null) {
      throw section.fault(at, ": must be the name of an attribute");
    }
    check(section, at, target);
    try {
      return new Alias(key, target, inclusion, overrides, currency);
    } catch (IllegalArgumentException e) {
      throw section.fault(at, e);
    }
  }

  private static void readConstants(@Nullable Section constants, CustomDialect.Builder to) {
    if (constants == null) {
      return;
    }
    for (String target : constants.keys()) {
      check(constants, target, target);
      String value = constants.text(target);
      if (value == null) {
        throw constants.fault(target, ": must be a text");
      }
      try {
        to.constant(target, value);
      } catch (IllegalArgumentException e) {
        throw constants.fault(target, e);
      }
    }
  }

  private static void check(Section section, String at, String target) {
    if (!Alias.targets().contains(target)) {
      throw section.fault(
          at,
          ": "
              + target
              + " is not an attribute that is read from a span"
              + NearestName.hint(target, Alias.targets()));
    }
  }
}
