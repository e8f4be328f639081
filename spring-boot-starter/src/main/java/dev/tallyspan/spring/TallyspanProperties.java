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

  public boolean isEnabled() {
    return enabled;
  }

  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  public boolean isStrict() {
    return strict;
  }

  public void setStrict(boolean strict) {
    this.strict = strict;
  }

  public String getTarget() {
    return target;
  }

  public void setTarget(String target) {
    this.target = target;
  }

  public boolean isGenAiUsageCost() {
    return genAiUsageCost;
  }

  public void setGenAiUsageCost(boolean genAiUsageCost) {
    this.genAiUsageCost = genAiUsageCost;
  }

  public @Nullable String getCacheWriteNames() {
    return cacheWriteNames;
  }

  public void setCacheWriteNames(@Nullable String cacheWriteNames) {
    this.cacheWriteNames = cacheWriteNames;
  }

  public List<String> getDisabledDialects() {
    return disabledDialects;
  }

  public void setDisabledDialects(List<String> disabledDialects) {
    this.disabledDialects = disabledDialects;
  }

  public Map<String, String> getDeployments() {
    return deployments;
  }

  public void setDeployments(Map<String, String> deployments) {
    this.deployments = deployments;
  }

  public Duration getJoinLogs() {
    return joinLogs;
  }

  public void setJoinLogs(Duration joinLogs) {
    this.joinLogs = joinLogs;
  }

  public boolean isRollup() {
    return rollup;
  }

  public void setRollup(boolean rollup) {
    this.rollup = rollup;
  }

  public Catalog getCatalog() {
    return catalog;
  }

  public Contracts getContracts() {
    return contracts;
  }

  public Currency getCurrency() {
    return currency;
  }

  public Estimate getEstimate() {
    return estimate;
  }

  public ContentPolicy getContentPolicy() {
    return contentPolicy;
  }

  public Identity getIdentity() {
    return identity;
  }

  public SpringAi getSpringAi() {
    return springAi;
  }

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

    public @Nullable Path getFile() {
      return file;
    }

    public void setFile(@Nullable Path file) {
      this.file = file;
    }

    public @Nullable URI getUrl() {
      return url;
    }

    public void setUrl(@Nullable URI url) {
      this.url = url;
    }

    public String getFormat() {
      return format;
    }

    public void setFormat(String format) {
      this.format = format;
    }

    public Duration getReloadInterval() {
      return reloadInterval;
    }

    public void setReloadInterval(Duration reloadInterval) {
      this.reloadInterval = reloadInterval;
    }

    public @Nullable String getSha256() {
      return sha256;
    }

    public void setSha256(@Nullable String sha256) {
      this.sha256 = sha256;
    }

    public @Nullable String getPublicKey() {
      return publicKey;
    }

    public void setPublicKey(@Nullable String publicKey) {
      this.publicKey = publicKey;
    }

    public @Nullable Path getVectors() {
      return vectors;
    }

    public void setVectors(@Nullable Path vectors) {
      this.vectors = vectors;
    }

    public boolean isLayered() {
      return layered;
    }

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

    public @Nullable Path getFile() {
      return file;
    }

    public void setFile(@Nullable Path file) {
      this.file = file;
    }

    public Duration getReloadInterval() {
      return reloadInterval;
    }

    public void setReloadInterval(Duration reloadInterval) {
      this.reloadInterval = reloadInterval;
    }

    public String getAttribute() {
      return attribute;
    }

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

    public @Nullable String getTo() {
      return to;
    }

    public void setTo(@Nullable String to) {
      this.to = to;
    }

    public Map<String, String> getRates() {
      return rates;
    }

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

    public boolean isEnabled() {
      return enabled;
    }

    public void setEnabled(boolean enabled) {
      this.enabled = enabled;
    }

    public int getMaxCharacters() {
      return maxCharacters;
    }

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

    public @Nullable String getMode() {
      return mode;
    }

    public void setMode(@Nullable String mode) {
      this.mode = mode;
    }

    public @Nullable Path getFile() {
      return file;
    }

    public void setFile(@Nullable Path file) {
      this.file = file;
    }

    public @Nullable Boolean getRedact() {
      return redact;
    }

    public void setRedact(@Nullable Boolean redact) {
      this.redact = redact;
    }

    public List<String> getDetectors() {
      return detectors;
    }

    public void setDetectors(List<String> detectors) {
      this.detectors = detectors;
    }

    public @Nullable String getPseudonymKey() {
      return pseudonymKey;
    }

    public void setPseudonymKey(@Nullable String pseudonymKey) {
      this.pseudonymKey = pseudonymKey;
    }

    public List<String> getRules() {
      return rules;
    }

    public void setRules(List<String> rules) {
      this.rules = rules;
    }

    public List<String> getContentKeys() {
      return contentKeys;
    }

    public void setContentKeys(List<String> contentKeys) {
      this.contentKeys = contentKeys;
    }

    public @Nullable DataSize getMaxAttributeSize() {
      return maxAttributeSize;
    }

    public void setMaxAttributeSize(@Nullable DataSize maxAttributeSize) {
      this.maxAttributeSize = maxAttributeSize;
    }

    public @Nullable DataSize getMaxSpanSize() {
      return maxSpanSize;
    }

    public void setMaxSpanSize(@Nullable DataSize maxSpanSize) {
      this.maxSpanSize = maxSpanSize;
    }

    public Offload getOffload() {
      return offload;
    }
  }

  /** Where the mode offload moves large parts. */
  public static class Offload {

    /** Texts that are larger are moved; by default 32KB. */
    private @Nullable DataSize textsOver;

    private final OffloadFile file = new OffloadFile();

    public @Nullable DataSize getTextsOver() {
      return textsOver;
    }

    public void setTextsOver(@Nullable DataSize textsOver) {
      this.textsOver = textsOver;
    }

    public OffloadFile getFile() {
      return file;
    }
  }

  /** A store of files. */
  public static class OffloadFile {

    /** Directory that parts are written to. */
    private @Nullable Path directory;

    public @Nullable Path getDirectory() {
      return directory;
    }

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

    public @Nullable String getUser() {
      return user;
    }

    public void setUser(@Nullable String user) {
      this.user = user;
    }

    public @Nullable String getSession() {
      return session;
    }

    public void setSession(@Nullable String session) {
      this.session = session;
    }

    public List<String> getInherit() {
      return inherit;
    }

    public void setInherit(List<String> inherit) {
      this.inherit = inherit;
    }

    public List<String> getBaggage() {
      return baggage;
    }

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

    public boolean isEnabled() {
      return enabled;
    }

    public void setEnabled(boolean enabled) {
      this.enabled = enabled;
    }

    public boolean isFirstChunk() {
      return firstChunk;
    }

    public void setFirstChunk(boolean firstChunk) {
      this.firstChunk = firstChunk;
    }
  }

  /** Meters. */
  public static class Metrics {

    /** Whether to count spans, tokens and cost in Micrometer. */
    private boolean enabled = true;

    public boolean isEnabled() {
      return enabled;
    }

    public void setEnabled(boolean enabled) {
      this.enabled = enabled;
    }
  }
}
