package dev.tallyspan.spring;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/** The properties {@code tallyspan.*}. One that does not exist is an error at start. */
@ConfigurationProperties(prefix = "tallyspan", ignoreUnknownFields = false)
public class TallyspanProperties {

  /** Whether spans are enriched. A content policy that is configured stays in force. */
  private boolean enabled = true;

  /**
   * Whether prices or contracts that cannot be read are an error at start, instead of a warning
   * with which the built-in prices and no contracts are used.
   */
  private boolean strict;

  /** Generation of the GenAI conventions to write. */
  private String target = "genai-dev";

  /** Whether to also write a cost in US dollars as gen_ai.usage.cost. */
  private boolean genAiUsageCost = true;

  /** Attribute names for cache writes: both, current or legacy; by default those of the target. */
  private @Nullable String cacheWriteNames;

  /** Ids of dialects that are not read. */
  private List<String> disabledDialects = new ArrayList<>();

  /** Models by your own names of them, such as those of deployments in Azure. */
  private Map<String, String> deployments = new LinkedHashMap<>();

  /** How long messages that arrive as events are kept for their spans; 0 = they are not joined. */
  private Duration joinLogs = Duration.ofMinutes(10);

  /** Whether spans of agents, workflows and tools get the sums over the calls below them. */
  private boolean rollup = true;

  private final Catalog catalog = new Catalog();
  private final Contracts contracts = new Contracts();
  private final Currency currency = new Currency();
  private final Estimate estimate = new Estimate();
  private final ContentPolicy contentPolicy = new ContentPolicy();
  private final Identity identity = new Identity();
  private final SpringAi springAi = new SpringAi();
  private final Metrics metrics = new Metrics();

  /** {@return whether spans are enriched} */
  public boolean isEnabled() {
    return enabled;
  }

  /**
   * Sets whether spans are enriched. Default: true.
   *
   * @param enabled false to enrich none; a content policy stays in force
   */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** {@return whether prices or contracts that cannot be read are an error at start} */
  public boolean isStrict() {
    return strict;
  }

  /**
   * Sets whether prices or contracts that cannot be read are an error at start. Default: false.
   *
   * @param strict false to log a warning
   */
  public void setStrict(boolean strict) {
    this.strict = strict;
  }

  /** {@return the generation of the GenAI conventions to write} */
  public String getTarget() {
    return target;
  }

  /**
   * Sets the generation of the GenAI conventions to write. Default: {@code genai-dev}, the newest.
   *
   * @param target by its name
   */
  public void setTarget(String target) {
    this.target = target;
  }

  /** {@return whether a cost in US dollars is also written as {@code gen_ai.usage.cost}} */
  public boolean isGenAiUsageCost() {
    return genAiUsageCost;
  }

  /**
   * Sets whether a cost in US dollars is also written as {@code gen_ai.usage.cost}. Default: true.
   *
   * @param genAiUsageCost false to write only {@code tallyspan.cost.*}
   */
  public void setGenAiUsageCost(boolean genAiUsageCost) {
    this.genAiUsageCost = genAiUsageCost;
  }

  /**
   * {@return the attribute names for input tokens written to a cache; null for those of the target}
   */
  public @Nullable String getCacheWriteNames() {
    return cacheWriteNames;
  }

  /**
   * Sets the attribute names for input tokens written to a cache.
   *
   * @param cacheWriteNames {@code both}, {@code current} or {@code legacy}; null for those of the
   *     target, the default
   */
  public void setCacheWriteNames(@Nullable String cacheWriteNames) {
    this.cacheWriteNames = cacheWriteNames;
  }

  /** {@return the ids of the dialects that are not read} */
  public List<String> getDisabledDialects() {
    return disabledDialects;
  }

  /**
   * Sets the ids of the dialects that are not read. Default: none.
   *
   * @param disabledDialects an unknown id is an error at start
   */
  public void setDisabledDialects(List<String> disabledDialects) {
    this.disabledDialects = disabledDialects;
  }

  /** {@return the models by your own names of them} */
  public Map<String, String> getDeployments() {
    return deployments;
  }

  /**
   * Sets the models by your own names of them. Default: none.
   *
   * @param deployments by the name of the deployment
   */
  public void setDeployments(Map<String, String> deployments) {
    this.deployments = deployments;
  }

  /** {@return how long messages that arrive as events are kept for their spans} */
  public Duration getJoinLogs() {
    return joinLogs;
  }

  /**
   * Sets how long messages that arrive as events are kept for their spans. Default: 10 minutes.
   *
   * @param joinLogs 0 = they are not joined
   */
  public void setJoinLogs(Duration joinLogs) {
    this.joinLogs = joinLogs;
  }

