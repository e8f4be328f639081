package dev.tallyspan.semconv.content;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.internal.message.PartReader;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides how much of the content of LLM spans leaves, see {@link ContentMode}. It is applied to
 * the attributes of a span, its events and log records, or to messages and texts before they are
 * written.
 *
 * <p>Applying a policy twice is the same as applying it once. NUL characters and halves of
 * surrogate pairs are replaced by U+FFFD in every mode. Nothing is ever thrown: what the policy
 * fails on is removed and counted.
 *
 * <p>Immutable and thread-safe.
 */
public final class ContentPolicy {

  private final PolicySettings settings;
  private final PolicyEngine engine;

  private ContentPolicy(PolicySettings settings) {
    this.settings = settings;
    engine = new PolicyEngine(settings);
  }

  /** {@return a builder with the defaults} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@return a policy with a mode and otherwise the defaults}
   *
   * @param mode any but {@link ContentMode#OFFLOAD}, which needs a store
   * @throws IllegalArgumentException if the mode is {@code offload}
   */
  public static ContentPolicy of(ContentMode mode) {
    return builder().mode(mode).build();
  }

  /** {@return how much leaves} */
  public ContentMode mode() {
    return settings.mode();
  }

  /** {@return a new budget for one span and its events, as configured} */
  public ContentBudget spanBudget() {
    return ContentBudget.ofBytes(settings.maxSpanBytes());
  }

  /**
   * Applies the policy to attributes that are all there is of a span or record.
   *
   * @param attributes the attributes as they are
   * @param edits receives what has to change; nothing if all may leave as it is
   * @return what was done
   */
  public PolicyReport apply(AttributeView attributes, AttributeEdits edits) {
    return apply(attributes, edits, spanBudget());
  }

  /**
   * Applies the policy to the attributes of a span, or of one of its events.
   *
   * @param attributes the attributes as they are
   * @param edits receives what has to change; nothing if all may leave as it is
   * @param budget the budget of the span, from {@link #spanBudget()} or, with a limit per trace,
   *     from {@link ContentBudget#part}
   * @return what was done
   */
  public PolicyReport apply(AttributeView attributes, AttributeEdits edits, ContentBudget budget) {
    Tally tally = new Tally();
    engine.apply(attributes, edits, budget, tally);
    return tally.report();
  }

  /**
   * Applies the policy to the body of a log record, or of an event. A body that is a single word,
   * such as an event's name, is not content.
   *
   * @param body the body as it is
   * @param budget the budget of the span, as for its attributes
   * @return the body that may leave; null in it = the record must have none
   */
  public Edited<Value<?>> body(Value<?> body, ContentBudget budget) {
    Tally tally = new Tally();
    Value<?> edited = engine.body(body, budget, tally);
    return new Edited<>(edited, tally.report());
  }

  /**
   * Applies the policy to one text: an attribute before it is set, a status description ({@code
   * exception.message}), a span's name.
   *
   * @param key the attribute key, which decides whether it is content
   * @param text the text as it is
   * @return the text that may leave; null in it = the attribute must not be set
   */
  public Edited<String> text(String key, String text) {
    Tally tally = new Tally();
    Value<?> edited = engine.value(key, Value.of(text), spanBudget(), tally);
    String value = edited == null ? null : edited.asString();
    return new Edited<>(value != null && value.equals(text) ? text : value, tally.report());
  }

  /**
   * Applies the policy to messages before they are written.
   *
   * @param key the attribute that they are written to, such as {@code gen_ai.input.messages}
   * @param messages the messages, in order
   * @return the messages that may leave; empty if none may
   */
  public Edited<List<Message>> messages(String key, List<Message> messages) {
    Tally tally = new Tally();
    Value<?> value = Messages.toValue(messages);
    Value<?> edited = engine.value(key, value, spanBudget(), tally);
    if (edited == value) {
      return new Edited<>(messages, tally.report());
    }
    MessageReader reader = key.contains("output") ? MessageReader.output() : MessageReader.input();
    List<Message> read = edited == null ? List.of() : reader.read(Json.of(edited));
    return new Edited<>(read, tally.report());
  }

