package dev.tallyspan.collector.config;

import dev.tallyspan.semconv.read.Alias;
import dev.tallyspan.semconv.read.Alias.Inclusion;
import dev.tallyspan.semconv.read.CustomDialect;
import java.util.Map;

/** Reads what keys of the user's stand for. */
final class AliasReader {

  private static final Map<String, Inclusion> INCLUSIONS =
      Map.of("inclusive", Inclusion.INCLUSIVE, "exclusive", Inclusion.EXCLUSIVE);

  private AliasReader() {}

  /**
   * Adds the aliases of a section, whose keys are the user's attributes.
   *
   * @return whether all are right; if not, it is reported
   */
  static boolean read(Section aliases, CustomDialect.Builder to) {
    boolean right = true;
    for (String key : aliases.keys()) {
      Alias alias =
          aliases.isSection(key)
              ? alias(key, aliases.section(key))
              : alias(key, aliases, key, null, false, null);
      right &= alias != null;
      if (alias != null) {
        to.alias(alias);
      }
    }
    return right;
  }

  /**
   * Adds the constants of a section, whose keys are the conventions' attributes.
   *
   * @param constants null for none
   * @return whether all are right; if not, it is reported
   */
  static boolean readConstants(Section constants, CustomDialect.Builder to) {
    boolean right = true;
    if (constants == null) {
      return true;
    }
    for (String target : constants.keys()) {
      String value = constants.text(target, null);
      if (!Alias.targets().contains(target)) {
        constants.errorAtKey(target, constants.name(target) + ": " + unknown(target));
        right = false;
      } else if (value == null) {
        right = false;
      } else {
        try {
          to.constant(target, value);
        } catch (IllegalArgumentException e) {
          constants.error(target, constants.name(target) + ": cannot be said of every span");
          right = false;
        }
      }
    }
    return right;
  }

  private static Alias alias(String key, Section section) {
    Inclusion inclusion = section.choice("semantics", INCLUSIONS, null);
    boolean overrides = section.bool("overrides", false);
    String currency = section.text("currency", null);
    Alias alias = alias(key, section, "attribute", inclusion, overrides, currency);
    section.end();
    return alias;
  }

  /**
   * @param at the key of {@code section} that says what the alias stands for
   */
  private static Alias alias(
      String key,
      Section section,
      String at,
      Inclusion inclusion,
      boolean overrides,
      String currency) {
    String target = section.text(at, null);
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
      section.error(at, section.name(at) + ": " + e.getMessage());
      return null;
    }
  }

  private static String unknown(String target) {
    String nearest = Suggestions.nearest(target, Alias.targets());
    return target
        + " is nothing that is read from a span"
        + (nearest == null ? "" : "; did you mean " + nearest + "?");
  }
}
