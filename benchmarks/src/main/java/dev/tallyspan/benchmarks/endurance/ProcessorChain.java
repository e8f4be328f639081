package dev.tallyspan.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Processors of the Collector.
 *
 * @param yaml their configuration, with the key {@code processors}
 * @param chain their ids in the order of a pipeline, separated by commas
 */
record ProcessorChain(String yaml, String chain) {

  private static final Pattern CHAIN = Pattern.compile("(?m)^# chain: (.*)$");

  /**
   * Reads a file whose comment {@code # chain:} lists them in their order.
   *
   * @throws IllegalArgumentException if it has none
   */
  static ProcessorChain read(Path file) throws IOException {
    String yaml = Files.readString(file);
    Matcher chain = CHAIN.matcher(yaml);
    if (!chain.find()) {
      throw new IllegalArgumentException(
          file + ": needs a line such as \"# chain: memory_limiter, transform\"");
    }
    return new ProcessorChain(yaml, chain.group(1));
  }
}
