package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.auth.BasicSettings;
import dev.tallyspan.collector.auth.BearerSettings;
import dev.tallyspan.collector.auth.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthConfigTest {

  private static final String CONFIG =
      """
      extensions: {EXTENSION}
      receivers: {otlp: {protocols: {http: {auth: {authenticator: RECEIVER}}}}}
      exporters: {otlp_http: {endpoint: 'https://backend', EXPORTER}}
      service:
        extensions: [LISTED]
        pipelines: {traces: {receivers: [otlp], exporters: [otlp_http]}}
      """;

  @Test
  void tokensWithNamesAndTenants() throws Exception {
    CollectorConfig config =
        config(
            """
            bearertokenauth/gw: {
                scheme: Token, header: X-Key,
                tokens: [
                  {name: a, token: one, tenant: acme},
                  {name: b, token_env: TOKEN},
                  {token_file: /run/t, tenant: x}]}""",
            "bearertokenauth/gw",
            "",
            "bearertokenauth/gw");

    assertThat(config.receiver("otlp").http().auth())
        .isEqualTo(
            new BearerSettings(
                "bearertokenauth/gw",
                "x-key",
                "Token",
                List.of(
                    new BearerSettings.Token("a", new Secret.Text("one"), "acme"),
                    new BearerSettings.Token("b", new Secret.Text("from env"), null),
                    new BearerSettings.Token(
                        "bearertokenauth/gw", new Secret.InFile(Path.of("/run/t")), "x")),
                null));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void tokensOfTheCollector() throws Exception {
    CollectorConfig config =
        config(
            "bearertokenauth: {token: one, tokens: [two]}",
            "bearertokenauth",
            "auth: {authenticator: bearertokenauth}",
            "bearertokenauth");

    BearerSettings settings =
        new BearerSettings(
            "bearertokenauth",
            "authorization",
            "Bearer",
            List.of(
                new BearerSettings.Token("bearertokenauth", new Secret.Text("one"), null),
                new BearerSettings.Token("bearertokenauth", new Secret.Text("two"), null)),
            null);
    assertThat(config.receiver("otlp").http().auth()).isEqualTo(settings);
    assertThat(config.exporter("otlp_http").auth()).isEqualTo(settings);
  }

  @Test
  void fileTakesPrecedenceOverTokens() throws Exception {
    CollectorConfig config =
        config(
            "bearertokenauth: {token: one, filename: /run/t}",
            "bearertokenauth",
            "",
            "bearertokenauth");

    assertThat(config.receiver("otlp").http().auth())
        .isEqualTo(
            new BearerSettings(
                "bearertokenauth", "authorization", "Bearer", List.of(), Path.of("/run/t")));
    assertThat(config.warnings())
        .singleElement()
        .asString()
        .contains("extensions.bearertokenauth.filename: token and tokens are ignored");
  }

  @Test
  void usersAndClient() throws Exception {
    CollectorConfig config =
        config(
            """
            basicauth/in: {
                users: [{name: ann, password: pw, tenant: acme}],
                htpasswd: {file: /etc/htpasswd, inline: "bob:pw"}},
            basicauth/out: {client_auth: {username: me, password_file: /run/pw}}""",
            "basicauth/in",
            "auth: {authenticator: basicauth/out}",
            "basicauth/in, basicauth/out");

    assertThat(config.receiver("otlp").http().auth())
        .isEqualTo(
            new BasicSettings(
                "basicauth/in",
                List.of(new BasicSettings.User("ann", new Secret.Text("pw"), "acme")),
                Path.of("/etc/htpasswd"),
                "bob:pw",
                null));
    assertThat(config.exporter("otlp_http").auth())
        .isEqualTo(
            new BasicSettings(
                "basicauth/out",
                List.of(),
                null,
                "",
                new BasicSettings.Client(
                    new Secret.Text("me"), new Secret.InFile(Path.of("/run/pw")))));
  }

  @Test
  void credentialsWithoutTlsAreAWarning() throws Exception {
    CollectorConfig config =
        config(
            "bearertokenauth: {token: x}",
            "bearertokenauth",
            "auth: {authenticator: bearertokenauth}, traces_endpoint: 'http://backend/t'",
            "bearertokenauth");

    assertThat(config.warnings())
        .singleElement()
        .asString()
        .endsWith("exporters.otlp_http.auth: credentials are sent without TLS");
  }

  @Test
  void extensionThatIsNotListedIsAWarning() throws Exception {
    assertThat(config("bearertokenauth: {token: x}", "bearertokenauth", "", "").warnings())
        .singleElement()
        .asString()
        .endsWith("extensions.bearertokenauth: is not listed in service.extensions");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bearertokenauth: {} | bearertokenauth | extensions.bearertokenauth: no token: set token, tokens or filename",
        "bearertokenauth: {token: ''} | bearertokenauth | extensions.bearertokenauth.token: a token is empty",
        "bearertokenauth: {tokens: [{name: a}]} | bearertokenauth | extensions.bearertokenauth.tokens[0]: token is missing or empty: set token, token_env or token_file",
        "bearertokenauth: {tokens: [{token_env: NONE}]} | bearertokenauth | extensions.bearertokenauth.tokens[0].token_env: environment variable NONE is not set: set it, or give a default as ${env:NONE:-default}",
        "bearertokenauth: {token: x, header: a b} | bearertokenauth | extensions.bearertokenauth.header: must be the name of a text header",
        "basicauth: {} | basicauth | extensions.basicauth: has no credentials: set htpasswd or users for receivers, client_auth for exporters",
        "basicauth: {htpasswd: {inline: 'a:$$1$$x'}} | basicauth | extensions.basicauth: basicauth: line 1 has a hash that is not supported ($1$): make it with htpasswd -B",
        "basicauth: {users: [{name: 'a:b', password: x}], htpasswd: {inline: 'a:b'}} | basicauth | extensions.basicauth.users[0]: a user name must not be empty or have a colon",
        "basicauth: {client_auth: {username: a, password: b}} | basicauth | receivers.otlp.protocols.http.auth.authenticator: basicauth has no users: set htpasswd or users",
        "bearertokenauth/x: {token: x} | bearertokenauth/y | receivers.otlp.protocols.http.auth.authenticator: bearertokenauth/y is not an extension of type bearertokenauth or basicauth; did you mean bearertokenauth/x?",
      })
  void faultHasItsPlaceAndItsCure(String extension, String receiver, String fault) {
    assertThat(faults(extension, receiver, "")).singleElement().asString().endsWith(": " + fault);
  }

  @Test
  void exporterNeedsCredentialsToSend() {
    assertThat(
            faults(
                "basicauth: {htpasswd: {inline: 'a:b'}}",
                "basicauth",
                "auth: {authenticator: basicauth}"))
        .singleElement()
        .asString()
        .endsWith(
            "exporters.otlp_http.auth.authenticator: basicauth has no client_auth, which exporters"
                + " need");
  }

  @Test
  void keysWithoutEffectAreWarnings() throws Exception {
    CollectorConfig config =
        ConfigLoader.parse(
            "test.yaml",
            """
            receivers:
              otlp:
                protocols:
                  grpc: {read_buffer_size: 512, write_buffer_size: 512, transport: tcp, include_metadata: true}
                  http: {include_metadata: false, compression_algorithms: ["", gzip, snappy, lz4]}
            exporters: {otlp_http: {endpoint: 'https://backend'}}
            service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_http]}}}
            """,
            Map.of());

    assertThat(config.warnings())
        .extracting(Object::toString)
        .satisfiesExactly(
            fault -> assertThat(fault).contains("grpc.read_buffer_size: has no effect"),
            fault -> assertThat(fault).contains("grpc.write_buffer_size: has no effect"),
            fault -> assertThat(fault).contains("grpc.include_metadata: has no effect"),
            fault -> assertThat(fault).contains("snappy is not supported"),
            fault -> assertThat(fault).contains("lz4 is not supported"));
    assertThat(config.receiver("otlp").http().compressionAlgorithms()).containsExactly("", "gzip");
  }

  private static List<String> faults(String extension, String receiver, String exporter) {
    return catchThrowableOfType(
            ConfigException.class, () -> config(extension, receiver, exporter, ""))
        .faults()
        .stream()
        .map(Object::toString)
        .toList();
  }

  private static CollectorConfig config(
      String extension, String receiver, String exporter, String listed) throws ConfigException {
    return ConfigLoader.parse(
        "test.yaml",
        CONFIG
            .replace("EXTENSION", extension)
            .replace("RECEIVER", receiver)
            .replace("EXPORTER", exporter)
            .replace("LISTED", listed),
        Map.of("TOKEN", "from env"));
  }
}
