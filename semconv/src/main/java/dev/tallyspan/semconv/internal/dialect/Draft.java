package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.internal.message.MessageTranscriber;
import dev.tallyspan.semconv.internal.message.SchemaScan;
import dev.tallyspan.semconv.internal.message.ToolTranscriber;
import dev.tallyspan.semconv.internal.message.UnreadContent;
import dev.tallyspan.semconv.internal.message.WrittenContent;
import dev.tallyspan.semconv.span.BillableUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.DialectFault;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Original;
import dev.tallyspan.semconv.span.Provenance;
import dev.tallyspan.semconv.span.Reading;
import dev.tallyspan.semconv.span.Readings;
import dev.tallyspan.semconv.span.ReportedCost;
import dev.tallyspan.semconv.span.SideUsage;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.Strength;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what dialects find. For each slot the strongest offer is kept, regardless of the order
 * of the offers; of equally strong offers of one dialect, the first.
 */
public final class Draft {

  private static final int MOST_NOTES = 16;

  /** What may fill slots with content, put off until one of them is needed. */
  private record PutOff(
      List<Slot<?>> slots, String dialect, int rank, boolean withoutMessages, Runnable offers) {}

  private final Readings readings = new Readings();
  private final List<Long> inputClaims = new ArrayList<>();
  private final List<String> dialects = new ArrayList<>();
  private final List<DialectFault> faults = new ArrayList<>();
  private @Nullable OriginalNotes originals;
  private String dialect = "";
  private int rank;
  private @Nullable ReportedCost reportedCost;
  private @Nullable ReportedCost clientCost;
  private int costRank;
  private String costDialect = "";
  private @Nullable TokenUsage providerUsage;
  private @Nullable TokenUsage billedUsage;
  private @Nullable String providerUsageKey;
  private @Nullable Map<String, Long> fees;
  private @Nullable List<SideUsage> sides;
  private @Nullable String sideKey;
  private @Nullable Set<String> gaps;
  private @Nullable Map<String, Long> unread;
  private TokenUsage.@Nullable Semantics semantics;
  private @Nullable Boolean reasoningBeside;
  private TokenUsage.Source source = TokenUsage.Source.REPORTED;
  private @Nullable Billing billing;
  private @Nullable String duplicateOf;
  private boolean alreadyProcessed;
  private boolean withoutOperation;
  private boolean withoutMessages;
  private boolean withoutReportedCost;

  /** Null if content is read at once. */
  private @Nullable List<PutOff> putOff;

  /** Whether what was put off is being done, so that nothing is put off again. */
  private boolean catchingUp;

  /** Sets the dialect of all following offers. */
  public void from(String dialect, int rank) {
    this.dialect = dialect;
    this.rank = rank;
  }

  public void recognised(String id) {
    dialects.add(id);
  }

  public void failed(String id, Throwable cause) {
    faults.add(DialectFault.of(id, cause));
  }

