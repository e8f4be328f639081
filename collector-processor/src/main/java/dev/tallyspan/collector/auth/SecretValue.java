package dev.tallyspan.collector.auth;

import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Provides the value of a secret that is sent in a header. */
final class SecretValue {

  private SecretValue() {}

  /**
   * Returns a supplier of the value. It reads a file again when the file changes.
   *
   * @param parse the content of a file to its value
   * @throws IllegalArgumentException if there is no value that can be sent; the message does not
   *     quote it
   */
  static Supplier<String> of(Secret secret, LongSupplier nanoTime, Function<String, String> parse) {
    if (secret instanceof Secret.Text text) {
      String value = checked(text.value());
      return () -> value;
    }
    Function<String, String> checked = content -> checked(parse.apply(content));
    return new WatchedFile<>(((Secret.InFile) secret).file(), checked, nanoTime)::current;
  }

  private static String checked(String value) {
    if (value.isEmpty() || !value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("must be printable ASCII on one line, and not empty");
    }
    return value;
  }
}
