package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/**
 * What one span says about an LLM, in no dialect: the result of reading it. Everything that was
 * found is kept with where it came from, see {@link #readings()}. What was not found is null,
 * unless said otherwise. Immutable.
 */
public final class LlmSpan {

  private final Map<Slot, Reading> slots;
  private final List<String> dialects;
  private final List<DialectFault> faults;
  private final Map<String, Collection<Original>> originals;
  private final TokenUsage usage;
  private final TokenUsage billedUsage;
  private final Map<String, Long> fees;
  private final List<SideUsage> sides;
  private final List<String> gaps;
  private final List<String> unread;
  private final Billing billing;
  private final ReportedCost reportedCost;
  private final ReportedCost clientCost;
  private final boolean mixesCacheLifetimes;
  private final String duplicateOf;
  private final String costDialect;
  private final boolean alreadyProcessed;

  private LlmSpan(Builder builder, TokenUsage usage, Billing billing) {
    slots = new EnumMap<>(builder.slots);
    dialects = List.copyOf(builder.dialects);
    faults = List.copyOf(builder.faults);
    originals = builder.originals == null ? Map.of() : builder.originals.byKey();
    reportedCost = builder.reportedCost;
    clientCost = builder.clientCost;
    mixesCacheLifetimes = CacheConventions.mixesLifetimes(dialects);
    duplicateOf = builder.duplicateOf;
    costDialect = builder.costDialect;
    alreadyProcessed = builder.alreadyProcessed;
    this.usage = usage;
    this.billing = billing;
    billedUsage = builder.billedUsage != null && usage != null ? builder.billedUsage : usage;
    fees = builder.fees == null ? Map.of() : builder.fees;
    sides = builder.sides == null ? List.of() : List.copyOf(builder.sides);
    gaps = builder.gaps == null ? List.of() : List.copyOf(builder.gaps);
    unread =
        builder.unread == null || billing != Billing.CALL
            ? List.of()
            : List.copyOf(builder.unread.keySet());
  }

  private LlmSpan(
      LlmSpan llm,
      Map<Slot, Reading> slots,
      TokenUsage usage,
      TokenUsage billedUsage,
      Billing billing,
      String duplicateOf) {
    this.slots = slots;
    this.dialects = llm.dialects;
    this.faults = llm.faults;
    this.originals = llm.originals;
    this.costDialect = llm.costDialect;
    this.reportedCost = llm.reportedCost;
    this.alreadyProcessed = llm.alreadyProcessed;
    this.billing = billing;
    this.usage = usage;
    this.billedUsage = billedUsage;
    this.clientCost = llm.clientCost;
    this.mixesCacheLifetimes = llm.mixesCacheLifetimes;
    this.duplicateOf = duplicateOf;
    this.fees = llm.fees;
    this.sides = llm.sides;
    this.gaps = llm.gaps;
    this.unread = llm.unread;
  }

  /** {@code gen_ai.operation.name}: a well-known value, or the emitter's own. */
  public String operation() {
    return text(Slot.OPERATION);
  }

  /** {@code gen_ai.provider.name}: a well-known value, or the emitter's own. */
  public String provider() {
    return text(Slot.PROVIDER);
  }

  /** The model that was asked for, as written. */
  public String requestModel() {
    return text(Slot.REQUEST_MODEL);
  }

  /** The model that answered, as written. */
  public String responseModel() {
    return text(Slot.RESPONSE_MODEL);
  }

  /** The provider's id of the answer; the same on every span about one call. */
  public String responseId() {
    return text(Slot.RESPONSE_ID);
  }

  /** {@code gen_ai.conversation.id}: the conversation that the span belongs to. */
  public String conversationId() {
    return text(Slot.CONVERSATION_ID);
  }

  /** {@code session.id}: the session that the span belongs to; null if not known. */
  public String sessionId() {
    return text(Slot.SESSION_ID);
  }

  /** {@code user.id}: the user for whom the operation ran; null if not known. */
  public String userId() {
    return text(Slot.USER_ID);
  }

  /** Seconds from the request to the first chunk of a streamed answer; null if not known. */
  public Double timeToFirstChunk() {
    return (Double) get(Slot.TIME_TO_FIRST_CHUNK);
  }