  /**
   * Applies the policy to parts before they are written.
   *
   * @param key the attribute that they are written to, such as {@code gen_ai.system_instructions}
   * @param parts the parts, in order
   * @return the parts that may leave; empty if none may
   */
  public Edited<List<MessagePart>> parts(String key, List<MessagePart> parts) {
    Tally tally = new Tally();
    Value<?> value = Messages.partsToValue(parts);
    Value<?> edited = engine.value(key, value, spanBudget(), tally);
    List<MessagePart> read =
        edited == value ? parts : edited == null ? List.of() : PartReader.readAll(Json.of(edited));
    return new Edited<>(read, tally.report());
  }

  /**
   * Applies the policy to a structured value before it is written, such as the arguments of a tool.
   *
   * @param key the attribute that it is written to
   * @param value the value as it is
   * @return the value that may leave; null in it = the attribute must not be set
   */
  public Edited<Value<?>> value(String key, Value<?> value) {
    Tally tally = new Tally();
    Value<?> edited = engine.value(key, value, spanBudget(), tally);
    return new Edited<>(edited, tally.report());
  }

  /**
   * {@return whether the attribute is content for this policy}
   *
   * @param key the attribute key
   * @param value the value; null if it is not known, and then the key decides alone
   */
  public boolean isContent(String key, @Nullable Value<?> value) {
    return engine.isContent(key, value);
  }

  /** Options of a policy. */
  public static final class Builder {

    private static final int SHORTEST_KEY = 16;
    private static final int SMALLEST_BUDGET = 64;

    private ContentMode mode = ContentMode.NONE;
    private @Nullable Boolean redact;
    private Set<StandardDetector> standard =
        EnumSet.complementOf(EnumSet.of(StandardDetector.IP_ADDRESS));
    private final List<Detector> detectors = new ArrayList<>();
    private byte @Nullable [] pseudonymKey;
    private final List<PathRule> rules = new ArrayList<>();
    private final List<String> contentPrefixes = new ArrayList<>();
    private int maxAttributeBytes;
    private long maxSpanBytes;
    private @Nullable OffloadStore store;
    private int maxTextBytes = 32 * 1024;
    private boolean keepWhatIsNotStored;

    private Builder() {}

    /**
     * Sets how much leaves.
     *
     * @param mode the mode. Default: {@link ContentMode#NONE}
     * @return this
     */
    public Builder mode(ContentMode mode) {
      this.mode = Objects.requireNonNull(mode, "mode");
      return this;
    }

    /**
     * Sets whether secrets and personal data are masked in what leaves, in attributes that are not
     * content too. Default: true, except for {@link ContentMode#FULL}, for which it cannot be set,
     * and for {@link ContentMode#OFFLOAD}, where it also applies to texts that go to the store.
     *
     * @param redact whether they are masked
     * @return this
     */
    public Builder redact(boolean redact) {
      this.redact = redact;
      return this;
    }

    /**
     * Sets the built-in detectors that are used.
     *
     * @param detectors empty for none. Default: all except {@code IP_ADDRESS}
     * @return this
     */
    public Builder detect(Set<StandardDetector> detectors) {
      standard = Set.copyOf(detectors);
      return this;
    }

    /**
     * Adds a detector of your own.
     *
     * @param detector is called on any thread, also on several at once
     * @return this
     */
    public Builder detector(Detector detector) {
      detectors.add(Objects.requireNonNull(detector, "detector"));
      return this;
    }

    /**
     * Masks become pseudonyms: {@code [EMAIL#hgkbcpaodmfn]} is the same for the same value.
     * Default: no pseudonyms. Who has the key can find out which pseudonym a known value has, so
     * treat it as a secret.
     *
     * @param key at least 16 bytes
     * @return this
     */
    public Builder pseudonyms(byte[] key) {
      pseudonymKey = key.clone();
      return this;
    }

    /**
     * Adds a rule. Of several that match the same value, the first applies.
     *
     * @param rule what happens to the values at a path
     * @return this
     */
    public Builder rule(PathRule rule) {
      rules.add(Objects.requireNonNull(rule, "rule"));
      return this;
    }