  /**
   * {@return whether spans of agents, workflows and tools get the sums over the calls below them}
   */
  public boolean isRollup() {
    return rollup;
  }

  /**
   * Sets whether spans of agents, workflows and tools get the sums over the calls below them.
   * Default: true.
   *
   * @param rollup false to write no sums
   */
  public void setRollup(boolean rollup) {
    this.rollup = rollup;
  }

  /** {@return the properties {@code tallyspan.catalog.*}} */
  public Catalog getCatalog() {
    return catalog;
  }

  /** {@return the properties {@code tallyspan.contracts.*}} */
  public Contracts getContracts() {
    return contracts;
  }

  /** {@return the properties {@code tallyspan.currency.*}} */
  public Currency getCurrency() {
    return currency;
  }

  /** {@return the properties {@code tallyspan.estimate.*}} */
  public Estimate getEstimate() {
    return estimate;
  }

  /** {@return the properties {@code tallyspan.content-policy.*}} */
  public ContentPolicy getContentPolicy() {
    return contentPolicy;
  }

  /** {@return the properties {@code tallyspan.identity.*}} */
  public Identity getIdentity() {
    return identity;
  }

  /** {@return the properties {@code tallyspan.spring-ai.*}} */
  public SpringAi getSpringAi() {
    return springAi;
  }

  /** {@return the properties {@code tallyspan.metrics.*}} */
  public Metrics getMetrics() {
    return metrics;
  }

  /** Where prices come from. */
  public static class Catalog {

    /** File with prices, instead of the prices in the jar. */
    private @Nullable Path file;

    /** URL of prices, http or https. */
    private @Nullable URI url;

    /** Format of the prices: tallyspan, or that of a published table. */
    private String format = "tallyspan";

    /** How often to check for a new version. */
    private Duration reloadInterval = Duration.ofMinutes(1);

    /** SHA-256 of the only content to accept, in hexadecimal; by default any. */
    private @Nullable String sha256;

    /** Ed25519 public key whose signature a version must have; by default none. */
    private @Nullable String publicKey;

    /** File with priced examples that a version must reproduce; by default none. */
    private @Nullable Path vectors;

    /** Whether the prices are layered over those in the jar, instead of replacing them. */
    private boolean layered;

    /** {@return the file with prices; null for the prices in the jar} */
    public @Nullable Path getFile() {
      return file;
    }

    /**
     * Sets the file with prices.
     *
     * @param file null for the prices in the jar, the default
     */
    public void setFile(@Nullable Path file) {
      this.file = file;
    }

    /** {@return the URL of prices; null if they come from a file or the jar} */
    public @Nullable URI getUrl() {
      return url;
    }

    /**
     * Sets the URL of prices.
     *
     * @param url http or https; null for none, the default
     */
    public void setUrl(@Nullable URI url) {
      this.url = url;
    }

    /** {@return the format of the prices} */
    public String getFormat() {
      return format;
    }

    /**
     * Sets the format of the prices.
     *
     * @param format {@code tallyspan}, the default, or that of a published table
     */
    public void setFormat(String format) {
      this.format = format;
    }

    /** {@return how often to check for a new version of the prices} */
    public Duration getReloadInterval() {
      return reloadInterval;
    }

    /**
     * Sets how often to check for a new version of the prices. Default: 1 minute.
     *
     * @param reloadInterval at least 1 second
     */
    public void setReloadInterval(Duration reloadInterval) {
      this.reloadInterval = reloadInterval;
    }

    /** {@return the SHA-256 of the only content to accept; null if any is accepted} */
    public @Nullable String getSha256() {
      return sha256;
    }

    /**
     * Sets the SHA-256 of the only content to accept.
     *
     * @param sha256 in hexadecimal; null to accept any content, the default
     */
    public void setSha256(@Nullable String sha256) {
      this.sha256 = sha256;
    }

    /**
     * {@return the Ed25519 public key whose signature a version must have; null if none is
     * required}
     */
    public @Nullable String getPublicKey() {
      return publicKey;
    }

    /**
     * Sets the Ed25519 public key whose signature a version must have.
     *
     * @param publicKey null to require no signature, the default
     */
    public void setPublicKey(@Nullable String publicKey) {
      this.publicKey = publicKey;
    }

    /** {@return the file with priced examples that a version must reproduce; null for none} */
    public @Nullable Path getVectors() {
      return vectors;
    }

