package dev.tallyspan.collector.auth;

import dev.tallyspan.collector.flow.Sender;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Accepts requests that carry one of several tokens. Every token is compared, whichever matches, by
 * digests of equal length, so that the time reveals neither how much of a token is right nor which
 * one matches.
 */
final class BearerTokens implements Authenticator {

  /** A token that is accepted. */
  private record Known(byte[] digest, Sender sender) {}

  private final String header;
  private final String scheme;
  private final SaltedDigest digests = new SaltedDigest();
  private final List<Supplier<List<Known>>> sources = new ArrayList<>();

  /**
   * @throws IllegalArgumentException if a file cannot be read or has no token
   */
  BearerTokens(BearerSettings settings, LongSupplier nanoTime) {
    header = settings.header();
    scheme = settings.scheme();
    List<Known> fixed = new ArrayList<>();
    for (BearerSettings.Token token : settings.tokens()) {
      Sender sender = new Sender(token.name(), token.tenant());
      if (token.secret() instanceof Secret.Text text) {
        fixed.add(new Known(digests.of(text.value()), sender));
      } else if (token.secret() instanceof Secret.InFile in) {
        sources.add(
            new WatchedFile<>(
                    in.file(),
                    content -> List.of(new Known(digests.of(FileContent.single(content)), sender)),
                    nanoTime)
                ::current);
      }
    }
    sources.add(() -> fixed);
    if (settings.file() != null) {
      Sender sender = new Sender(settings.id(), /* tenant= */ null);
      sources.add(
          new WatchedFile<>(
                  settings.file(),
                  content ->
                      FileContent.lines(content).stream()
                          .map(line -> new Known(digests.of(line), sender))
                          .toList(),
                  nanoTime)
              ::current);
    }
  }

  @Override
  public String header() {
    return header;
  }

  @Override
  public String challenge() {
    return (scheme.isEmpty() ? "Bearer" : scheme) + " realm=\"otlp\"";
  }

  @Override
  public CompletableFuture<Verdict> authenticate(@Nullable String credentials) {
    String token = credentials == null ? null : token(credentials.strip());
    if (token == null || token.isEmpty()) {
      return CompletableFuture.completedFuture(Verdict.Rejected.MISSING);
    }
    byte[] digest = digests.of(token);
    Sender sender = null;
    for (Supplier<List<Known>> source : sources) {
      for (Known known : source.get()) {
        if (MessageDigest.isEqual(known.digest, digest)) {
          sender = known.sender;
        }
      }
    }
    return CompletableFuture.completedFuture(
        sender == null ? Verdict.Rejected.WRONG : new Verdict.Accepted(sender));
  }

  private @Nullable String token(String credentials) {
    int length = scheme.length();
    if (length == 0) {
      return credentials;
    }
    boolean named =
        credentials.length() > length
            && credentials.charAt(length) == ' '
            && credentials.regionMatches(/* ignoreCase= */ true, 0, scheme, 0, length);
    return named ? credentials.substring(length + 1).strip() : null;
  }
}
