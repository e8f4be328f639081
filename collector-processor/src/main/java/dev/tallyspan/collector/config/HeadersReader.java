package dev.tallyspan.collector.config;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.auth.HeaderRule;
import dev.tallyspan.collector.auth.HeaderRule.Action;
import dev.tallyspan.collector.auth.HeadersSettings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the extension {@code headers_setter}.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/headerssetterextension">Collector,
 *     headers setter extension</a>
 */
final class HeadersReader {

  private static final Map<String, Action> ACTIONS =
      Map.of(
          "insert", Action.INSERT,
          "update", Action.UPDATE,
          "upsert", Action.UPSERT,
          "delete", Action.DELETE);

  /** What the tenant of an authenticated sender is called. */
  private static final String TENANT = "auth.tenant";

  private HeadersReader() {}

  static AuthReader.Extension read(String id, Section section) {
    List<HeaderRule> rules = new ArrayList<>();
    List<Section> headers = section.sections("headers");
    for (Section header : headers) {
      HeaderRule rule = rule(header);
      if (rule != null) {
        rules.add(rule);
      }
      header.end();
    }
    if (headers.isEmpty()) {
      section.error("headers is missing: list the headers to set");
    }
    section.unsupported(
        "additional_auth", "an exporter has one authenticator: set the credentials in its headers");
    section.end();
    return new AuthReader.Extension(
        id, rules.size() < headers.size() ? null : new HeadersSettings(id, rules));
  }

  /** Returns null if it has a fault, which is reported. */
  private static @Nullable HeaderRule rule(Section section) {
    Action action = section.choice("action", ACTIONS, Action.UPSERT);
    String key = section.text("key");
    String value = section.text("value");
    String otherwise = section.text("default_value");
    boolean tenant = tenant(section, "from_context", Set.of(TENANT));
    tenant |= tenant(section, "from_attribute", Set.of(TENANT, "tenant"));
    if (key == null || key.isEmpty()) {
      section.error("key is missing");
      return null;
    }
    boolean sources = section.has("from_context") || section.has("from_attribute");
    if (action == Action.DELETE) {
      return new HeaderRule(action, key, /* value= */ null, /* otherwise= */ null);
    }
    if (sources && section.has("value")
        || section.has("from_context") && section.has("from_attribute")) {
      section.error("set only one of value, from_context and from_attribute");
      return null;
    }
    if (value == null && !tenant) {
      if (!sources) {
        section.error("value is missing: set value or from_attribute: tenant");
      }
      return null;
    }
    return new HeaderRule(action, key, value, tenant ? otherwise : null);
  }

  /** Whether a key has the tenant as its source; reports other sources. */
  private static boolean tenant(Section section, String key, Set<String> names) {
    String source = section.text(key);
    if (source == null || names.contains(source)) {
      return source != null;
    }
    section.error(
        key,
        section.name(key)
            + ": "
            + source
            + " is not kept with what is received, only the tenant of the sender is: give the tokens"
            + " or users of the receiver's authenticator a tenant, and write from_attribute: tenant");
    return false;
  }

  /**
   * Reports exporters that send the tenant in a header and get data whose sender may have none, and
   * may therefore claim to be any.
   */
  static void check(
      Section file,
      List<ExporterConfig> exporters,
      List<AnyReceiverConfig> receivers,
      List<PipelineConfig> pipelines) {
    for (ExporterConfig exporter : exporters) {
      if (!(exporter.auth() instanceof HeadersSettings rules) || !rules.needsTenant()) {
        continue;
      }
      Set<String> open = new LinkedHashSet<>();
      for (PipelineConfig pipeline : pipelines) {
        if (pipeline.exporters().contains(exporter.id())) {
          receivers.stream()
              .filter(receiver -> pipeline.receivers().contains(receiver.id()))
              .filter(receiver -> !givesTenants(receiver))
              .forEach(receiver -> open.add(receiver.id()));
        }
      }
      if (!open.isEmpty()) {
        Section auth = file.child("exporters").child(exporter.id()).child("auth");
        auth.error(
            "authenticator",
            auth.name("authenticator")
                + ": "
                + rules.id()
                + " sends the tenant, which senders to "
                + String.join(", ", open)
                + " may not have: set auth for all of its protocols, and a tenant for each token and"
                + " user");
      }
    }
  }

  private static boolean givesTenants(AnyReceiverConfig any) {
    // Records of Kafka do not say who wrote them.
    return any instanceof ReceiverConfig receiver
        && (receiver.grpc() == null || givesTenants(receiver.grpc().auth()))
        && (receiver.http() == null || givesTenants(receiver.http().auth()));
  }

  private static boolean givesTenants(@Nullable AuthSettings auth) {
    return auth != null && auth.givesTenants();
  }
}
