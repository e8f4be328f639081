package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.auth.HeaderRule;
import dev.tallyspan.collector.auth.HeaderRule.Action;
import dev.tallyspan.collector.auth.HeadersSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The extension {@code headers_setter}. */
class HeadersConfigTest {

  private static final String FILE =
      """
      extensions:
        bearertokenauth:
          tokens: [{name: a, token: secret-a, tenant: a}, {name: b, token: secret-b%s}]
        headers_setter: {headers: [%s]}
      receivers:
        otlp:
          protocols:
            http: {auth: {authenticator: bearertokenauth}}
      %s
      processors: {%s}
      exporters:
        otlp_http: {endpoint: "http://localhost:1", auth: {authenticator: headers_setter}}
      service:
        extensions: [bearertokenauth, headers_setter]
        pipelines:
          traces: {receivers: [otlp], processors: [%s], exporters: [otlp_http]}
      """;

  @Test
  void rulesAreRead() throws Exception {
    CollectorConfig config =
        load(
            """
            {key: X-Scope-OrgID, from_attribute: tenant, default_value: shared},
            {action: insert, key: b, from_context: auth.tenant},
            {action: UPDATE, key: c, value: v},
            {action: delete, key: D}
            """);

    assertThat(config.exporter("otlp_http").auth())
        .isEqualTo(
            new HeadersSettings(
                "headers_setter",
                List.of(
                    new HeaderRule(Action.UPSERT, "x-scope-orgid", null, "shared"),
                    new HeaderRule(Action.INSERT, "b", null, null),
                    new HeaderRule(Action.UPDATE, "c", "v", null),
                    new HeaderRule(Action.DELETE, "d", null, null))));
    assertThat(config.tenantAttribute("otlp_http")).isEqualTo("tenant.id");
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void theTenantIsTheAttributeOfThePipeline() throws Exception {
    CollectorConfig config =
        ConfigLoader.parse(
            "c.yaml",
            FILE.formatted(
                ", tenant: b",
                "{key: a, from_attribute: tenant}",
                "",
                "tallyspan: {contracts: {file: /c.json, attribute: team.id}}",
                "tallyspan"),
            Map.of());

    assertThat(config.tenantAttribute("otlp_http")).isEqualTo("team.id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{key: a, from_context: X-Tenant} | headers[0].from_context: X-Tenant is not kept with what is received, only the tenant of the sender is: give the tokens or users of the receiver's authenticator a tenant, and write from_attribute: tenant",
        "{key: a, from_attribute: subject} | headers[0].from_attribute: subject is not kept",
        "{key: a} | headers[0]: value is missing: set value or from_attribute: tenant",
        "{value: a} | headers[0]: key is missing",
        "{key: a, value: b, from_attribute: tenant} | headers[0]: set only one of value",
        "{key: a, action: add, value: b} | headers[0].action: must be one of delete, insert",
        "{key: a, values: b} | headers[0]: value is missing",
      })
  void wrongRulesAreReported(String rule, String fault) {
    assertThat(faults(rule))
        .anySatisfy(it -> assertThat(it).contains("extensions.headers_setter." + fault));
  }

  @Test
  void rulesAreRequired() {
    assertThat(faults(""))
        .anySatisfy(
            fault ->
                assertThat(fault)
                    .isEqualTo(
                        "extensions.headers_setter: headers is missing: list the headers to set"));
  }

  @Test
  void everySenderMustHaveATenant() {
    String fault =
        "exporters.otlp_http.auth.authenticator: headers_setter sends the tenant, which senders to"
            + " otlp may not have: set auth for all of its protocols, and a tenant for each token"
            + " and user";

    assertThat(faults("", "{key: a, from_attribute: tenant}", "")).containsExactly(fault);
    assertThat(faults(", tenant: b", "{key: a, from_attribute: tenant}", "      grpc:"))
        .containsExactly(fault);
  }

  @Test
  void headersWithoutTenantNeedNone() throws Exception {
    assertThat(
            ConfigLoader.parse(
                    "c.yaml", FILE.formatted("", "{key: a, value: b}", "", "", ""), Map.of())
                .sendsTenant("otlp_http"))
        .isFalse();
  }

  @Test
  void itIsNotForReceivers() {
    String file =
        FILE.formatted(", tenant: b", "{key: a, value: b}", "", "", "")
            .replace(
                "http: {auth: {authenticator: bearertokenauth}}",
                "http: {auth: {authenticator: headers_setter}}");

    assertThat(catchThrowableOfType(ConfigException.class, () -> parse(file)).faults())
        .extracting(Fault::message)
        .containsExactly(
            "receivers.otlp.protocols.http.auth.authenticator: headers_setter is for exporters: use"
                + " bearertokenauth or basicauth");
  }

  private static CollectorConfig parse(String file) throws ConfigException {
    return ConfigLoader.parse("c.yaml", file, Map.of());
  }

  private static CollectorConfig load(String rules) throws ConfigException {
    return parse(FILE.formatted(", tenant: b", rules.replace("\n", " "), "", "", ""));
  }

  private static List<String> faults(String rules) {
    return faults(", tenant: b", rules, "");
  }

  private static List<String> faults(String tenant, String rules, String protocol) {
    return catchThrowableOfType(
            ConfigException.class, () -> parse(FILE.formatted(tenant, rules, protocol, "", "")))
        .faults()
        .stream()
        .map(Fault::message)
        .toList();
  }
}
