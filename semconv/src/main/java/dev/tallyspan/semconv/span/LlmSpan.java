package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TokenUsage;
import io.opentelemetry.api.common.Value;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one span says about an LLM, in no dialect: the result of reading it. Everything that was
 * found is kept with where it came from, see {@link #readings()}. What was not found is null,
 * unless said otherwise. Immutable.
 */
public final class LlmSpan {

  private final Readings readings;
  private final Provenance provenance;
  private final BillableUsage usage;
  private final Billing billing;
  private final @Nullable String duplicateOf;
  private final @Nullable ReportedCost reportedCost;
  private final @Nullable ReportedCost clientCost;

  /**
   * Spans are read by a normalizer; this is for those who know the facts from elsewhere.
   *
   * @param duplicateOf the span that bills the call; null if it is this one or not known
   * @param reportedCost what the emitter or a gateway said that this cost; null if nothing
   * @param clientCost what a client computed that it cost; null if nothing
   */
  public LlmSpan(
      Readings readings,
      Provenance provenance,
      BillableUsage usage,
      Billing billing,
      @Nullable String duplicateOf,
      @Nullable ReportedCost reportedCost,
      @Nullable ReportedCost clientCost) {
    this.readings = new Readings(readings);
    this.provenance = provenance;
    this.usage = usage;
    this.billing = billing;
    this.duplicateOf = duplicateOf;
    this.reportedCost = reportedCost;
    this.clientCost = clientCost;
  }

  /** What the slot holds; null if it is empty. */
  public <T> @Nullable T get(Slot<T> slot) {
    return readings.value(slot);
  }

  /** What the slot holds and where it came from; null if it is empty. */
  public <T> @Nullable Reading<T> reading(Slot<T> slot) {
    return readings.get(slot);
  }

  /** Gives each slot that is not empty, in the slots' order. */
  public void forEachReading(BiConsumer<Slot<?>, Reading<?>> consumer) {
    readings.forEach(consumer);
  }

  /** {@code gen_ai.operation.name}: a well-known value, or the emitter's own. */
  public @Nullable String operation() {
    return get(Slot.OPERATION);
  }

  /** {@code gen_ai.provider.name}: a well-known value, or the emitter's own. */
  public @Nullable String provider() {
    return get(Slot.PROVIDER);
  }

  /** The model that was asked for, as written. */
  public @Nullable String requestModel() {
    return get(Slot.REQUEST_MODEL);
  }

  /** The model that answered, as written. */
  public @Nullable String responseModel() {
    return get(Slot.RESPONSE_MODEL);
  }

  /** The provider's id of the answer; the same on every span about one call. */
  public @Nullable String responseId() {
    return get(Slot.RESPONSE_ID);
  }

  /** {@code gen_ai.conversation.id}: the conversation that the span belongs to. */
  public @Nullable String conversationId() {
    return get(Slot.CONVERSATION_ID);
  }

  /** {@code session.id}: the session that the span belongs to; null if not known. */
  public @Nullable String sessionId() {
    return get(Slot.SESSION_ID);
  }

  /** {@code user.id}: the user for whom the operation ran; null if not known. */
  public @Nullable String userId() {
    return get(Slot.USER_ID);
  }

  /** Seconds from the request to the first chunk of a streamed answer; null if not known. */
  public @Nullable Double timeToFirstChunk() {
    return get(Slot.TIME_TO_FIRST_CHUNK);
  }

  /** What was searched for; null if not known. */
  public @Nullable String retrievalQuery() {
    return get(Slot.RETRIEVAL_QUERY);
  }

  /** {@code gen_ai.tool.name}: the tool that ran. */
  public @Nullable String toolName() {
    return get(Slot.TOOL_NAME);
  }

  /** {@code gen_ai.agent.name}: the agent that ran. */
  public @Nullable String agentName() {
    return get(Slot.AGENT_NAME);
  }

  /** The class of the error, if the operation failed. */
  public @Nullable String errorType() {
    return get(Slot.ERROR_TYPE);
  }

  /** The tier that served the call: {@code default}, {@code flex}, {@code priority}, … */
  public @Nullable String serviceTier() {
    return get(Slot.SERVICE_TIER);
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
    PriceConditions.forEach(readings, conditions);
  }

  /** Searches that the provider ran on the web; {@link TokenUsage#UNKNOWN} if not known. */
  public long webSearches() {
    Long count = get(Slot.WEB_SEARCHES);
    return count == null ? TokenUsage.UNKNOWN : count;
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
    usage.forEachCount(webSearches(), counts);
  }

  /**
   * What the provider bills with the call, but at a price that does not depend on its counts: tools
   * and advisors on other models, passes of the same model. Not in {@link #billableCounts}.
   */
  public List<SideUsage> sideUsages() {
    return usage.sides();
  }

  /**
   * Why {@link #billableCounts} and {@link #sideUsages} are a lower bound of what is billed, in
   * words for people and without content; empty if nothing says so.
   */
  public List<String> billingGaps() {
    return usage.allGaps();
  }

  /**
   * Keys of counts above 0 that no rule here understood: an attribute, or a member of a payload as
   * {@code attribute#member.member}. At most 16.
   */
  public List<String> unreadCounts() {
    return usage.unread();
  }

  /** The tokens; null if there are none on the span. */
  public @Nullable TokenUsage usage() {
    return usage.total();
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
    if (usage() != null) {
      throw new IllegalStateException("usage=" + usage().source() + " is known");
    }
    Readings estimated = new Readings(readings);
    String rule = "counted by " + estimator;
    estimated.put(Slot.INPUT_TOKENS, Reading.inferred(input, rule));
    estimated.put(Slot.OUTPUT_TOKENS, Reading.inferred(output, rule));
    estimated.put(Slot.USAGE_ESTIMATOR, Reading.inferred(estimator, rule));
    return with(estimated, usage.estimated(input, output), billing, duplicateOf);
  }

  /** Input written to a cache for a time that the span does not say; 0 if there is none. */
  public long cacheWritesOfUnknownLifetime() {
    return usage.cacheWritesOfUnknownLifetime();
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
    Readings known = new Readings(readings);
    known.put(
        anHour ? Slot.CACHE_WRITE_1H_TOKENS : Slot.CACHE_WRITE_5M_TOKENS,
        Reading.inferred(writes, rule));
    return with(known, usage.withCacheWriteLifetime(anHour), billing, duplicateOf);
  }

  /**
   * The same span, not billed, because another one tells of the same call.
   *
   * @param spanId the span that bills it: its id in hex, after {@code traceId/} if it is in another
   *     trace
   */
  public LlmSpan asDuplicateOf(String spanId) {
    return with(readings, usage, Billing.DUPLICATE, spanId);
  }

  /** The span that bills this call, as {@link #asDuplicateOf} was told; null if it is this one. */
  public @Nullable String duplicateOf() {
    return duplicateOf;
  }

  /** What the span is to the bill, judged without the rest of its trace. */
  public Billing billing() {
    return billing;
  }

  /** The dialects that the span is written in, strongest first; never empty. */
  public List<String> dialects() {
    return provenance.dialects();
  }

  /** Dialects that failed to read their part of the span; empty when all went well. */
  public List<DialectFault> faults() {
    return provenance.faults();
  }

  /** What the emitter or a gateway said that this cost; null if nothing. */
  public @Nullable ReportedCost reportedCost() {
    return reportedCost;
  }

  /**
   * What a client computed that the call cost, by prices of its own: no bill, but evidence. Null if
   * nothing.
   */
  public @Nullable ReportedCost clientCost() {
    return clientCost;
  }

  /** Whether the span has been through Tallyspan before; rendering then writes nothing. */
  public boolean alreadyProcessed() {
    return provenance.alreadyProcessed();
  }

  /** How everything was found, in a fixed order of slots. Holds content: never to be logged. */
  public List<SlotReading> readings() {
    List<SlotReading> all = readings.toSlotReadings();
    if (reportedCost != null) {
      all.add(reportedCost.toSlotReading());
    }
    return all;
  }

  /** What went to the model; empty if not known. */
  public List<Message> inputMessages() {
    return list(Slot.INPUT_MESSAGES);
  }

  /** What came from the model, a message for each choice; empty if not known. */
  public List<Message> outputMessages() {
    return list(Slot.OUTPUT_MESSAGES);
  }

  /** Instructions that the API takes beside the messages; empty if there are none. */
  public List<MessagePart> systemInstructions() {
    return list(Slot.SYSTEM_INSTRUCTIONS);
  }

  /** The tools that the model was offered, as a list of objects. */
  public @Nullable Value<?> toolDefinitions() {
    return get(Slot.TOOL_DEFINITIONS);
  }

  /** What the tool was called with: an object, or text. */
  public @Nullable Value<?> toolCallArguments() {
    return get(Slot.TOOL_CALL_ARGUMENTS);
  }

  /** What the tool answered, of any shape. */
  public @Nullable Value<?> toolCallResult() {
    return get(Slot.TOOL_CALL_RESULT);
  }

  /** The documents that were found, as a list of objects. */
  public @Nullable Value<?> retrievalDocuments() {
    return get(Slot.RETRIEVAL_DOCUMENTS);
  }

  /**
   * What slots and the reported cost were read from in full, by key; only that of the cost, unless
   * originals were noted.
   */
  public Map<String, Collection<Original>> originals() {
    return provenance.originals();
  }

  private <E> List<E> list(Slot<List<E>> slot) {
    List<E> list = get(slot);
    return list == null ? List.of() : list;
  }

  private LlmSpan with(
      Readings slots, BillableUsage counts, Billing judged, @Nullable String billedElsewhere) {
    return new LlmSpan(
        slots, provenance, counts, judged, billedElsewhere, reportedCost, clientCost);
  }
}