  /** What was searched for; null if not known. */
  public String retrievalQuery() {
    return text(Slot.RETRIEVAL_QUERY);
  }

  /** {@code gen_ai.tool.name}: the tool that ran. */
  public String toolName() {
    return text(Slot.TOOL_NAME);
  }

  /** {@code gen_ai.agent.name}: the agent that ran. */
  public String agentName() {
    return text(Slot.AGENT_NAME);
  }

  /** The class of the error, if the operation failed. */
  public String errorType() {
    return text(Slot.ERROR_TYPE);
  }

  /** The tier that served the call: {@code default}, {@code flex}, {@code priority}, … */
  public String serviceTier() {
    return text(Slot.SERVICE_TIER);
  }

  /**
   * What else a price may depend on, where known: {@code service_tier}, {@code batch} ({@code
   * true}), {@code speed}, {@code inference_geo}, {@code location}, {@code cloud_region}, {@code
   * server_address}. What was served, not what was asked for.
   */
  public Map<String, String> priceConditions() {
    Map<String, String> conditions = new LinkedHashMap<>();
    forEachPriceCondition(conditions::put);
    return conditions;
  }

  /** Gives each of {@link #priceConditions}, name and value, without a map. */
  public void forEachPriceCondition(BiConsumer<String, String> conditions) {
    condition(conditions, "service_tier", Slot.SERVICE_TIER);
    condition(conditions, "batch", Slot.BATCH);
    condition(conditions, "speed", Slot.SPEED);
    condition(conditions, "search_context_size", Slot.SEARCH_CONTEXT_SIZE);
    condition(conditions, "inference_geo", Slot.INFERENCE_GEO);
    condition(conditions, "location", Slot.LOCATION);
    condition(conditions, "cloud_region", Slot.CLOUD_REGION);
    condition(conditions, "server_address", Slot.SERVER_ADDRESS);
  }

  /** Searches that the provider ran on the web; {@link TokenUsage#UNKNOWN} if not known. */
  public long webSearches() {
    Object count = get(Slot.WEB_SEARCHES);
    return count == null ? TokenUsage.UNKNOWN : (Long) count;
  }