    /**
     * Sets the file with priced examples that a version must reproduce.
     *
     * @param vectors null to check no examples, the default
     */
    public void setVectors(@Nullable Path vectors) {
      this.vectors = vectors;
    }

    /** {@return whether the prices are layered over those in the jar} */
    public boolean isLayered() {
      return layered;
    }

    /**
     * Sets whether the prices are layered over those in the jar. Default: false.
     *
     * @param layered false to use these prices alone
     */
    public void setLayered(boolean layered) {
      this.layered = layered;
    }
  }

  /** Contracts of tenants. */
  public static class Contracts {

    /** File with contracts; by default none, and list prices apply. */
    private @Nullable Path file;

    /** How often to check for a new version. */
    private Duration reloadInterval = Duration.ofMinutes(1);

    /** Attribute of the span, or of its resource, with the name of the tenant. */
    private String attribute = "tenant.id";

    /** {@return the file with contracts; null if list prices apply} */
    public @Nullable Path getFile() {
      return file;
    }

    /**
     * Sets the file with contracts.
     *
     * @param file null for list prices, the default
     */
    public void setFile(@Nullable Path file) {
      this.file = file;
    }

    /** {@return how often to check for a new version of the contracts} */
    public Duration getReloadInterval() {
      return reloadInterval;
    }

    /**
     * Sets how often to check for a new version of the contracts. Default: 1 minute.
     *
     * @param reloadInterval at least 1 second
     */
    public void setReloadInterval(Duration reloadInterval) {
      this.reloadInterval = reloadInterval;
    }

    /** {@return the attribute with the name of the tenant} */
    public String getAttribute() {
      return attribute;
    }

    /**
     * Sets the attribute with the name of the tenant. Default: {@code tenant.id}.
     *
     * @param attribute of the span or, if absent, of its resource
     */
    public void setAttribute(String attribute) {
      this.attribute = attribute;
    }
  }

  /** Conversion of costs. */
  public static class Currency {

    /** Currency to convert costs to; by default they stay in that of the catalog. */
    private @Nullable String to;

    /** Rates by the currency to convert from, such as USD: 0.92. */
    private Map<String, String> rates = new LinkedHashMap<>();

    /** {@return the currency to convert costs to; null if they are not converted} */
    public @Nullable String getTo() {
      return to;
    }

    /**
     * Sets the currency to convert costs to.
     *
     * @param to null for the currency of the catalog, the default
     */
    public void setTo(@Nullable String to) {
      this.to = to;
    }

    /** {@return the rates by the currency to convert from} */
    public Map<String, String> getRates() {
      return rates;
    }

    /**
     * Sets the rates by the currency to convert from. Default: none.
     *
     * @param rates such as {@code USD: 0.92}
     */
    public void setRates(Map<String, String> rates) {
      this.rates = rates;
    }
  }

  /** Estimated token counts. */
  public static class Estimate {

    /** Whether to estimate the token counts of chats without usage; requires jtokkit. */
    private boolean enabled;

    /** Longest chat that is estimated, in characters. */
    private int maxCharacters = 100_000;

    /** {@return whether the token counts of chats without usage are estimated} */
    public boolean isEnabled() {
      return enabled;
    }

    /**
     * Sets whether the token counts of chats without usage are estimated. Default: false.
     *
     * @param enabled true requires jtokkit on the class path
     */
    public void setEnabled(boolean enabled) {
      this.enabled = enabled;
    }

    /** {@return the longest chat that is estimated, in characters} */
    public int getMaxCharacters() {
      return maxCharacters;
    }

    /**
     * Sets the longest chat that is estimated, in characters. Default: 100,000.
     *
     * @param maxCharacters at least 1
     */
    public void setMaxCharacters(int maxCharacters) {
      this.maxCharacters = maxCharacters;
    }
  }

  /** How much of prompts, completions, tool calls and documents is written and exported. */
  public static class ContentPolicy {

    /**
     * How much content is written to spans and leaves with them: none, metadata, redacted, full or
     * offload. By default, nothing is added, and everything leaves that was captured.
     */
    private @Nullable String mode;

    /** JSON file with the keys of content_policy, for what does not fit into properties. */
    private @Nullable Path file;

    /** Whether secrets and personal data are masked; by default, as the mode says. */
    private @Nullable Boolean redact;

    /** Detectors to use; by default all but ip_address. */
    private List<String> detectors = new ArrayList<>();

    /** Secret of at least 16 bytes, with which masks become pseudonyms. */
    private @Nullable String pseudonymKey;

    /** What happens at paths, such as user.id=keep: mask, drop or keep. */
    private List<String> rules = new ArrayList<>();

