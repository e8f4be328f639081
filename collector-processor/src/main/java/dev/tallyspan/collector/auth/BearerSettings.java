package dev.tallyspan.collector.auth;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The extension {@code bearertokenauth}.
 *
 * @param header the name of the header that carries the token, in lower case
 * @param scheme what precedes the token in the header, with a space between; empty = nothing
 * @param tokens may be empty if there is a file
 * @param file has one token per line; null = no file. If there is one, exporters send its first
 *     token
 */
public record BearerSettings(
    String id, String header, String scheme, List<Token> tokens, @Nullable Path file)
    implements AuthSettings {

  public BearerSettings {
    requireNonNull(id, "id");
    requireNonNull(scheme, "scheme");
    header = header.toLowerCase(Locale.ROOT);
    tokens = List.copyOf(tokens);
    if (tokens.isEmpty() && file == null) {
      throw new IllegalArgumentException("no token: set token, tokens or filename");
    }
  }

  /**
   * A token and who it belongs to.
   *
   * @param tenant null = none
   */
  public record Token(String name, Secret secret, @Nullable String tenant) {
    public Token {
      requireNonNull(name, "name");
      requireNonNull(secret, "secret");
    }
  }

  @Override
  public boolean forReceivers() {
    return true;
  }

  @Override
  public boolean givesTenants() {
    return file == null && tokens.stream().allMatch(token -> token.tenant() != null);
  }

  @Override
  public boolean forExporters() {
    return true;
  }
}
