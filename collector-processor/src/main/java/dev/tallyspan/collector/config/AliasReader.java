package dev.tallyspan.collector.config;

import dev.tallyspan.semconv.read.Alias;
import dev.tallyspan.semconv.read.Alias.Inclusion;
import dev.tallyspan.semconv.read.CustomDialect;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the aliases of user-defined attribute keys. */
final class AliasReader {

  private static final Map<String, Inclusion> INCLUSIONS =
      Map.of("inclusive", Inclusion.INCLUSIVE, "exclusive", Inclusion.EXCLUSIVE);

  private AliasReader() {}

  /**
   * Adds the aliases of a section, whose keys are the user's attributes.
   *
   * @return whether all are valid; faults are reported
   */
  static boolean read(Section aliases, CustomDialect.Builder to) {
    boolean valid = true;
    for (String key : aliases.keys()) {
      Alias alias =
          aliases.isSection(key)
              ? alias(key, aliases.child(key))
              : alias(key, aliases, key, null, false, null);
      valid &= alias != null;
      if (alias != null) {
        to.alias(alias);
      }
    }
    return valid;
  }

  /**
   * Adds the constants of a section, whose keys are attributes of the conventions.
   *
   * @param constants null for none
   * @return whether all are valid; faults are reported
   */
  static boolean readConstants(@Nullable Section constants, CustomDialect.Builder to) {
    boolean valid = true;
    if (constants == null) {
      return true;
    }
    for (String target : constants.keys()) {
      String value = constants.text(target);
      if (!Alias.targets().contains(target)) {
        constants.errorAtKey(target, constants.name(target) + ": " + unknown(target));
        valid = false;
      } else if (value == null) {
        valid = false;
      } else {
        try {
          to.constant(target, value);
        } catch (IllegalArgumentException e) {
          constants.error(target, constants.name(target) + ": cannot be a constant");
          valid = false;
        }
      }
    }
    return valid;
  }

  private static @Nullable Alias alias(String key, Section section) {
    Inclusion inclusion = section.choice("semantics", INCLUSIONS);
    boolean overrides = section.bool("overrides", false);
    String currency = section.text("currency");
    Alias alias = alias(key, section, "attribute", inclusion, overrides, currency);
    section.end();
    return alias;
  }

  /**
   * @param at the key of {@code section} whose value is the target of the alias
   */
  private static @Nullable Alias alias(
      String key,
      Section section,
      String at,
      @Nullable Inclusion inclusion,
      boolean overrides,
      @Nullable String currency) {
    String target = section.text(at);
    if (target == null) {
      section.error(at, section.name(at) + ": must be the name of an attribute");
      return null;
    }
    if (!Alias.targets().contains(target)) {
      section.error(at, section.name(at) + ": " + unknown(target));
      return null;
    }
    try {
      return new Alias(key, target, inclusion, overrides, currency);
    } catch (IllegalArgumentException e) {
      section.error(at, e);
      return null;
    }
  }

  private static String unknown(String target) {
    String nearest = Suggestions.nearest(target, Alias.targets());
    return target
        + " is not an attribute that is read from a span"
        + (nearest == null ? "" : "; did you mean " + nearest + "?");
  }
}