    /** Your own attribute keys that hold content; with a dot at the end, prefixes. */
    private List<String> contentKeys = new ArrayList<>();

    /** Largest attribute with content, such as 64KB; 0 = no limit. */
    private @Nullable DataSize maxAttributeSize;

    /** Most content of a span or log record, such as 256KB; 0 = no limit. */
    private @Nullable DataSize maxSpanSize;

    private final Offload offload = new Offload();

    /**
     * {@return how much content is written to spans and leaves with them; null if only what was
     * captured leaves}
     */
    public @Nullable String getMode() {
      return mode;
    }

    /**
     * Sets how much content is written to spans and leaves with them.
     *
     * @param mode {@code none}, {@code metadata}, {@code redacted}, {@code full} or {@code
     *     offload}; null to add nothing and let everything leave that was captured, the default
     */
    public void setMode(@Nullable String mode) {
      this.mode = mode;
    }

    /** {@return the JSON file with the keys of {@code content_policy}; null for none} */
    public @Nullable Path getFile() {
      return file;
    }

    /**
     * Sets the JSON file with the keys of {@code content_policy}.
     *
     * @param file null for none, the default
     */
    public void setFile(@Nullable Path file) {
      this.file = file;
    }

    /** {@return whether secrets and personal data are masked; null if the mode decides} */
    public @Nullable Boolean getRedact() {
      return redact;
    }

    /**
     * Sets whether secrets and personal data are masked.
     *
     * @param redact null to let the mode decide, the default
     */
    public void setRedact(@Nullable Boolean redact) {
      this.redact = redact;
    }

    /** {@return the detectors to use; empty for the default ones} */
    public List<String> getDetectors() {
      return detectors;
    }

    /**
     * Sets the detectors to use.
     *
     * @param detectors empty for all but {@code ip_address}, the default
     */
    public void setDetectors(List<String> detectors) {
      this.detectors = detectors;
    }

    /** {@return the secret with which masks become pseudonyms; null if they do not} */
    public @Nullable String getPseudonymKey() {
      return pseudonymKey;
    }

    /**
     * Sets the secret with which masks become pseudonyms.
     *
     * @param pseudonymKey at least 16 bytes; null for plain masks, the default
     */
    public void setPseudonymKey(@Nullable String pseudonymKey) {
      this.pseudonymKey = pseudonymKey;
    }

    /** {@return what happens at paths} */
    public List<String> getRules() {
      return rules;
    }

    /**
     * Sets what happens at paths. Default: none.
     *
     * @param rules such as {@code user.id=keep}; the actions are {@code mask}, {@code drop} and
     *     {@code keep}
     */
    public void setRules(List<String> rules) {
      this.rules = rules;
    }

    /** {@return your own attribute keys that hold content} */
    public List<String> getContentKeys() {
      return contentKeys;
    }

    /**
     * Sets your own attribute keys that hold content. Default: none.
     *
     * @param contentKeys with a dot at the end, prefixes
     */
    public void setContentKeys(List<String> contentKeys) {
      this.contentKeys = contentKeys;
    }

    /** {@return the largest attribute with content; null if there is no limit} */
    public @Nullable DataSize getMaxAttributeSize() {
      return maxAttributeSize;
    }

    /**
     * Sets the largest attribute with content.
     *
     * @param maxAttributeSize such as 64 KB, at least 64 bytes; 0 or null for no limit, the default
     */
    public void setMaxAttributeSize(@Nullable DataSize maxAttributeSize) {
      this.maxAttributeSize = maxAttributeSize;
    }

    /** {@return the most content of a span or log record; null if there is no limit} */
    public @Nullable DataSize getMaxSpanSize() {
      return maxSpanSize;
    }

    /**
     * Sets the most content of a span or log record.
     *
     * @param maxSpanSize such as 256 KB; 0 or null for no limit, the default
     */
    public void setMaxSpanSize(@Nullable DataSize maxSpanSize) {
      this.maxSpanSize = maxSpanSize;
    }

    /** {@return the properties {@code tallyspan.content-policy.offload.*}} */
    public Offload getOffload() {
      return offload;
    }
  }

  /** Where the mode offload moves large parts. */
  public static class Offload {

    /** Texts that are larger are moved; by default 32KB. */
    private @Nullable DataSize textsOver;

    private final OffloadFile file = new OffloadFile();

    /** {@return the size above which texts are moved; null for 32 KB} */
    public @Nullable DataSize getTextsOver() {
      return textsOver;
    }