    /**
     * Adds keys that hold content, for a dialect of your own.
     *
     * @param keyOrPrefix a key; with a dot at its end, a prefix
     * @return this
     */
    public Builder contentKey(String keyOrPrefix) {
      contentPrefixes.add(Objects.requireNonNull(keyOrPrefix, "keyOrPrefix"));
      return this;
    }

    /**
     * Limits one attribute with content.
     *
     * @param bytes the most UTF-8 bytes, at least 64. Default: 0 = no limit
     * @return this
     */
    public Builder maxAttributeBytes(int bytes) {
      maxAttributeBytes = bytes;
      return this;
    }

    /**
     * Limits all content of a span and its events.
     *
     * @param bytes the most UTF-8 bytes, at least 64. Default: 0 = no limit
     * @return this
     */
    public Builder maxSpanBytes(long bytes) {
      maxSpanBytes = bytes;
      return this;
    }

    /**
     * Sets where {@link ContentMode#OFFLOAD} keeps large parts. That mode needs a store, and no
     * other mode accepts one.
     *
     * @param store is called on any thread, also on several at once
     * @return this
     */
    public Builder store(OffloadStore store) {
      this.store = Objects.requireNonNull(store, "store");
      return this;
    }

    /**
     * Sets which texts go to the store. Media go to it from 1024 characters of base64.
     *
     * @param bytes texts with more UTF-8 bytes go to it; at least 256. Default: 32768
     * @return this
     */
    public Builder offloadTextsOver(int bytes) {
      maxTextBytes = bytes;
      return this;
    }

    /**
     * Sets whether a part that the store does not take leaves as it is. Budgets and masks apply to
     * it.
     *
     * @param keep false removes it. Default: false
     * @return this
     */
    public Builder keepWhatIsNotStored(boolean keep) {
      keepWhatIsNotStored = keep;
      return this;
    }

    /**
     * Checks the options and builds.
     *
     * @return the policy
     * @throws IllegalArgumentException if an option is out of its range, if the mode is {@code
     *     offload} and there is no store, or another and there is one, if the mode is {@code full}
     *     and redacts, or {@code redacted} and does not
     */
    public ContentPolicy build() {
      check(mode != ContentMode.OFFLOAD || store != null, "mode=offload needs a store");
      check(
          mode == ContentMode.OFFLOAD || store == null,
          "store is used by mode=offload only, not by mode=" + mode.wireName());
      check(
          mode != ContentMode.FULL || redact == null || !redact,
          "mode=full with redact=true: use mode=redacted");
      check(
          mode != ContentMode.REDACTED || redact == null || redact,
          "mode=redacted with redact=false: use mode=full");
      check(
          pseudonymKey == null || pseudonymKey.length >= SHORTEST_KEY,
          "pseudonyms: the key is shorter than 16 bytes");
      check(
          maxAttributeBytes == 0 || maxAttributeBytes >= SMALLEST_BUDGET,
          "maxAttributeBytes=" + maxAttributeBytes + " is less than 64; 0 = no limit");
      check(
          maxSpanBytes == 0 || maxSpanBytes >= SMALLEST_BUDGET,
          "maxSpanBytes=" + maxSpanBytes + " is less than 64; 0 = no limit");
      check(
          maxTextBytes >= SMALLEST_BUDGET * 4,
          "offloadTextsOver=" + maxTextBytes + " is less than 256");
      boolean byDefault = mode != ContentMode.FULL && mode != ContentMode.OFFLOAD;
      return new ContentPolicy(
          new PolicySettings(
              mode,
              redact == null ? byDefault : redact,
              standard,
              List.copyOf(detectors),
              pseudonymKey,
              List.copyOf(rules),
              List.copyOf(contentPrefixes),
              maxAttributeBytes,
              maxSpanBytes,
              store,
              maxTextBytes,
              keepWhatIsNotStored));
    }

    private static void check(boolean holds, String message) {
      if (!holds) {
        throw new IllegalArgumentException(message);
      }
    }
  }
}