  /**
   * What a provider bills of the call, each token in one count only, named as price catalogs name
   * their units: {@code input}, {@code cache_read}, {@code cache_write_5m}, {@code output}, {@code
   * reasoning}, {@code web_searches}, … Only counts that are not 0; none if nothing is known. Parts
   * that exceed their total leave a negative rest, of which no bill can be made.
   */
  public Map<String, Long> billableCounts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    forEachBillableCount(counts::put);
    return counts;
  }

  /** Gives each of {@link #billableCounts}, name and quantity, without a map. */
  public void forEachBillableCount(ObjLongConsumer<String> counts) {
    if (billedUsage != null) {
      BillableCounts.forEach(billedUsage, counts, BillableCounts.NO_GAPS);
    }
    long searches = webSearches();
    if (searches > 0) {
      counts.accept("web_searches", searches);
    }
    for (Map.Entry<String, Long> fee : fees.entrySet()) {
      counts.accept(fee.getKey(), fee.getValue());
    }
  }

  /**
   * What the provider bills with the call, but at a price that does not depend on its counts: tools
   * and advisors on other models, passes of the same model. Not in {@link #billableCounts}.
   */
  public List<SideUsage> sideUsages() {
    return sides;
  }

  /**
   * Why {@link #billableCounts} and {@link #sideUsages} are a lower bound of what is billed, in
   * words for people and without content; empty if nothing says so.
   */
  public List<String> billingGaps() {
    if (billedUsage == null) {
      return gaps;
    }
    Gaps all = new Gaps(gaps);
    if (mixesCacheLifetimes && cacheWritesOfUnknownLifetime() > 0) {
      all.accept("cache_write: for how long is not known, five minutes cost the least");
    }
    BillableCounts.forEach(billedUsage, (unit, count) -> {}, all);
    return all.gaps;
  }

  /**
   * Keys of counts above 0 that no rule here understood: an attribute, or a member of a payload as
   * {@code attribute#member.member}. At most 16.
   */
  public List<String> unreadCounts() {
    return unread;
  }

  /** The tokens; null if there are none on the span. */
  public TokenUsage usage() {
    return usage;
  }

  /**
   * The same span with tokens that somebody else than the provider counted, its usage saying so.
   * How much of the input a cache served stays unknown.
   *
   * @param estimator what counted, with its version
   * @throws IllegalStateException if the span has usage: a count of the provider's is never
   *     replaced
   */
  public LlmSpan withEstimatedUsage(long input, long output, String estimator) {
    if (usage != null) {
      throw new IllegalStateException("usage=" + usage.source() + " is known");
    }
    Map<Slot, Reading> estimated = new EnumMap<>(Slot.class);
    estimated.putAll(slots);
    String rule = "counted by " + estimator;
    estimated.put(Slot.INPUT_TOKENS, Reading.inferred(input, rule));
    estimated.put(Slot.OUTPUT_TOKENS, Reading.inferred(output, rule));
    estimated.put(Slot.USAGE_ESTIMATOR, Reading.inferred(estimator, rule));
    TokenUsage counted =
        TokenUsage.builder()
            .input(input)
            .output(output)
            .source(TokenUsage.Source.ESTIMATED)
            .build();
    return new LlmSpan(this, estimated, counted, counted, billing, duplicateOf);
  }

  /** Input written to a cache for a time that the span does not say; 0 if there is none. */
  public long cacheWritesOfUnknownLifetime() {
    return usage == null
            || usage.cacheWrite5m() != TokenUsage.UNKNOWN
            || usage.cacheWrite1h() != TokenUsage.UNKNOWN
        ? 0
        : TokenUsage.known(usage.cacheWrite());
  }

  /**
   * The same span with all its cache writes for one lifetime.
   *
   * @param anHour whether they live an hour; else five minutes
   * @param rule what tells it, for people
   * @throws IllegalStateException if the span says the lifetime, or has no cache writes
   */
  public LlmSpan withCacheWriteLifetime(boolean anHour, String rule) {
    long writes = cacheWritesOfUnknownLifetime();
    if (writes == 0) {
      throw new IllegalStateException("no cache write of unknown lifetime");
    }
    Slot slot = anHour ? Slot.CACHE_WRITE_1H_TOKENS : Slot.CACHE_WRITE_5M_TOKENS;
    Map<Slot, Reading> known = new EnumMap<>(slots);
    known.put(slot, Reading.inferred(writes, rule));
    return new LlmSpan(
        this,
        known,
        usage.withCacheWriteLifetime(anHour),
        billedUsage.withCacheWriteLifetime(anHour),
        billing,
        duplicateOf);
  }

  /**
   * The same span, not billed, because another one tells of the same call.
   *
   * @param spanId the span that bills it: its id in hex, after {@code traceId/} if it is in another
   *     trace
   */
  public LlmSpan asDuplicateOf(String spanId) {
    return new LlmSpan(this, slots, usage, billedUsage, Billing.DUPLICATE, spanId);
  }

  /** The span that bills this call, as {@link #asDuplicateOf} was told; null if it is this one. */
  public String duplicateOf() {
    return duplicateOf;
  }

  /** What the span is to the bill, judged without the rest of its trace. */
  public Billing billing() {
    return billing;
  }

  /** The dialects that the span is written in, strongest first; never empty. */
  public List<String> dialects() {
    return dialects;
  }

  /** Dialects that failed to read their part of the span; empty when all went well. */
  public List<DialectFault> faults() {
    return faults;
  }

  /** What the emitter or a gateway said that this cost; null if nothing. */
  public ReportedCost reportedCost() {
    return reportedCost;
  }

  /**
   * What a client computed that the call cost, by prices of its own: no bill, but evidence. Null if
   * nothing.
   */
  public ReportedCost clientCost() {
    return clientCost;
  }

  /** Whether the span has been through Tallyspan before; rendering then writes nothing. */
  public boolean alreadyProcessed() {
    return alreadyProcessed;
  }

  /** How everything was found, in a fixed order of slots. Holds content: never to be logged. */
  public List<SlotReading> readings() {
    List<SlotReading> readings = new ArrayList<>();
    slots.forEach((slot, r) -> readings.add(r.toSlotReading(slot)));
    if (reportedCost != null) {
      readings.add(
          new SlotReading(
              "reported_cost",
              reportedCost.amount().toPlainString() + " " + reportedCost.currency(),
              reportedCost.sourceKey(),
              "",
              "reported"));
    }
    return readings;
  }

  /** What went to the model; empty if not known. */
  @SuppressWarnings("unchecked") // the slot's coercion gives this type
  public List<Message> inputMessages() {
    Object messages = get(Slot.INPUT_MESSAGES);
    return messages == null ? List.of() : (List<Message>) messages;
  }

  /** What came from the model, a message for each choice; empty if not known. */
  @SuppressWarnings("unchecked") // the slot's coercion gives this type
  public List<Message> outputMessages() {
    Object messages = get(Slot.OUTPUT_MESSAGES);
    return messages == null ? List.of() : (List<Message>) messages;
  }

  /** Instructions that the API takes beside the messages; empty if there are none. */
  @SuppressWarnings("unchecked") // the slot's coercion gives this type
  public List<MessagePart> systemInstructions() {
    Object parts = get(Slot.SYSTEM_INSTRUCTIONS);
    return parts == null ? List.of() : (List<MessagePart>) parts;
  }

  /** The tools that the model was offered, as a list of objects. */
  public Value<?> toolDefinitions() {
    return (Value<?>) get(Slot.TOOL_DEFINITIONS);
  }

  /** What the tool was called with: an object, or text. */
  public Value<?> toolCallArguments() {
    return (Value<?>) get(Slot.TOOL_CALL_ARGUMENTS);
  }

  /** What the tool answered, of any shape. */
  public Value<?> toolCallResult() {
    return (Value<?>) get(Slot.TOOL_CALL_RESULT);
  }

  /** The documents that were found, as a list of objects. */
  public Value<?> retrievalDocuments() {
    return (Value<?>) get(Slot.RETRIEVAL_DOCUMENTS);
  }

  /** Messages and parts as a structured value; anything else as it is. */
  @SuppressWarnings("unchecked") // lists hold what their first element shows
  static Object content(Object value) {
    if (value instanceof List<?> list && !list.isEmpty()) {
      if (list.get(0) instanceof Message) {
        return Messages.toValue((List<Message>) list);
      }
      if (list.get(0) instanceof MessagePart) {
        return Messages.partsToValue((List<MessagePart>) list);
      }
    }
    return value;
  }

  /** The value of a slot; null if it is empty. */
  Object get(Slot slot) {
    Reading reading = slots.get(slot);
    return reading == null ? null : reading.value();
  }

  Map<Slot, Reading> slots() {
    return slots;
  }

  /** What slots were read from in full, by key, if it was asked for; and the reported cost. */
  Map<String, Collection<Original>> originals() {
    if (reportedCost == null) {
      return originals;
    }
    Map<String, Collection<Original>> all = new LinkedHashMap<>(originals);
    List<Original> ofCost = new ArrayList<>(all.getOrDefault(reportedCost.sourceKey(), List.of()));
    ofCost.add(Original.ofCost(reportedCost, costDialect));
    all.put(reportedCost.sourceKey(), ofCost);
    return all;
  }

  private String text(Slot slot) {
    return (String) get(slot);
  }

  private void condition(BiConsumer<String, String> conditions, String name, Slot slot) {
    Object value = get(slot);
    if (value != null) {
      conditions.accept(name, value.toString());
    }
  }

  /** Providers that charge a fee for each call, beside its tokens. */
  private static final Set<String> FEE_FOR_EACH_CALL = Set.of("perplexity");

  /** Collects reasons; most often there is none. */
  private static final class Gaps implements Consumer<String> {
    private List<String> gaps;

    Gaps(List<String> known) {
      gaps = known;
    }

    @Override
    public void accept(String reason) {
      gaps = new ArrayList<>(gaps);
      gaps.add(reason);
    }
  }

  /** How good a source is for a slot; between equals, the stronger dialect counts. */
  enum Strength {
    /** Said in a key or member of its own. */
    STRUCTURED,
    /** Dug out of a payload that was written for people to look at. */
    BLOB,
    /** Read as far as it went before it was cut off. */
    DAMAGED,
    /** Concluded from something else. */
    INFERRED
  }

  /** A slot's value and where it came from. */
  record Reading(
      Object value, String key, String dialect, String rule, Strength strength, int rank) {

    static Reading inferred(Object value, String rule) {
      return new Reading(value, "", "", rule, Strength.INFERRED, Integer.MAX_VALUE);
    }

    @Override
    public Object value() {
      return value instanceof Unread unread ? unread.read() : value;
    }

    /** Whether this is content in the schema's shape, which nobody has looked into so far. */
    boolean isUnread() {
      return value instanceof Unread;
    }

    /** The content that nobody has looked into so far; null if it is not such. */
    SchemaScan.Found unread() {
      return value instanceof Unread unread ? unread.found : null;
    }

    boolean beats(Reading other) {
      int byStrength = strength.compareTo(other.strength);
      return byStrength < 0 || (byStrength == 0 && rank < other.rank);
    }

    SlotReading toSlotReading(Slot slot) {
      return new SlotReading(slot.label(), asText(value()), key, dialect, rule);
    }

    private static String asText(Object value) {
      Object content = LlmSpan.content(value);
      return content instanceof Value<?> v ? Json.of(v).asText() : String.valueOf(value);
    }
  }

  /** Content that is known to be whole and in the schema's shape, and is read if anybody asks. */
  private static final class Unread {
    private final Coercion coercion;
    private final Json text;
    private final SchemaScan.Found found;
    private volatile Object value;

    Unread(Coercion coercion, Json text, SchemaScan.Found found) {
      this.coercion = coercion;
      this.text = text;
      this.found = found;
    }

    Object read() {
      if (value == null) {
        value = coercion.apply(text.unwrap());
      }
      return value;
    }
  }

  /**
   * Takes what dialects find. For each slot the strongest offer stays, whatever the order in which
   * they come; of one dialect's equally strong offers, the first.
   */
  static final class Builder {

    private static final int MOST_NOTES = 16;

    private final Map<Slot, Reading> slots = new EnumMap<>(Slot.class);
    private final List<Reading> inputClaims = new ArrayList<>();
    private final List<String> dialects = new ArrayList<>();
    private final List<DialectFault> faults = new ArrayList<>();
    private Original.Notes originals;
    private String dialect = "";
    private int rank;
    private ReportedCost reportedCost;
    private ReportedCost clientCost;
    private int costRank;
    private String costDialect = "";
    private TokenUsage providerUsage;
    private TokenUsage billedUsage;
    private String providerUsageKey;
    private Map<String, Long> fees;
    private List<SideUsage> sides;
    private String sideKey;
    private Set<String> gaps;
    private Map<String, Long> unread;
    private TokenUsage.Semantics semantics;
    private Boolean reasoningBeside;
    private TokenUsage.Source source = TokenUsage.Source.REPORTED;
    private Billing billing;
    private CallFailure failure = CallFailure.NONE;
    private String duplicateOf;
    private boolean alreadyProcessed;
    private boolean withoutOperation;
    private boolean withoutMessages;
    private boolean withoutReportedCost;

    /** What is offered from now on comes from this dialect. */
    void from(String dialect, int rank) {
      this.dialect = dialect;
      this.rank = rank;
    }

    void recognised(String id) {
      dialects.add(id);
    }

    void failed(String id, Throwable cause) {
      faults.add(DialectFault.of(id, cause));
    }

    /** The span has been through here: its counts and verdict stand. */
    void alreadyProcessed(List<String> by, TokenUsage.Semantics verdict, TokenUsage.Source from) {
      alreadyProcessed = true;
      if (!by.isEmpty()) {
        dialects.clear();
        dialects.addAll(by);
      }
      providerUsage = null;
      billedUsage = null;
      unread = null;
      semantics = verdict;
      source = from == null ? TokenUsage.Source.REPORTED : from;
    }

    /** The verdict that was written on the span, as far as it says that it is not billed. */
    void alreadyBilledAs(String status, String spanId) {
      if (status.equals(Cost.Status.DUPLICATE.wireName())) {
        billing = Billing.DUPLICATE;
        duplicateOf = spanId;
      } else if (status.equals(Cost.Status.AGGREGATE.wireName())) {
        billing = Billing.AGGREGATE;
      } else if (status.equals(Cost.Status.NOT_BILLABLE.wireName())) {
        billing = Billing.NOT_BILLABLE;
      }
    }

    boolean isProcessed() {
      return alreadyProcessed;
    }

    boolean has(Slot slot) {
      return slots.containsKey(slot);
    }

    /** The strongest value so far; null if there is none. */
    Object get(Slot slot) {
      Reading reading = slots.get(slot);
      return reading == null ? null : reading.value();
    }

    /** The strongest text so far, of a slot that holds text; null if there is none. */
    String text(Slot slot) {
      return (String) get(slot);
    }

    /** The strongest count so far, of a slot that holds one; -1 if there is none. */
    long count(Slot slot) {
      Object count = get(slot);
      return count == null ? -1 : (Long) count;
    }

    /** Whether the slot's value came under the name that the current conventions have for it. */
    boolean isCurrent(Slot slot) {
      Reading reading = slots.get(slot);
      return reading != null && reading.key.equals(slot.key(Generation.GENAI_DEV));
    }

    boolean isRecognised(String id) {
      return dialects.contains(id);
    }

    List<String> recognised() {
      return dialects;
    }

    /**
     * Offers what a key or member of its own said; whether the slot says the same now, which is
     * found out only if originals are noted.
     */
    boolean offer(Slot slot, Json value, String key) {
      return offer(slot, value, slot.coercion(), key);
    }

    /** Offers what a key or member of its own said, read by another coercion than the slot's. */
    boolean offer(Slot slot, Json value, Coercion coercion, String key) {
      return offer(slot, value, coercion, key, Strength.STRUCTURED);
    }

    /** Offers a text that a key or member of its own said. */
    boolean offer(Slot slot, String value, String key) {
      return offer(slot, Json.of(value), key);
    }

    /** Offers what was dug out of a payload. */
    boolean offerBlob(Slot slot, Json value, String key) {
      return offer(slot, value, slot.coercion(), key, Strength.BLOB);
    }

    /** Offers messages that a dialect put together itself. */
    boolean offerMessages(Slot slot, List<Message> messages, String key) {
      return offer(
          slot, messages.isEmpty() ? null : messages, key, "messages", Strength.STRUCTURED);
    }

    /**
     * Offers what a key says by configuration; whether the slot says the same now.
     *
     * @param strongest the rank that the offer has in place of its dialect's; null for that
     */
    boolean offerAlias(Slot slot, Json value, String key, Integer strongest) {
      int own = rank;
      rank = strongest == null ? own : strongest;
      try {
        return offer(slot, value, slot.coercion(), key, Strength.STRUCTURED, "alias");
      } finally {
        rank = own;
      }
    }

    /** Whether the slot's value came from this key. */
    boolean isFrom(Slot slot, String key) {
      Reading reading = slots.get(slot);
      return reading != null && reading.key.equals(key);
    }

    /** Offers what was concluded; {@code rule} says from what. */
    void infer(Slot slot, String value, String rule) {
      offer(slot, slot.coercion().apply(Json.of(value)), "", rule, Strength.INFERRED);
    }

    private boolean offer(Slot slot, Json value, Coercion coercion, String key, Strength strength) {
      String rule = strength == Strength.BLOB ? "payload" : "rename";
      return offer(slot, value, coercion, key, strength, rule);
    }

    private boolean offer(
        Slot slot, Json value, Coercion coercion, String key, Strength strength, String rule) {
      if (originals == null && value.isText() && key.equals(slot.key(Generation.GENAI_DEV))) {
        SchemaScan.Found found = SchemaScan.find(slot, value.text());
        if (found != null) {
          return offer(slot, new Unread(coercion, value, found), key, rule, strength);
        }
      }
      if (!slot.isConversation()) {
        return offer(slot, coercion.apply(value), key, rule, strength);
      }
      Json opened = value.unwrapOrSelf();
      return opened.truncated()
          ? offer(slot, coercion.apply(opened), key, "what was not cut off", Strength.DAMAGED)
          : offer(slot, coercion.apply(opened), key, rule, strength);
    }

    /** Offers a value of the slot's own type; null offers nothing. */
    boolean offer(Slot slot, Object value, String key, String rule, Strength strength) {
      if (value == null || withoutMessages && slot.isConversation() && strength == Strength.BLOB) {
        return false;
      }
      if (originals != null) {
        originals.offered(key, slot, value, dialect);
      }
      Reading offer = new Reading(value, key, dialect, rule, strength, rank);
      if (slot == Slot.INPUT_TOKENS) {
        inputClaims.add(offer);
      }
      Reading present = slots.get(slot);
      if (present == null || offer.beats(present)) {
        slots.put(slot, offer);
        return true;
      }
      return originals != null && value.equals(present.value());
    }

    /** Puts another value in a slot's reading; {@code rule} says why. */
    void correct(Slot slot, Object value, String rule) {
      Reading r = slots.get(slot);
      slots.put(
          slot,
          r == null
              ? new Reading(value, "", dialect, rule, Strength.INFERRED, rank)
              : new Reading(value, r.key, r.dialect, rule, r.strength, r.rank));
    }

    /** Empties a slot that a dialect knows to be filled wrongly. */
    void withdraw(Slot slot) {
      slots.remove(slot);
    }

    /**
     * The provider's own counts, from a raw payload on the span. They overrule all others; a count
     * that they do not know is taken from the others.
     */
    void providerUsage(TokenUsage usage, String key) {
      if (providerUsage == null) {
        providerUsage = usage;
        providerUsageKey = key;
      }
    }

    /**
     * The same, where a part of the counts is billed as a usage of its own, see {@link #side}.
     *
     * @param billed the counts without that part
     */
    void providerUsage(TokenUsage usage, TokenUsage billed, String key) {
      if (providerUsage == null) {
        billedUsage = billed;
      }
      providerUsage(usage, key);
    }

    /** Takes what is billed beside the tokens; of several payloads the larger number counts. */
    void fee(String unit, long count, String key) {
      if (count > 0) {
        fees = fees == null ? new LinkedHashMap<>() : fees;
        fees.merge(unit, count, Math::max);
      }
    }

    /** Takes what is billed apart from the call; of several payloads, only those of the first. */
    void side(SideUsage side, String key) {
      sideKey = sideKey == null ? key : sideKey;
      if (sideKey.equals(key)) {
        sides = sides == null ? new ArrayList<>() : sides;
        sides.add(side);
      }
    }

    /** Takes a reason, without content, why what was read is less than what is billed. */
    void gap(String reason) {
      gaps = gaps == null ? new LinkedHashSet<>() : gaps;
      if (gaps.size() < MOST_NOTES) {
        gaps.add(reason);
      }
    }

    /** Takes the key of a count above 0 that no rule understands. */
    void unread(String key, long count) {
      unread = unread == null ? new LinkedHashMap<>() : unread;
      if (unread.size() < MOST_NOTES) {
        unread.put(key, count);
      }
    }

    /** How the call failed. */
    void failure(CallFailure how) {
      failure = how;
    }

    /** Offers a count that its key's words tell. */
    void offerWords(Slot slot, Json value, String key) {
      offer(slot, value, slot.coercion(), key, Strength.STRUCTURED, "words of the key");
    }

    /** What the dialect knows about its own input count; arithmetic overrules it. */
    void semantics(TokenUsage.Semantics verdict) {
      if (semantics == null) {
        semantics = verdict;
      }
    }

    /** Whether the output count leaves reasoning out; arithmetic overrules it. */
    void reasoningBeside(boolean beside) {
      if (reasoningBeside == null) {
        reasoningBeside = beside;
      }
    }

    /** What a dialect knows of it; null if nothing. */
    Boolean reasoningBeside() {
      return reasoningBeside;
    }

    /** Takes a cost that the emitter computed from the counts, which bills nothing. */
    void clientCost(Json amount, String currency, String key) {
      if (clientCost == null) {
        clientCost = ReportedCosts.of(amount, currency, key);
      }
    }

    /** The counts are a tokenizer's, not the provider's. */
    void estimated() {
      source = TokenUsage.Source.ESTIMATED;
    }

    /** The span repeats what other spans say, whatever its operation. */
    void aggregate() {
      billing = billing == null ? Billing.AGGREGATE : billing;
    }

    /** The span is not to be billed, whatever its operation. */
    void notBillable() {
      billing = Billing.NOT_BILLABLE;
    }

    /** The span does none of the operations; none is to be concluded from what it shows. */
    void withoutOperation() {
      withoutOperation = true;
    }

    /** What is in the span's payloads is no conversation: arguments of a tool, a query. */
    void withoutMessages() {
      withoutMessages = true;
    }

    boolean mayHaveOperation() {
      return !withoutOperation;
    }

    /** Offers a cost; none, if it is not above zero, since emitters write 0 for "no price". */
    void reportedCost(Json amount, String currency, String key) {
      ReportedCost cost = ReportedCosts.of(amount, currency, key);
      if (cost != null && !withoutReportedCost && (reportedCost == null || rank < costRank)) {
        reportedCost = cost;
        costRank = rank;
        costDialect = dialect;
      }
    }

    /** Forgets the cost, and any to come: the emitter is known to compute it wrongly. */
    void withdrawReportedCost() {
      withoutReportedCost = true;
      reportedCost = null;
    }

    /** From now on notes what slots are read from, since originals are not all to be kept. */
    void noteOriginals() {
      originals = new Original.Notes();
    }

    /** This key's whole content was in what was offered: it may go, if originals are not kept. */
    void consumed(String key) {
      if (originals != null) {
        originals.consumed(key);
      }
    }

    /** This key says no more than this, which is in the slot, whoever put it there. */
    void consumed(String key, Slot slot, Object value) {
      if (originals != null && value != null) {
        originals.consumed(new Original(key, slot, value, dialect));
      }
    }

    List<Reading> inputClaims() {
      return inputClaims;
    }

    TokenUsage providerUsage() {
      return providerUsage;
    }

    String providerUsageKey() {
      return providerUsageKey;
    }

    TokenUsage.Semantics declaredSemantics() {
      return semantics;
    }

    TokenUsage.Source source() {
      return source;
    }

    LlmSpan build(boolean client) {
      if (originals != null) {
        // Before parts are added to totals, since what a count left out is beside it.
        originals.keepWhatAgrees(this, /* keyClass= */ null);
      }
      TokenUsage usage = UsageResolver.resolve(this);
      if (unread != null && usage != null) {
        findInTotal(usage);
      }
      if (originals != null && providerUsage != null) {
        originals.keepWhatAgrees(this, KeyClass.USAGE); // a payload may have said otherwise
      }
      Billing judged =
          billing != null
              ? billing
              : Operations.billing(
                  text(Slot.OPERATION),
                  usage != null,
                  has(Slot.REQUEST_MODEL) || has(Slot.RESPONSE_MODEL),
                  client);
      if (usage == null && (judged == Billing.AGGREGATE || wasRefused())) {
        judged = Billing.NOT_BILLABLE;
      }
      return new LlmSpan(this, usage, judged);
    }

    /** Whether the total has just the counts that nobody understood: then they are billed. */
    private void findInTotal(TokenUsage usage) {
      long rest =
          count(Slot.TOTAL_TOKENS)
              - TokenUsage.known(usage.input())
              - TokenUsage.known(usage.output());
      long sum = 0;
      boolean found = false;
      for (long count : unread.values()) {
        sum += count;
        found |= count == rest;
      }
      if (rest > 0 && (found || sum == rest)) {
        gap("tokens of the total that no rule reads");
      }
    }

    /** Whether the call was refused and nothing of an answer is known: no provider bills that. */
    private boolean wasRefused() {
      return failure == CallFailure.REFUSED && !wasAnswered();
    }

    private boolean wasAnswered() {
      String answered = text(Slot.RESPONSE_MODEL);
      return has(Slot.RESPONSE_ID)
          || answered != null && !answered.equals(text(Slot.REQUEST_MODEL))
          || has(Slot.FINISH_REASONS) && !List.of("error").equals(get(Slot.FINISH_REASONS))
          || hasOutput();
    }

    /** Whether there is a message with something in it. */
    @SuppressWarnings("unchecked") // the slot's coercion gives this type
    boolean hasOutput() {
      List<Message> messages = (List<Message>) get(Slot.OUTPUT_MESSAGES);
      return messages != null && messages.stream().anyMatch(m -> !m.parts().isEmpty());
    }
  }
}