    /**
     * Sets the size above which texts are moved.
     *
     * @param textsOver null for 32 KB, the default
     */
    public void setTextsOver(@Nullable DataSize textsOver) {
      this.textsOver = textsOver;
    }

    /** {@return the properties {@code tallyspan.content-policy.offload.file.*}} */
    public OffloadFile getFile() {
      return file;
    }
  }

  /** A store of files. */
  public static class OffloadFile {

    /** Directory that parts are written to. */
    private @Nullable Path directory;

    /** {@return the directory that parts are written to; null if it is not set} */
    public @Nullable Path getDirectory() {
      return directory;
    }

    /**
     * Sets the directory that parts are written to.
     *
     * @param directory required for the mode {@code offload}
     */
    public void setDirectory(@Nullable Path directory) {
      this.directory = directory;
    }
  }

  /** Who uses the application. */
  public static class Identity {

    /**
     * Where user.id comes from: principal, header:NAME, or attribute:NAME of the request. By
     * default, it is not set.
     */
    private @Nullable String user;

    /**
     * Where session.id comes from: header:NAME, or attribute:NAME of the request. By default, it is
     * not set.
     */
    private @Nullable String session;

    /** Attributes that LLM spans take over from the spans around them. */
    private List<String> inherit = List.of("session.id", "user.id", "gen_ai.conversation.id");

    /** Entries of baggage that become attributes of LLM spans; callers decide what they say. */
    private List<String> baggage = new ArrayList<>();

    /** {@return where {@code user.id} comes from; null if it is not set} */
    public @Nullable String getUser() {
      return user;
    }

    /**
     * Sets where {@code user.id} comes from.
     *
     * @param user {@code principal}, {@code header:NAME} or {@code attribute:NAME} of the request;
     *     null to set no user, the default
     */
    public void setUser(@Nullable String user) {
      this.user = user;
    }

    /** {@return where {@code session.id} comes from; null if it is not set} */
    public @Nullable String getSession() {
      return session;
    }

    /**
     * Sets where {@code session.id} comes from.
     *
     * @param session {@code header:NAME} or {@code attribute:NAME} of the request; null to set no
     *     session, the default
     */
    public void setSession(@Nullable String session) {
      this.session = session;
    }

    /** {@return the attributes that LLM spans take over from the spans around them} */
    public List<String> getInherit() {
      return inherit;
    }

    /**
     * Sets the attributes that LLM spans take over from the spans around them. Default: {@code
     * session.id}, {@code user.id} and {@code gen_ai.conversation.id}.
     *
     * @param inherit names of attributes; {@code none} alone inherits nothing
     */
    public void setInherit(List<String> inherit) {
      this.inherit = inherit;
    }

    /** {@return the entries of baggage that become attributes of LLM spans} */
    public List<String> getBaggage() {
      return baggage;
    }

    /**
     * Sets the entries of baggage that become attributes of LLM spans. Default: none.
     *
     * @param baggage names of entries; callers decide what they say
     */
    public void setBaggage(List<String> baggage) {
      this.baggage = baggage;
    }
  }

  /** What is added to the observations of Spring AI. */
  public static class SpringAi {

    /** Whether to add to the spans of Spring AI what they lack. */
    private boolean enabled = true;

    /**
     * Whether to measure the time to the first chunk of streams, with an advisor that is added to
     * the builder of chat clients and has a span of its own in each stream.
     */
    private boolean firstChunk = true;

    /** {@return whether the spans of Spring AI get what they lack} */
    public boolean isEnabled() {
      return enabled;
    }

    /**
     * Sets whether the spans of Spring AI get what they lack. Default: true.
     *
     * @param enabled false to leave them as they are
     */
    public void setEnabled(boolean enabled) {
      this.enabled = enabled;
    }

    /** {@return whether the time to the first chunk of streams is measured} */
    public boolean isFirstChunk() {
      return firstChunk;
    }

    /**
     * Sets whether the time to the first chunk of streams is measured. Default: true.
     *
     * @param firstChunk true adds an advisor with a span of its own to each stream
     */
    public void setFirstChunk(boolean firstChunk) {
      this.firstChunk = firstChunk;
    }
  }

  /** Meters. */
  public static class Metrics {

    /** Whether to count spans, tokens and cost in Micrometer. */
    private boolean enabled = true;

    /** {@return whether spans, tokens and cost are counted in Micrometer} */
    public boolean isEnabled() {
      return enabled;
    }

    /**
     * Sets whether spans, tokens and cost are counted in Micrometer. Default: true.
     *
     * @param enabled false to register no meters
     */
    public void setEnabled(boolean enabled) {
      this.enabled = enabled;
    }
  }
}
