package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TokenUsage;
import io.opentelemetry.api.common.Value;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The facts that one span contains about an LLM operation, independent of the dialect: the result
 * of reading the span. Each value is kept with its source, see {@link #readings()}. Getters return
 * null if a value is not known, unless stated otherwise. Immutable.
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
   * Creates a span from facts that are already known. To read a span, use a {@code Normalizer}.
   *
   * @param duplicateOf the span that bills the call; null if it is this span or not known
   * @param reportedCost the cost as reported by the emitter or a gateway; null if none was reported
   * @param clientCost the cost as computed by a client; null if there is none
   * @param readings what was read
   * @param provenance how the span was recognised
   * @param usage the counts that are billed
   * @param billing whether and why the span is billed
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

  /**
   * {@return the slot's value; null if the slot is empty}
   *
   * @param <T> the type of the value
   * @param slot the slot
   */
  public <T> @Nullable T get(Slot<T> slot) {
    return readings.value(slot);
  }

  /**
   * {@return the slot's value and its source; null if the slot is empty}
   *
   * @param <T> the type of the value
   * @param slot the slot
   */
  public <T> @Nullable Reading<T> reading(Slot<T> slot) {
    return readings.get(slot);
  }

  /**
   * Passes each slot that is not empty to the consumer, in the order of {@link Slot#all}.
   *
   * @param consumer receives each slot with its reading
   */
  public void forEachReading(BiConsumer<Slot<?>, Reading<?>> consumer) {
    readings.forEach(consumer);
  }

  /** {@return {@code gen_ai.operation.name}: a well-known value or a custom one} */
  public @Nullable String operation() {
    return get(Slot.OPERATION);
  }

  /** {@return {@code gen_ai.provider.name}: a well-known value or a custom one} */
  public @Nullable String provider() {
    return get(Slot.PROVIDER);
  }

  /** {@return the requested model, as written by the caller} */
  public @Nullable String requestModel() {
    return get(Slot.REQUEST_MODEL);
  }

  /** {@return the model that generated the response, as written by the provider} */
  public @Nullable String responseModel() {
    return get(Slot.RESPONSE_MODEL);
  }

  /** {@return the provider's id of the response; the same on every span about one call} */
  public @Nullable String responseId() {
    return get(Slot.RESPONSE_ID);
  }

  /** {@return {@code gen_ai.conversation.id}: the conversation that the span belongs to} */
  public @Nullable String conversationId() {
    return get(Slot.CONVERSATION_ID);
  }

  /** {@return {@code session.id}: the session that the span belongs to; null if not known} */
  public @Nullable String sessionId() {
    return get(Slot.SESSION_ID);
  }

  /** {@return {@code user.id}: the user for whom the operation ran; null if not known} */
  public @Nullable String userId() {
    return get(Slot.USER_ID);
  }

  /**
   * {@return seconds from the request to the first chunk of a streamed response; null if not known}
   */
  public @Nullable Double timeToFirstChunk() {
    return get(Slot.TIME_TO_FIRST_CHUNK);
  }

  /** {@return the text of the search query; null if not known} */
  public @Nullable String retrievalQuery() {
    return get(Slot.RETRIEVAL_QUERY);
  }

  /** {@return {@code gen_ai.tool.name}: the tool that ran} */
  public @Nullable String toolName() {
    return get(Slot.TOOL_NAME);
  }

  /** {@return {@code gen_ai.agent.name}: the agent that ran} */
  public @Nullable String agentName() {
    return get(Slot.AGENT_NAME);
  }

  /** {@return {@code error.type}: the class of the error; null if the operation did not fail} */
  public @Nullable String errorType() {
    return get(Slot.ERROR_TYPE);
  }

  /**
   * {@return the service tier that served the call: {@code default}, {@code flex}, {@code
   * priority}, …}
   */
  public @Nullable String serviceTier() {
    return get(Slot.SERVICE_TIER);
  }

  /**
   * {@return known facts, in addition to the counts, on which the price may depend: {@code
   * service_tier}, {@code batch} ({@code true}), {@code speed}, {@code inference_geo}, {@code
   * location}, {@code cloud_region}, {@code server_address}} These are the values that were served,
   * not those that were requested.
   */
  public Map<String, String> priceConditions() {
    Map<String, String> conditions = new LinkedHashMap<>();
    forEachPriceCondition(conditions::put);
    return conditions;
  }

  /**
   * Passes the name and value of each of {@link #priceConditions} to the consumer, without creating
   * a map.
   *
   * @param conditions receives name and value of each
   */
  public void forEachPriceCondition(BiConsumer<String, String> conditions) {
    PriceConditions.forEach(readings, conditions);
  }

  /**
   * {@return number of web searches that the provider ran; {@link TokenUsage#UNKNOWN} if not known}
   */
  public long webSearches() {
    Long count = get(Slot.WEB_SEARCHES);
    return count == null ? TokenUsage.UNKNOWN : count;
  }

  /**
   * {@return what a provider bills for the call, as disjoint counts that have the names of units in
   * price catalogs: {@code input}, {@code cache_read}, {@code cache_write_5m}, {@code output},
   * {@code reasoning}, {@code web_searches}, … Counts that are 0 are omitted; the map is empty if
   * nothing is known} If parts exceed their total, the rest of the total is 0, and {@link
   * #billingGaps} says so.
   */
  public Map<String, Long> billableCounts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    forEachBillableCount(counts::put);
    return counts;
  }

  /**
   * Passes the name and quantity of each of {@link #billableCounts} to the consumer, without
   * creating a map.
   *
   * @param counts receives name and quantity of each
   */
  public void forEachBillableCount(ObjLongConsumer<String> counts) {
    usage.forEachCount(webSearches(), counts);
  }

  /**
   * {@return what the provider bills with the call, but at a price that does not depend on the
   * call's counts: tools and advisors on other models, and passes of the same model} Not included
   * in {@link #billableCounts}.
   */
  public List<SideUsage> sideUsages() {
    return usage.sides();
  }

  /**
   * {@return why {@link #billableCounts} and {@link #sideUsages} are only a lower bound of what is
   * billed, as human-readable text without content; empty if there is no such reason}
   */
  public List<String> billingGaps() {
    return usage.allGaps();
  }

  /**
   * {@return keys of counts above 0 that no rule handles: an attribute, or a member of a payload as
   * {@code attribute#member.member}} At most 16.
   */
  public List<String> unreadCounts() {
    return usage.unread();
  }

  /** {@return the token usage; null if the span has none} */
  public @Nullable TokenUsage usage() {
    return usage.total();
  }

  /**
   * {@return the same span with token counts that do not come from the provider; the usage has the
   * source {@link TokenUsage.Source#ESTIMATED}} Cache reads remain unknown.
   *
   * @param input the input tokens
   * @param output the output tokens
   * @param estimator the name and version of the tokenizer
   * @throws IllegalStateException if the span has usage: the provider's counts are never replaced
   */
  public LlmSpan withEstimatedUsage(long input, long output, String estimator) {
    if (usage() != null) {
      throw new IllegalStateException("usage=" + usage().source() + " is already known");
    }
    Readings estimated = new Readings(readings);
    String rule = "counted by " + estimator;
    estimated.put(Slot.INPUT_TOKENS, Reading.inferred(input, rule));
    estimated.put(Slot.OUTPUT_TOKENS, Reading.inferred(output, rule));
    estimated.put(Slot.USAGE_ESTIMATOR, Reading.inferred(estimator, rule));
    return with(estimated, usage.estimated(input, output), billing, duplicateOf);
  }

  /** {@return input tokens written to a cache with an unknown lifetime; 0 if there are none} */
  public long cacheWritesOfUnknownLifetime() {
    return usage.cacheWritesOfUnknownLifetime();
  }

  /**
   * {@return the same span with one lifetime for all cache writes}
   *
   * @param anHour true for one hour; false for five minutes
   * @param rule how the lifetime is known, as human-readable text
   * @throws IllegalStateException if the lifetime is already known, or if there are no cache writes
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
   * {@return the same span as a duplicate, which is not billed because another span describes the
   * same call}
   *
   * @param spanId the id of the span that bills the call, in hex; prefixed with {@code traceId/} if
   *     that span is in another trace
   */
  public LlmSpan asDuplicateOf(String spanId) {
    return with(readings, usage, Billing.DUPLICATE, spanId);
  }

  /**
   * {@return the same span with what another span of the same call knows in addition: content and
   * identity, the provider and models, ids and reasons of the answer} Counts and parameters are not
   * taken over, and nothing is replaced.
   *
   * @param classes of slots that are filled; others stay empty
   * @param rule where the values come from, as human-readable text
   * @param other the other one
   */
  public LlmSpan withGapsFilled(LlmSpan other, Set<KeyClass> classes, String rule) {
    Readings filled = new Readings(readings);
    boolean[] changed = {false};
    other.forEachReading(
        (slot, reading) -> {
          if (!readings.has(slot) && slot.isOfTheCall() && classes.contains(slot.keyClass())) {
            filled.copy(slot, reading.from(rule));
            changed[0] = true;
          }
        });
    return changed[0] ? with(filled, usage, billing, duplicateOf) : this;
  }

  /** {@return the same span without what people, models and tools said} */
  public LlmSpan withoutContent() {
    if (!readings.hasContent()) {
      return this;
    }
    Readings rest = new Readings(readings);
    rest.removeContent();
    return with(rest, usage, billing, duplicateOf);
  }

  /**
   * {@return the same span, billed as the rest of its trace showed}
   *
   * @param judged whether and why it is billed
   * @throws IllegalArgumentException if {@code judged} is {@link Billing#DUPLICATE}, which needs
   *     the other span, see {@link #asDuplicateOf}
   */
  public LlmSpan billedAs(Billing judged) {
    if (judged == Billing.DUPLICATE) {
      throw new IllegalArgumentException("judged=" + judged + ": of which span?");
    }
    return with(readings, usage, judged, /* billedElsewhere= */ null);
  }

  /**
   * {@return the span that bills this call, as passed to {@link #asDuplicateOf}; null if it is this
   * span}
   */
  public @Nullable String duplicateOf() {
    return duplicateOf;
  }

  /** {@return how the span is billed, decided without the rest of its trace} */
  public Billing billing() {
    return billing;
  }

  /** {@return the ids of the dialects that the span is written in, strongest first; never empty} */
  public List<String> dialects() {
    return provenance.dialects();
  }

  /**
   * {@return the dialects that failed to read their part of the span; empty if there were no
   * errors}
   */
  public List<DialectFault> faults() {
    return provenance.faults();
  }

  /** {@return the cost as reported by the emitter or a gateway; null if none was reported} */
  public @Nullable ReportedCost reportedCost() {
    return reportedCost;
  }

  /**
   * {@return the cost of the call as computed by a client from its own prices: evidence, not
   * billed} Null if there is none.
   */
  public @Nullable ReportedCost clientCost() {
    return clientCost;
  }

  /** {@return whether Tallyspan has processed the span before} If so, rendering writes nothing. */
  public boolean alreadyProcessed() {
    return provenance.alreadyProcessed();
  }

  /**
   * {@return all values and how they were found, in a fixed order of slots} Contains content, so
   * never log it.
   */
  public List<SlotReading> readings() {
    List<SlotReading> all = readings.toSlotReadings(slot -> true);
    if (reportedCost != null) {
      all.add(reportedCost.toSlotReading());
    }
    return all;
  }

  /**
   * {@return the numbers of tokens and how they were found, in a fixed order of slots} Those of
   * {@link #readings()}, without reading anything else.
   */
  public List<SlotReading> tokenReadings() {
    return readings.toSlotReadings(Slot::isTokenCount);
  }

  /** {@return the messages sent to the model; empty if not known} */
  public List<Message> inputMessages() {
    return list(Slot.INPUT_MESSAGES);
  }

  /** {@return the messages from the model, one per choice; empty if not known} */
  public List<Message> outputMessages() {
    return list(Slot.OUTPUT_MESSAGES);
  }

  /**
   * {@return instructions that the API accepts separately from the messages; empty if there are
   * none}
   */
  public List<MessagePart> systemInstructions() {
    return list(Slot.SYSTEM_INSTRUCTIONS);
  }

  /** {@return the tools offered to the model, as a list of objects; null if not known} */
  public @Nullable Value<?> toolDefinitions() {
    return get(Slot.TOOL_DEFINITIONS);
  }

  /** {@return the arguments of the tool call: an object or text; null if not known} */
  public @Nullable Value<?> toolCallArguments() {
    return get(Slot.TOOL_CALL_ARGUMENTS);
  }

  /** {@return the result of the tool call, of any type; null if not known} */
  public @Nullable Value<?> toolCallResult() {
    return get(Slot.TOOL_CALL_RESULT);
  }

  /** {@return the documents that were found, as a list of objects; null if not known} */
  public @Nullable Value<?> retrievalDocuments() {
    return get(Slot.RETRIEVAL_DOCUMENTS);
  }

  /**
   * {@return the attributes that were read completely into slots or the reported cost, by key}
   * Unless originals were noted, only the attribute of the cost.
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