  /** The span was processed before: its counts and verdict are kept. */
  public void alreadyProcessed(
      List<String> by, TokenUsage.@Nullable Semantics verdict, TokenUsage.@Nullable Source from) {
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

  /** Applies the verdict that was written on the span, if it says that the span is not billed. */
  public void alreadyBilledAs(String status, @Nullable String spanId) {
    if (status.equals(Cost.Status.DUPLICATE.wireName())) {
      billing = Billing.DUPLICATE;
      duplicateOf = spanId;
    } else if (status.equals(Cost.Status.AGGREGATE.wireName())) {
      billing = Billing.AGGREGATE;
    } else if (status.equals(Cost.Status.NOT_BILLABLE.wireName())) {
      billing = Billing.NOT_BILLABLE;
    }
  }

  public boolean isProcessed() {
    return alreadyProcessed;
  }

  public boolean has(Slot<?> slot) {
    catchUp(slot);
    return readings.has(slot);
  }

  /** The strongest value so far; null if there is none. */
  public <T> @Nullable T get(Slot<T> slot) {
    catchUp(slot);
    return readings.value(slot);
  }

  /** The strongest text so far, of a slot that holds text; null if there is none. */
  public @Nullable String text(Slot<String> slot) {
    return get(slot);
  }

  /** The strongest count so far, of a slot that holds one; -1 if there is none. */
  public long count(Slot<Long> slot) {
    Long count = get(slot);
    return count == null ? -1 : count;
  }

  /**
   * Whether the slot's value came from the attribute that the current conventions define for it.
   */
  public boolean isCurrent(Slot<?> slot) {
    catchUp(slot);
    Reading<?> reading = readings.get(slot);
    return reading != null && reading.key().equals(slot.key(ConventionVersion.GENAI_DEV));
  }

  public boolean isRecognised(String id) {
    return dialects.contains(id);
  }

  public List<String> recognised() {
    return dialects;
  }

  /**
   * Offers the value of a key or member that exists for the slot. Returns whether the slot now has
   * this value; an equal value that was there before counts only if originals are noted.
   */
  public boolean offer(Slot<?> slot, Json value, String key) {
    return offerTo(slot, value, key, Strength.STRUCTURED, "rename");
  }

  /**
   * Offers the value of a key or member that exists for the slot, read by another coercion than the
   * slot's.
   */
  public <T> boolean offer(Slot<T> slot, Json value, Coercion<T> coercion, String key) {
    return offer(slot, value, coercion, key, Strength.STRUCTURED, "rename");
  }

  /** Offers the text of a key or member that exists for the slot. */
  public boolean offer(Slot<?> slot, @Nullable String value, String key) {
    return offer(slot, Json.of(value), key);
  }

  /** Offers a value that was extracted from a payload. */
  boolean offerBlob(Slot<?> slot, Json value, String key) {
    return offerTo(slot, value, key, Strength.BLOB, "payload");
  }

  /** Offers messages that a dialect assembled. */
  boolean offerMessages(Slot<List<Message>> slot, List<Message> messages, String key) {
    return offer(slot, messages.isEmpty() ? null : messages, key, "messages", Strength.STRUCTURED);
  }

  /**
   * Offers the value of a configured alias. Returns whether the slot now has this value.
   *
   * @param strongest the rank of the offer; null = the rank of its dialect
   */
  public boolean offerAlias(Slot<?> slot, Json value, String key, @Nullable Integer strongest) {
    int own = rank;
    rank = strongest == null ? own : strongest;
    try {
      return offerTo(slot, value, key, Strength.STRUCTURED, "alias");
    } finally {
      rank = own;
    }
  }

  /** Whether the slot's value came from this key. */
  public boolean isFrom(Slot<?> slot, String key) {
    catchUp(slot);
    Reading<?> reading = readings.get(slot);
    return reading != null && reading.key().equals(key);
  }

  /**
   * Offers a conclusion.
   *
   * @param rule what it was concluded from
   */
  public <T> void infer(Slot<T> slot, @Nullable String value, String rule) {
    if (value == null) {
      return;
    }
    T read = SlotCoercions.of(slot).apply(Json.of(value));
    offer(slot, read, "", rule, Strength.INFERRED);
  }

  private <T> boolean offerTo(
      Slot<T> slot, Json value, String key, Strength strength, String rule) {
    return offer(slot, value, SlotCoercions.of(slot), key, strength, rule);
  }

  private <T> boolean offer(
      Slot<T> slot, Json value, Coercion<T> coercion, String key, Strength strength, String rule) {
    if (!value.isPresent()) {
      return false;
    }
    if (putsOff(slot)) {
      content(() -> offer(slot, value, coercion, key, strength, rule), slot);
      return false;
    }
    if (originals == null && value.isText() && key.equals(slot.key(ConventionVersion.GENAI_DEV))) {
      SchemaScan.Found found = scan(slot, value.text());
      if (found != null) {
        return offer(
            slot,
            Reading.unread(
                new UnreadContent<>(coercion, value, found), key, dialect, rule, strength, rank));
      }
    }
    if (mayWrite() && !key.equals(slot.key(ConventionVersion.GENAI_DEV))) {
      WrittenContent<T> written = write(coercion, value);
      if (written != null) {
        return offerWritten(slot, written, key, rule, strength);
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

  /** What the slot would hold, written in the schema's shape; null if it is to be read. */
  @SuppressWarnings("unchecked") // what is written has the type of the coercion
  private static <T> @Nullable WrittenContent<T> write(Coercion<T> coercion, Json value) {
    if (coercion == Coercion.INPUT_MESSAGES && value.isText()) {
      return (WrittenContent<T>) MessageTranscriber.ofInput(value.text());
    }
    List<String> texts = coercion == Coercion.TOOL_DEFINITIONS ? value.texts() : null;
    return texts == null ? null : (WrittenContent<T>) ToolTranscriber.of(texts);
  }

  /** Whether content may be written without being read: not if originals are noted. */
  boolean mayWrite() {
    return originals == null;
  }

  /** Offers content that was written, but not read. */
  <T> boolean offerWritten(
      Slot<T> slot, WrittenContent<T> written, String key, String rule, Strength strength) {
    return offer(slot, Reading.unread(written, key, dialect, rule, strength, rank));
  }

  /** The text, if it certainly conforms to the schema of this slot; else null. */
  private static SchemaScan.@Nullable Found scan(Slot<?> slot, String text) {
    if (slot == Slot.INPUT_MESSAGES || slot == Slot.OUTPUT_MESSAGES) {
      return SchemaScan.find(SchemaScan.Kind.MESSAGES, text);
    }
    if (slot == Slot.SYSTEM_INSTRUCTIONS) {
      return SchemaScan.find(SchemaScan.Kind.INSTRUCTIONS, text);
    }
    return slot == Slot.TOOL_DEFINITIONS ? SchemaScan.find(SchemaScan.Kind.TOOLS, text) : null;
  }

  /** Offers a value of the slot's own type; null offers nothing. */
  public <T> boolean offer(
      Slot<T> slot, @Nullable T value, String key, String rule, Strength strength) {
    if (value != null && putsOff(slot)) {
      content(() -> offer(slot, value, key, rule, strength), slot);
      return false;
    }
    return value != null && offer(slot, Reading.of(value, key, dialect, rule, strength, rank));
  }

  private <T> boolean offer(Slot<T> slot, Reading<T> offer) {
    if (withoutMessages && slot.isConversation() && offer.strength() == Strength.BLOB) {
      return false;
    }
    if (originals != null) {
      originals.offered(offer.key(), slot, offer.value(), dialect);
    }
    if (slot == Slot.INPUT_TOKENS && offer.value() instanceof Long count) {
      inputClaims.add(count);
    }
    Reading<T> present = readings.get(slot);
    if (present == null || offer.beats(present)) {
      readings.put(slot, offer);
      return true;
    }
    return originals != null && offer.value().equals(present.value());
  }

  /**
   * Replaces the value of a slot.
   *
   * @param rule why the value is replaced
   */
  public <T> void correct(Slot<T> slot, T value, String rule) {
    catchUp(slot);
    Reading<T> present = readings.get(slot);
    readings.put(
        slot,
        present == null
            ? Reading.of(value, "", dialect, rule, Strength.INFERRED, rank)
            : present.corrected(value, rule));
  }

  /** Empties a slot that a dialect knows to be wrong. */
  public void withdraw(Slot<?> slot) {
    catchUp(slot);
    readings.remove(slot);
  }

  /**
   * Sets the provider's own counts, from a raw payload on the span. They take precedence over all
   * others; a count that they do not contain is taken from the others.
   */
  public void providerUsage(TokenUsage usage, String key) {
    if (providerUsage == null) {
      providerUsage = usage;
      providerUsageKey = key;
    }
  }

  /**
   * Does the same if a part of the counts is billed separately, see {@link #side}.
   *
   * @param billed the counts without that part
   */
  public void providerUsage(TokenUsage usage, TokenUsage billed, String key) {
    if (providerUsage == null) {
      billedUsage = billed;
    }
    providerUsage(usage, key);
  }

  /**
   * Adds something that is billed in addition to the tokens; of several payloads, the largest
   * number counts.
   */
  void fee(String unit, long count, String key) {
    if (count > 0) {
      fees = fees == null ? new LinkedHashMap<>() : fees;
      fees.merge(unit, count, Math::max);
    }
  }

  /**
   * Adds tokens that are billed separately from the call; of several payloads, only the first
   * counts.
   */
  void side(SideUsage side, String key) {
    sideKey = sideKey == null ? key : sideKey;
    if (sideKey.equals(key)) {
      sides = sides == null ? new ArrayList<>() : sides;
      sides.add(side);
    }
  }

  /** Adds a reason, without content, why less was read than is billed. */
  public void gap(String reason) {
    gaps = gaps == null ? new LinkedHashSet<>() : gaps;
    if (gaps.size() < MOST_NOTES) {
      gaps.add(reason);
    }
  }

  /** Adds the key of a count above 0 that no rule handles. */
  public void unread(String key, long count) {
    unread = unread == null ? new LinkedHashMap<>() : unread;
    if (unread.size() < MOST_NOTES) {
      unread.put(key, count);
    }
  }

  /** Offers a count that was recognised by the words of its key. */
  public void offerWords(Slot<?> slot, Json value, String key) {
    offerTo(slot, value, key, Strength.STRUCTURED, "words of the key");
  }

  /** Sets what the dialect knows about its input count; arithmetic takes precedence. */
  public void semantics(TokenUsage.Semantics verdict) {
    if (semantics == null) {
      semantics = verdict;
    }
  }

  /** Sets whether the output count excludes reasoning; arithmetic takes precedence. */
  public void reasoningBeside(boolean beside) {
    if (reasoningBeside == null) {
      reasoningBeside = beside;
    }
  }

  /** Whether the output count excludes reasoning, according to a dialect; null if not known. */
  public @Nullable Boolean reasoningBeside() {
    return reasoningBeside;
  }

  /** Sets a cost that the emitter computed from the counts, which is not billed. */
  void clientCost(Json amount, String currency, String key) {
    if (clientCost == null) {
      clientCost = ReportedCosts.of(amount, currency, key);
    }
  }

  /** The counts come from a tokenizer, not from the provider. */
  void estimated() {
    source = TokenUsage.Source.ESTIMATED;
  }

  /** The span repeats other spans, regardless of its operation. */
  void aggregate() {
    billing = billing == null ? Billing.AGGREGATE : billing;
  }

  /** The span is not billed, regardless of its operation. */
  void notBillable() {
    billing = Billing.NOT_BILLABLE;
  }

  /** The span is none of the operations; do not conclude one. */
  void withoutOperation() {
    withoutOperation = true;
  }

  /** The span's payloads are not a conversation but, for example, tool arguments or a query. */
  void withoutMessages() {
    withoutMessages = true;
  }

  public boolean mayHaveOperation() {
    return !withoutOperation;
  }

  /**
   * Offers a cost. A cost that is not above zero is ignored, since emitters write 0 for "no price".
   */
  public void reportedCost(Json amount, @Nullable String currency, String key) {
    ReportedCost cost = ReportedCosts.of(amount, currency, key);
    if (cost != null && !withoutReportedCost && (reportedCost == null || rank < costRank)) {
      reportedCost = cost;
      costRank = rank;
      costDialect = dialect;
    }
  }

  /** Removes the cost and ignores later ones: the emitter is known to compute it wrongly. */
  public void withdrawReportedCost() {
    withoutReportedCost = true;
    reportedCost = null;
  }

  /**
   * Starts to put off what is offered to slots with content until one of them is needed, since none
   * is to be written. Such an offer returns false. Not with noted originals.
   */
  public void putOffContent() {
    putOff = new ArrayList<>();
  }

  /** Whether content is read only if something else is concluded from it. */
  public boolean putsOffContent() {
    return putOff != null;
  }

  /**
   * Makes offers to slots with content and to no others: now, or when one of the slots is needed.
   */
  public void content(Runnable offers, Slot<?>... slots) {
    if (putOff == null || catchingUp) {
      offers.run();
    } else {
      putOff.add(new PutOff(List.of(slots), dialect, rank, withoutMessages, offers));
    }
  }

  private boolean putsOff(Slot<?> slot) {
    return putOff != null && !catchingUp && slot.keyClass() == KeyClass.CONTENT;
  }

  /** Does what was put off and may fill this slot. */
  private void catchUp(Slot<?> slot) {
    if (!putsOff(slot) || putOff == null) {
      return;
    }
    List<PutOff> due = putOff.stream().filter(it -> it.slots.contains(slot)).toList();
    if (due.isEmpty()) {
      return;
    }
    putOff.removeAll(due);
    String ownDialect = dialect;
    int ownRank = rank;
    boolean ownWithout = withoutMessages;
    catchingUp = true;
    for (PutOff it : due) {
      from(it.dialect, it.rank);
      withoutMessages = it.withoutMessages;
      try {
        it.offers.run();
      } catch (RuntimeException | StackOverflowError e) {
        failed(it.dialect, e);
      }
    }
    catchingUp = false;
    from(ownDialect, ownRank);
    withoutMessages = ownWithout;
  }

  /** Starts noting what slots are read from, since some originals are to be dropped. */
  public void noteOriginals() {
    originals = new OriginalNotes();
  }

  /** The offer contained the complete content of this key, so the key may be dropped. */
  public void consumed(String key) {
    if (originals != null) {
      originals.consumed(key);
    }
  }

  /** The key contains only this value, which is in the slot, possibly from another key. */
  public void consumed(String key, Slot<?> slot, @Nullable Object value) {
    if (originals != null && value != null) {
      originals.consumed(new Original(key, slot, value, dialect));
    }
  }

  public List<Long> inputClaims() {
    return inputClaims;
  }

  public @Nullable TokenUsage providerUsage() {
    return providerUsage;
  }

  public @Nullable String providerUsageKey() {
    return providerUsageKey;
  }

  public TokenUsage.@Nullable Semantics declaredSemantics() {
    return semantics;
  }

  public TokenUsage.Source source() {
    return source;
  }

  /** The counts that no rule handles, by key. */
  public Map<String, Long> unreadCounts() {
    return unread == null ? Map.of() : unread;
  }

  /** What the span is to the bill, as far as a dialect knows; null if none does. */
  public @Nullable Billing declaredBilling() {
    return billing;
  }

  /**
   * Removes the originals whose value differs from the value of their slot.
   *
   * @param keyClass the class of the originals; null = all classes
   */
  public void keepOriginalsThatAgree(@Nullable KeyClass keyClass) {
    if (originals != null) {
      originals.keepWhatAgrees(readings, keyClass);
    }
  }

  /** Whether there is a message that is not empty. */
  public boolean hasOutput() {
    List<Message> messages = get(Slot.OUTPUT_MESSAGES);
    return messages != null && messages.stream().anyMatch(m -> !m.parts().isEmpty());
  }

  /**
   * Builds the span from all offers.
   *
   * @param usage the tokens; null if there are none
   * @param judged how the span is billed
   * @param mixesCacheLifetimes whether cache writes of unknown lifetime may have either lifetime
   */
  public LlmSpan toSpan(@Nullable TokenUsage usage, Billing judged, boolean mixesCacheLifetimes) {
    if (putOff != null) {
      readings.removeContent();
    }
    BillableUsage billable =
        new BillableUsage(
            usage,
            billedUsage != null && usage != null ? billedUsage : usage,
            fees == null ? Map.of() : fees,
            sides == null ? List.of() : sides,
            gaps == null ? List.of() : List.copyOf(gaps),
            unread == null || judged != Billing.CALL ? List.of() : List.copyOf(unread.keySet()),
            mixesCacheLifetimes);
    return new LlmSpan(
        readings,
        new Provenance(dialects, faults, originals(), alreadyProcessed),
        billable,
        judged,
        duplicateOf,
        reportedCost,
        clientCost);
  }

  private Map<String, Collection<Original>> originals() {
    Map<String, Collection<Original>> noted = originals == null ? Map.of() : originals.byKey();
    if (reportedCost == null) {
      return noted;
    }
    Map<String, Collection<Original>> all = new LinkedHashMap<>(noted);
    String key = reportedCost.sourceKey();
    List<Original> ofCost = new ArrayList<>(all.getOrDefault(key, List.of()));
    ofCost.add(new Original(key, /* slot= */ null, reportedCost, costDialect));
    all.put(key, ofCost);
    return all;
  }
}
