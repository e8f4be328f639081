package dev.tallyspan.collector.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.tallyspan.collector.flow.Sender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @TempDir private Path directory;
  private final AtomicLong now = new AtomicLong();
  private final List<Authenticator> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(Authenticator::close);
  }

  @Test
  void tokenIsAccepted() {
    Authenticator tokens = bearer(text("acme", "s3cret", "acme-corp"), text("b", "other", null));

    assertThat(verdict(tokens, "Bearer s3cret")).isEqualTo(accepted("acme", "acme-corp"));
    assertThat(verdict(tokens, "bearer  other ")).isEqualTo(accepted("b", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer s3cre",
        "Bearer s3cret2",
        "Bearer S3CRET",
        "Bearer s3cret other",
        "Bearer 🔑"
      })
  void otherTokenIsWrong(String credentials) {
    assertThat(verdict(bearer(text("a", "s3cret", null)), credentials))
        .isEqualTo(Verdict.Rejected.WRONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s3cret", "Bearer", "Bearer ", "Basic s3cret", "Bearers3cret"})
  void otherFormIsNoCredentials(String credentials) {
    assertThat(verdict(bearer(text("a", "s3cret", null)), credentials))
        .isEqualTo(Verdict.Rejected.MISSING);
    assertThat(verdict(bearer(text("a", "s3cret", null)), null))
        .isEqualTo(Verdict.Rejected.MISSING);
  }

  @Test
  void headerAndSchemeCanBeOthers() {
    Authenticator tokens =
        open(new BearerSettings("x", "X-Api-Key", "", List.of(text("a", "s3cret", null)), null));

    assertThat(tokens.header()).isEqualTo("x-api-key");
    assertThat(verdict(tokens, "s3cret")).isEqualTo(accepted("a", null));
    assertThat(tokens.challenge()).isEqualTo("Bearer realm=\"otlp\"");
  }

  @Test
  void tokensInAFileAreReadAgainWhenItChanges() throws Exception {
    Path file = write("tokens", "one\n\n  two \n");
    Authenticator tokens =
        open(new BearerSettings("x", "authorization", "Bearer", List.of(), file));
    assertThat(verdict(tokens, "Bearer two")).isEqualTo(accepted("x", null));

    write("tokens", "three\n");
    assertThat(verdict(tokens, "Bearer three")).isEqualTo(Verdict.Rejected.WRONG);
    now.addAndGet(SECOND);
    assertThat(verdict(tokens, "Bearer three")).isEqualTo(accepted("x", null));
    assertThat(verdict(tokens, "Bearer two")).isEqualTo(Verdict.Rejected.WRONG);
  }

  @Test
  void fileThatDisappearsKeepsItsTokens() throws Exception {
    Path file = write("token", "one");
    Authenticator tokens = bearer(new BearerSettings.Token("a", new Secret.InFile(file), "acme"));
    Files.delete(file);
    now.addAndGet(SECOND);
    assertThat(verdict(tokens, "Bearer one")).isEqualTo(accepted("a", "acme"));

    write("token", "two");
    now.addAndGet(SECOND);
    assertThat(verdict(tokens, "Bearer two")).isEqualTo(accepted("a", "acme"));
  }

  @Test
  void emptyFileOfTokensAcceptsNothing() throws Exception {
    Path file = write("tokens", "one\n");
    Authenticator tokens =
        open(new BearerSettings("x", "authorization", "Bearer", List.of(), file));
    write("tokens", "\n");
    now.addAndGet(SECOND);

    assertThat(verdict(tokens, "Bearer one")).isEqualTo(Verdict.Rejected.WRONG);
    assertThat(verdict(tokens, "Bearer ")).isEqualTo(Verdict.Rejected.MISSING);
  }

  @Test
  void missingFileIsAnErrorAtStart() {
    assertThatThrownBy(
            () ->
                open(
                    new BearerSettings(
                        "x", "authorization", "Bearer", List.of(), directory.resolve("none"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none: cannot be read");
  }

  @ParameterizedTest
  @CsvSource({"plain", "{SHA}", "{SSHA}", "bcrypt"})
  void passwordOfEachFormatIsChecked(String format) throws Exception {
    Authenticator users = htpasswd("# users\nann:" + stored(format, "pass:word") + "\n");

    assertThat(verdict(users, basic("ann", "pass:word"))).isEqualTo(accepted("ann", null));
    assertThat(verdict(users, basic("ann", "pass:word"))).isEqualTo(accepted("ann", null));
    assertThat(verdict(users, basic("ann", "password"))).isEqualTo(Verdict.Rejected.WRONG);
    assertThat(verdict(users, basic("bob", "pass:word"))).isEqualTo(Verdict.Rejected.WRONG);
    assertThat(verdict(users, basic("ann", ""))).isEqualTo(Verdict.Rejected.WRONG);
  }

  @Test
  void bcryptIsComputedOnceForASender() {
    Authenticator users = htpasswd("ann:" + stored("bcrypt", "secret"));
    assertThat(verdict(users, basic("ann", "secret"))).isEqualTo(accepted("ann", null));

    assertThat(users.authenticate(basic("ann", "secret"))).isDone();
  }

  @Test
  void tooManySlowChecksAreRefused() {
    Authenticator users = htpasswd("ann:" + stored("bcrypt", "secret"));
    CompletableFuture<Verdict> first = users.authenticate(basic("ann", "guess"));
    // However slowly they are asked for, until more wait than may.
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              for (int i = 0; i < 200; i++) {
                CompletableFuture<Verdict> verdict = users.authenticate(basic("ann", "guess " + i));
                if (verdict.getNow(null) == Verdict.Unknown.BUSY) {
                  return true;
                }
              }
              return false;
            });
    assertThat(first.join()).isEqualTo(Verdict.Rejected.WRONG);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ann | line 1 is not user:password",
        "ann: | line 1 is not user:password",
        ":x | line 1 is not user:password",
        "ann:$apr1$abc$def | line 1 has a hash that is not supported ($apr1$): make it with htpasswd -B",
        "ann:$6$abc$def | line 1 has a hash that is not supported ($6$): make it with htpasswd -B",
        "ann:{SHA}abc | line 1 has a SHA-1 hash of the wrong length",
        "ann:{SHA}$$$ | line 1 has a hash that is not base64",
        "ann:$2y$05$short | line 1 has a bcrypt hash that is not valid, or has a cost of more than 19",
      })
  void lineThatCannotBeUsedIsAnErrorThatDoesNotQuoteIt(String line, String fault) {
    assertThatThrownBy(() -> htpasswd(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(fault)
        .message()
        .doesNotContain("ann");
  }

  @Test
  void usersOfTheConfigurationTakePrecedence() throws Exception {
    Path file = write("htpasswd", "ann:file\nbob:file\ncyd:file\n");
    Authenticator users =
        open(
            new BasicSettings(
                "x",
                List.of(new BasicSettings.User("ann", new Secret.Text("list"), "acme")),
                file,
                "ann:inline\nbob:inline\n",
                null));

    assertThat(verdict(users, basic("ann", "list"))).isEqualTo(accepted("ann", "acme"));
    assertThat(verdict(users, basic("bob", "inline"))).isEqualTo(accepted("bob", null));
    assertThat(verdict(users, basic("cyd", "file"))).isEqualTo(accepted("cyd", null));
    for (String[] old : new String[][] {{"ann", "inline"}, {"ann", "file"}, {"bob", "file"}}) {
      assertThat(verdict(users, basic(old[0], old[1]))).isEqualTo(Verdict.Rejected.WRONG);
    }
  }

  @Test
  void htpasswdFileIsReadAgainAndABrokenOneIsNotUsed() throws Exception {
    Path file = write("htpasswd", "ann:one");
    Authenticator users = open(new BasicSettings("x", List.of(), file, "", null));
    write("htpasswd", "ann:$apr1$abc$def");
    now.addAndGet(SECOND);
    assertThat(verdict(users, basic("ann", "one"))).isEqualTo(accepted("ann", null));

    write("htpasswd", "ann:second");
    now.addAndGet(SECOND);
    assertThat(verdict(users, basic("ann", "one"))).isEqualTo(Verdict.Rejected.WRONG);
    assertThat(verdict(users, basic("ann", "second"))).isEqualTo(accepted("ann", null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic !!!", "Basic YW5u", "Bearer x", "Basic"})
  void otherFormIsNoUser(String credentials) {
    assertThat(verdict(htpasswd("ann:x"), credentials)).isEqualTo(Verdict.Rejected.MISSING);
  }

  @Test
  void exporterSendsTheNewestToken() throws Exception {
    Path file = write("token", "one\n");
    RequestHeaders headers =
        new BearerHeader(
            new BearerSettings("x", "Authorization", "Bearer", List.of(), file), now::get);
    assertThat(headers.headers()).containsOnly(Map.entry("authorization", "Bearer one"));

    write("token", "second\n");
    now.addAndGet(SECOND);
    assertThat(headers.headers()).containsValue("Bearer second");
  }

  @Test
  void exporterSendsUserAndPassword() throws Exception {
    Path file = write("password", "secret\n");
    RequestHeaders headers =
        new BasicHeader(
            new BasicSettings(
                "x",
                List.of(),
                null,
                "",
                new BasicSettings.Client(new Secret.Text("ann"), new Secret.InFile(file))),
            now::get);

    assertThat(headers.headers()).containsOnly(Map.entry("authorization", basic("ann", "secret")));
  }

  @Test
  void secretsAreNotShown() {
    assertThat(
            new BearerSettings("x", "a", "b", List.of(text("acme", "s3cret", null)), null)
                + " "
                + new BasicSettings(
                    "x",
                    List.of(new BasicSettings.User("ann", new Secret.Text("s3cret"), null)),
                    null,
                    "bob:s3cret",
                    null)
                + StoredPassword.Bcrypt.of(stored("bcrypt", "x")))
        .doesNotContain("s3cret")
        .doesNotContain("$2a$");
  }

  private Authenticator bearer(BearerSettings.Token... tokens) {
    return open(new BearerSettings("x", "authorization", "Bearer", List.of(tokens), null));
  }

  private Authenticator open(BearerSettings settings) {
    return new BearerTokens(settings, now::get);
  }

  private Authenticator htpasswd(String inline) {
    return open(new BasicSettings("x", List.of(), null, inline, null));
  }

  private Authenticator open(BasicSettings settings) {
    Authenticator users = new BasicUsers(settings, now::get);
    opened.add(users);
    return users;
  }

  private static BearerSettings.Token text(String name, String token, String tenant) {
    return new BearerSettings.Token(name, new Secret.Text(token), tenant);
  }

  private static Verdict verdict(Authenticator authenticator, String credentials) {
    return authenticator.authenticate(credentials).orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static Verdict accepted(String name, String tenant) {
    return new Verdict.Accepted(new Sender(name, tenant));
  }

  private static String basic(String name, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(UTF_8));
  }

  private static String stored(String format, String password) {
    return switch (format) {
      case "{SHA}" -> format + sha1(password, "");
      case "{SSHA}" -> format + sha1(password, "salt");
      case "bcrypt" -> BCrypt.withDefaults().hashToString(4, password.toCharArray());
      default -> password;
    };
  }

  private static String sha1(String password, String salt) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest((password + salt).getBytes(UTF_8));
      byte[] both = Arrays.copyOf(hash, hash.length + salt.length());
      System.arraycopy(salt.getBytes(UTF_8), 0, both, hash.length, salt.length());
      return Base64.getEncoder().encodeToString(both);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each version has another time, whatever the resolution of the file system's clock. */
  private Path write(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    return Files.setLastModifiedTime(
        file, FileTime.fromMillis(1_000_000L + 1000 * content.hashCode()));
  }
}
