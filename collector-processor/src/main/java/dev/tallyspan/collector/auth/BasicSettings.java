package dev.tallyspan.collector.auth;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The extension {@code basicauth}.
 *
 * @param users {@code users}, which take precedence over {@code htpasswd}
 * @param htpasswdFile null = none
 * @param htpasswd {@code htpasswd.inline}, whose users take precedence over those in the file;
 *     empty = none
 * @param client the credentials that exporters send; null = none
 */
public record BasicSettings(
    String id,
    List<User> users,
    @Nullable Path htpasswdFile,
    String htpasswd,
    @Nullable Client client)
    implements AuthSettings {

  public BasicSettings {
    requireNonNull(id, "id");
    requireNonNull(htpasswd, "htpasswd");
    users = List.copyOf(users);
    // Fails here, and not when the server starts.
    Htpasswd.parse(htpasswd, id);
  }

  /**
   * A user.
   *
   * @param tenant null = none
   */
  public record User(String name, Secret password, @Nullable String tenant) {
    public User {
      requireNonNull(password, "password");
      if (name.isEmpty() || name.indexOf(':') >= 0) {
        throw new IllegalArgumentException("a user name must not be empty or have a colon");
      }
    }
  }

  /** The credentials that exporters send. */
  public record Client(Secret username, Secret password) {
    public Client {
      requireNonNull(username, "username");
      requireNonNull(password, "password");
    }
  }

  @Override
  public boolean forReceivers() {
    return !users.isEmpty() || htpasswdFile != null || !htpasswd.isBlank();
  }

  @Override
  public boolean givesTenants() {
    return htpasswdFile == null
        && htpasswd.isBlank()
        && users.stream().allMatch(user -> user.tenant() != null);
  }

  @Override
  public boolean forExporters() {
    return client != null;
  }

  /** Leaves out the content of {@code htpasswd}. */
  @Override
  public String toString() {
    return "BasicSettings[" + id + "]";
  }
}
