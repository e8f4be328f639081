package dev.tallyspan.collector.auth;

import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Sends the first token. A token in a file is used from the moment that the file has it. */
final class BearerHeader implements RequestHeaders {

  private final String header;
  private final String prefix;
  private final Supplier<String> token;

  /**
   * @throws IllegalArgumentException if the file cannot be read or is empty, or if the token cannot
   *     be sent in a header
   */
  BearerHeader(BearerSettings settings, LongSupplier nanoTime) {
    header = settings.header();
    prefix = settings.scheme().isEmpty() ? "" : settings.scheme() + " ";
    token =
        settings.file() != null
            ? SecretValue.of(new Secret.InFile(settings.file()), nanoTime, FileContent::first)
            : SecretValue.of(settings.tokens().get(0).secret(), nanoTime, FileContent::single);
  }

  @Override
  public Map<String, String> headers() {
    return Map.of(header, prefix + token.get());
  }
}
