package dev.tallyspan.sdk.declarative;

import io.opentelemetry.api.incubator.config.DeclarativeConfigException;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The values of a component in a configuration file as a map. Asks for each type in turn, since
 * {@code DeclarativeConfigProperties} returns null, or throws, for a value of another type.
 */
final class YamlValues {

  private YamlValues() {}

  static Map<String, Object> of(DeclarativeConfigProperties config) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String key : config.getPropertyKeys()) {
      Object value = value(config, key);
      if (value != null) { // null = the default
        values.put(key, value);
      }
    }
    return values;
  }

  private static @Nullable Object value(DeclarativeConfigProperties config, String key) {
    Object scalar =
        first(
            () -> config.getString(key),
            () -> config.getBoolean(key),
            () -> config.getLong(key),
            () -> config.getDouble(key));
    if (scalar != null) {
      return scalar;
    }
    DeclarativeConfigProperties section = first(() -> config.getStructured(key));
    if (section != null) {
      return of(section);
    }
    List<String> texts = first(() -> config.getScalarList(key, String.class));
    if (texts != null) {
      return texts;
    }
    return first(() -> config.getStructuredList(key));
  }

  @SafeVarargs
  private static <T> @Nullable T first(Supplier<? extends @Nullable T>... kinds) {
    for (Supplier<? extends @Nullable T> kind : kinds) {
      try {
        T value = kind.get();
        if (value != null) {
          return value;
        }
      } catch (DeclarativeConfigException e) {
        // A value of another type.
      }
    }
    return null;
  }
}
