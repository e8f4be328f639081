package dev.tallyspan.collector.output.recent;

import dev.tallyspan.collector.cli.JsonTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** JSON that a test looks into. */
final class Json {

  private Json() {}

  static Map<?, ?> object(byte[] json) {
    try {
      return (Map<?, ?>) JsonTree.parse(new String(json, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a list of objects that is a member of an object. */
  static List<Map<?, ?>> list(Map<?, ?> object, String member) {
    return ((List<?>) object.get(member)).stream().<Map<?, ?>>map(it -> (Map<?, ?>) it).toList();
  }
}
