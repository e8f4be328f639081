package dev.tallyspan.collector.auth;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Sends a user name and a password. Files are read again when they change. */
final class BasicHeader implements RequestHeaders {

  private final Supplier<String> username;
  private final Supplier<String> password;

  /**
   * @throws IllegalArgumentException if a file cannot be read or is empty, or the user name has a
   *     colon
   */
  BasicHeader(BasicSettings settings, LongSupplier nanoTime) {
    BasicSettings.Client client = requireNonNull(settings.client(), "client_auth");
    username = SecretValue.of(client.username(), nanoTime, BasicHeader::name);
    password = SecretValue.of(client.password(), nanoTime, FileContent::single);
    if (username.get().indexOf(':') >= 0) {
      throw new IllegalArgumentException("the user name has a colon");
    }
  }

  @Override
  public Map<String, String> headers() {
    String credentials = username.get() + ":" + password.get();
    return Map.of(
        "authorization",
        "Basic "
            + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
  }

  private static String name(String content) {
    String name = FileContent.single(content);
    if (name.indexOf(':') >= 0) {
      throw new IllegalArgumentException("the user name has a colon");
    }
    return name;
  }
}
