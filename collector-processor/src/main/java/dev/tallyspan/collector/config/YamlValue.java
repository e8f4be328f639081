package dev.tallyspan.collector.config;

import io.opentelemetry.api.common.Value;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Values with the types that they have in YAML. */
final class YamlValue {

  private YamlValue() {}

  /**
   * Returns a string, a whole number, a number or a boolean; null for a whole number of more than
   * 64 bits.
   *
   * @param text of the scalar with variables expanded; if there were any, it is a string
   */
  static @Nullable Value<?> of(ScalarNode scalar, String text) {
    if (scalar.getScalarStyle() != ScalarStyle.PLAIN || !text.equals(scalar.getValue())) {
      return Value.of(text);
    }
    // YAML allows three spellings of each.
    String word = text.toLowerCase(Locale.ROOT);
    if (word.equals("true") || word.equals("false")) {
      return Value.of(word.equals("true"));
    }
    try {
      return scalar.getTag().equals(Tag.INT)
          ? Value.of(Long.parseLong(text))
          : scalar.getTag().equals(Tag.FLOAT) ? Value.of(Double.parseDouble(text)) : Value.of(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
