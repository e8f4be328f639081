package dev.tallyspan.collector.auth;

import dev.tallyspan.collector.flow.Sender;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Accepts requests that carry the name and the password of a user. All users are compared,
 * whichever matches. Only for bcrypt, whose comparison takes long on purpose, the user is looked up
 * by name first, so the time reveals whether there is such a user; {@link PasswordChecks} does that
 * work.
 */
final class BasicUsers implements Authenticator {

  private static final String SCHEME = "Basic ";

  /** A user with a password that is quick to compare. */
  private record User(byte[] name, StoredPassword password, Sender sender) {}

  /** Users by how their passwords are compared. */
  private record Users(List<User> quick, Map<String, StoredPassword.Bcrypt> slow) {}

  private final SaltedDigest digests = new SaltedDigest();
  private final List<Supplier<Users>> sources = new ArrayList<>();
  private final PasswordChecks checks = new PasswordChecks(digests);

  /**
   * @throws IllegalArgumentException if a file cannot be read or has a line that is not supported
   */
  BasicUsers(BasicSettings settings, LongSupplier nanoTime) {
    Map<String, StoredPassword> inline = Htpasswd.parse(settings.htpasswd(), "htpasswd.inline");
    List<User> fixed = new ArrayList<>();
    for (BasicSettings.User user : settings.users()) {
      inline.remove(user.name());
      Sender sender = new Sender(user.name(), user.tenant());
      if (user.password() instanceof Secret.Text text) {
        fixed.add(user(sender, new StoredPassword.Plain(text.value())));
      } else if (user.password() instanceof Secret.InFile in) {
        sources.add(
            new WatchedFile<>(
                    in.file(),
                    content ->
                        new Users(
                            List.of(
                                user(
                                    sender, new StoredPassword.Plain(FileContent.single(content)))),
                            Map.of()),
                    nanoTime)
                ::current);
      }
    }
    Users inlineUsers = users(inline);
    fixed.addAll(inlineUsers.quick);
    Users known = new Users(fixed, inlineUsers.slow);
    sources.add(() -> known);
    if (settings.htpasswdFile() != null) {
      Set<String> taken = new HashSet<>(inline.keySet());
      settings.users().forEach(user -> taken.add(user.name()));
      sources.add(
          new WatchedFile<>(
                  settings.htpasswdFile(),
                  content -> {
                    Map<String, StoredPassword> read = Htpasswd.parse(content, "htpasswd");
                    read.keySet().removeAll(taken);
                    return users(read);
                  },
                  nanoTime)
              ::current);
    }
  }

  @Override
  public String header() {
    return "authorization";
  }

  @Override
  public String challenge() {
    return "Basic realm=\"otlp\", charset=\"UTF-8\"";
  }

  @Override
  public CompletableFuture<Verdict> authenticate(@Nullable String credentials) {
    String pair = credentials == null ? null : decode(credentials.strip());
    if (pair == null) {
      return CompletableFuture.completedFuture(Verdict.Rejected.MISSING);
    }
    int colon = pair.indexOf(':');
    String name = pair.substring(0, colon);
    String password = pair.substring(colon + 1);
    byte[] nameDigest = digests.of(name);
    Sender sender = null;
    StoredPassword.Bcrypt slow = null;
    for (Supplier<Users> source : sources) {
      Users users = source.get();
      for (User user : users.quick) {
        // Both, even if the name does not match.
        if (MessageDigest.isEqual(user.name, nameDigest) & user.password.matches(password)) {
          sender = user.sender;
        }
      }
      StoredPassword.Bcrypt hash = users.slow.get(name);
      slow = hash == null ? slow : hash;
    }
    if (sender != null) {
      return CompletableFuture.completedFuture(new Verdict.Accepted(sender));
    }
    return slow == null
        ? CompletableFuture.completedFuture(Verdict.Rejected.WRONG)
        : checks.check(new Sender(name, /* tenant= */ null), password, slow);
  }

  @Override
  public void close() {
    checks.close();
  }

  private Users users(Map<String, StoredPassword> read) {
    List<User> quick = new ArrayList<>();
    Map<String, StoredPassword.Bcrypt> slow = new LinkedHashMap<>();
    read.forEach(
        (name, password) -> {
          if (password instanceof StoredPassword.Bcrypt bcrypt) {
            slow.put(name, bcrypt);
          } else {
            quick.add(user(new Sender(name, /* tenant= */ null), password));
          }
        });
    return new Users(quick, slow);
  }

  private User user(Sender sender, StoredPassword password) {
    return new User(digests.of(sender.name()), password, sender);
  }

  /** Returns {@code name:password}; null if the header has another form. */
  private static @Nullable String decode(String credentials) {
    if (!credentials.regionMatches(/* ignoreCase= */ true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(credentials.substring(SCHEME.length()).strip());
      String pair = new String(decoded, StandardCharsets.UTF_8);
      return pair.indexOf(':') < 0 ? null : pair;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
