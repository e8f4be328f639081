package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.internal.dialect.Dialect;
import dev.tallyspan.semconv.internal.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every key that some dialect knows: those of its table, its marks, and what its source names. A
 * dialect that is new is among them from its first line.
 */
final class KnownKeys {

  private static final Path SOURCES =
      Path.of(System.getProperty("basedir", "."), "src/main/java/dev/tallyspan/semconv");

  private static final Pattern LITERAL = Pattern.compile("\"([a-z][a-zA-Z_]*(?:[.:]\\w*)+)\"");

  /** What may follow a key that ends with a dot. */
  private static final List<String> RESTS =
      List.of(
          "0",
          "1",
          "10.role",
          "2.content",
          "0.message.role",
          "0.message.content",
          "0.message.tool_calls.0.tool_call.function.name",
          "0.tool_calls.0.arguments",
          "0.finish_reason",
          "-1.content",
          "input_tokens",
          "userId",
          "x");

  /** Marks that are plain words, which cannot be told from other texts in the sources. */
  private static final List<String> WORDS = List.of("outcome", "events", "model", "metadata");

  private KnownKeys() {}

  static List<String> all() {
    Set<String> keys = new LinkedHashSet<>(WORDS);
    for (Dialect dialect : Dialects.ALL) {
      dialect.renames().forEach(rename -> keys.add(rename.key()));
      dialect.markers().forEach(marker -> add(marker, keys));
    }
    for (Path file : sources()) {
      Matcher literal = LITERAL.matcher(read(file));
      while (literal.find()) {
        add(literal.group(1), keys);
      }
    }
    keys.removeIf(key -> key.startsWith("tallyspan.") || key.startsWith("dev.tallyspan"));
    return List.copyOf(keys);
  }

  private static void add(String key, Set<String> to) {
    if (key.endsWith(".")) {
      RESTS.forEach(rest -> to.add(key + rest));
    } else {
      to.add(key);
    }
  }

  private static List<Path> sources() {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(Files::isRegularFile)
          .filter(
              file -> !file.toString().matches(".*(GenAi|Tallyspan)(Attributes|Events|Metrics).*"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
