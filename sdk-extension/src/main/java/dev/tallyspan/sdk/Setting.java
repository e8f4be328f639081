package dev.tallyspan.sdk;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of the extension, in the order of the tables in {@code docs/sdk-extension.md} and
 * {@code docs/content-policy.md}, which a test compares with this list.
 */
enum Setting {
  ENABLED("enabled", "", "`true`"),
  CONFIG("config", "settings", "none"),
  STRICT("strict", "strict", "`false`"),
  DOCTOR("doctor", "", "`false`"),
  TARGET("target", "target", "`genai-dev`"),
  CONTENT("content", "content", "`json`"),
  MAX_CONTENT_LENGTH("max_content_length", "maxContentLength", "`0`"),
  CONTENT_POLICY("content_policy", "contentPolicy", "`full`"),
  CONTENT_POLICY_FILE("content_policy.file", "contentPolicy", "none"),
  CONTENT_POLICY_REDACT("content_policy.redact", "contentPolicy", "by mode"),
  CONTENT_POLICY_DETECTORS("content_policy.detectors", "contentPolicy", "all but `ip_address`"),
  CONTENT_POLICY_PSEUDONYM_KEY("content_policy.pseudonym_key", "contentPolicy", "none"),
  CONTENT_POLICY_RULES("content_policy.rules", "contentPolicy", "none"),
  CONTENT_POLICY_CONTENT_KEYS("content_policy.content_keys", "contentPolicy", "none"),
  CONTENT_POLICY_MAX_ATTRIBUTE_SIZE("content_policy.max_attribute_size", "contentPolicy", "`0`"),
  CONTENT_POLICY_MAX_SPAN_SIZE("content_policy.max_span_size", "contentPolicy", "`0`"),
  CONTENT_POLICY_OFFLOAD_FILE_DIRECTORY(
      "content_policy.offload.file.directory", "contentPolicy", "none"),
  CONTENT_POLICY_OFFLOAD_TEXTS_OVER(
      "content_policy.offload.texts_over", "contentPolicy", "`32KiB`"),
  CACHE_WRITE_NAMES("cache_write_names", "cacheWriteNames", "by target"),
  GEN_AI_USAGE_COST("gen_ai_usage_cost", "genAiUsageCost", "`true`"),
  JOIN_LOGS("join_logs", "joinLogs", "`10m`"),
  ROLLUP("rollup", "rollup", "`true`"),
  IDENTITY_INHERIT(
      "identity.inherit", "inheritIdentity", "`session.id`, `user.id`, `gen_ai.conversation.id`"),
  IDENTITY_BAGGAGE("identity.baggage", "identityFromBaggage", "none"),
  DISABLED_DIALECTS("disabled_dialects", "disableDialects", "none"),
  DIALECTS("dialects", "addDialect", "none"),
  ALIASES("aliases", "addDialect", "none"),
  DEPLOYMENTS("deployments", "deployments", "none"),
  CATALOG("catalog", "catalog", "built in"),
  CATALOG_URL("catalog.url", "catalog", "none"),
  CATALOG_FORMAT("catalog.format", "catalog", "`tallyspan`"),
  CATALOG_RELOAD_INTERVAL("catalog.reload_interval", "catalog", "`1m`"),
  CATALOG_SHA256("catalog.sha256", "catalog", "any"),
  CATALOG_PUBLIC_KEY("catalog.public_key", "catalog", "none"),
  CATALOG_VECTORS("catalog.vectors", "catalog", "none"),
  CATALOG_LAYERED("catalog.layered", "catalog", "`false`"),
  CONTRACTS_FILE("contracts.file", "contracts", "none"),
  CONTRACTS_RELOAD_INTERVAL("contracts.reload_interval", "contracts", "`1m`"),
  CONTRACTS_ATTRIBUTE("contracts.attribute", "contracts", "`tenant.id`"),
  CURRENCY_TO("currency.to", "currency", "none"),
  CURRENCY_RATES("currency.rates", "currency", "none"),
  ESTIMATE("estimate", "estimateUsage", "`false`"),
  ESTIMATE_MAX_CHARACTERS("estimate.max_characters", "estimateUsage", "`100000`");

  /** What the names of all properties begin with. */
  static final String PREFIX = "otel.tallyspan.";

  private final String path;
  private final String method;
  private final String otherwise;

  Setting(String path, String method, String otherwise) {
    this.path = path;
    this.method = method;
    this.otherwise = otherwise;
  }

  /** The keys in a configuration file, separated by dots. */
  String path() {
    return path;
  }

  /**
   * The keys under which {@link SettingsReader} expects it. A setting that is short for a section
   * is a key of that section.
   */
  String fullPath() {
    return switch (this) {
      case CATALOG -> "catalog.file";
      case ESTIMATE -> "estimate.enabled";
      case CONTENT_POLICY -> "content_policy.mode";
      default -> path;
    };
  }

  /** The method of {@link LlmEnrichment.Builder} for the setting; empty if code needs none. */
  String method() {
    return method;
  }

  /** The default, as the table shows it. */
  String otherwise() {
    return otherwise;
  }

  /** The system property; null if the setting does not fit into one. */
  @Nullable String property() {
    return this == DIALECTS ? null : PREFIX + path.replace('_', '-');
  }

  /** The environment variable; null if the setting does not fit into one. */
  @Nullable String environment() {
    String property = property();
    return property == null ? null : environment(property);
  }

  /** Whether configuration files have it. */
  boolean inFiles() {
    return this != CONFIG && this != DOCTOR;
  }

  /** Returns the environment variable for a property, as OpenTelemetry derives it. */
  static String environment(String property) {
    return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
