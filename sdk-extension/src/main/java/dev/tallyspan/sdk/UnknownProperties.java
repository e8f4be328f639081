package dev.tallyspan.sdk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds properties of Tallyspan that do not exist, which would be ignored silently otherwise. Looks
 * at system properties and environment variables, because {@code ConfigProperties} does not list
 * its keys.
 */
final class UnknownProperties {

  private static final String VARIABLE_PREFIX = Setting.environment(Setting.PREFIX);

  private UnknownProperties() {}

  /** Returns a warning that names all of them; null if there are none. */
  static @Nullable String warning(
      Collection<String> systemProperties, Collection<String> environment) {
    Map<String, String> properties = new LinkedHashMap<>();
    Map<String, String> variables = new LinkedHashMap<>();
    for (Setting setting : Setting.values()) {
      String property = setting.property();
      if (property != null) {
        properties.put(normalized(property), property);
        variables.put(Setting.environment(property), Setting.environment(property));
      }
    }
    List<String> unknown = new ArrayList<>();
    for (String name : new TreeSet<>(systemProperties)) {
      String normalized = normalized(name);
      if (normalized.startsWith(Setting.PREFIX) && !properties.containsKey(normalized)) {
        unknown.add(name + hint(name, properties.values()));
      }
    }
    for (String name : new TreeSet<>(environment)) {
      if (name.startsWith(VARIABLE_PREFIX) && !variables.containsKey(name)) {
        unknown.add(name + hint(name, variables.values()));
      }
    }
    return unknown.isEmpty()
        ? null
        : "Tallyspan does not know and ignores: " + String.join(", ", unknown);
  }

  private static String hint(String name, Collection<String> known) {
    String nearest = NearestName.of(name, known);
    return nearest == null ? "" : " (did you mean " + nearest + "?)";
  }

  /** Names of properties are compared as OpenTelemetry compares them. */
  private static String normalized(String property) {
    return property.toLowerCase(Locale.ROOT).replace('-', '.');
  }
}
