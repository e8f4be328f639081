package dev.tallyspan.semconv.internal.render;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.internal.dialect.ReportedCosts;
import dev.tallyspan.semconv.internal.dialect.SlotCoercions;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Original;
import dev.tallyspan.semconv.span.Reading;
import dev.tallyspan.semconv.span.ReportedCost;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.Strength;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes the originals that may be dropped and whose content is on the span under the conventions'
 * names. In case of doubt a key stays: if it has a text or number that was not written, if its
 * value differs from the one that won, if it was cut off, or if the target defines no attribute for
 * its slot.
 */
final class Originals {

  private static final Set<String> NAMES_OF_OTHERS = Set.of("cloud.", "enduser.", "tallyspan.");

  private final OriginalsPolicy policy;
  private final ConventionVersion target;
  private final int maxContentLength;
  private final Set<String> targets = new HashSet<>();

  Originals(OriginalsPolicy policy, ConventionVersion target, int maxContentLength) {
    this.policy = policy;
    this.target = target;
    this.maxContentLength = maxContentLength;
    for (Slot<?> slot : Slot.all()) {
      if (slot.key(target) != null) {
        targets.add(slot.key(target));
      }
    }
  }

  /**
   * @param costIsWritten whether the cost of a call is written as well
   */
  void remove(LlmSpan llm, AttributeView attributes, AttributeEdits edits, boolean costIsWritten) {
    llm.originals()
        .forEach(
            (key, originals) -> {
              if (!isTarget(key)
                  && originals.stream().allMatch(o -> policy.drops(o.dialect(), o.keyClass()))
                  && (costIsWritten && llm.billing() == Billing.CALL
                      || originals.stream().noneMatch(o -> o.keyClass() == KeyClass.COST))
                  && isWritten(key, originals, llm, attributes)) {
                edits.remove(key);
              }
            });
  }

  private boolean isWritten(
      String key, Collection<Original> originals, LlmSpan llm, AttributeView attributes) {
    for (Original original : originals) {
      Slot<?> slot = original.slot();
      if (slot == null) {
        if (!isWhole((ReportedCost) original.value(), Json.of(attributes.get(key)))) {
          return false;
        }
        continue;
      }
      Reading<?> reading = llm.reading(slot);
      if (reading == null
          || reading.strength() == Strength.DAMAGED
          || !isWritten(slot, reading, llm, attributes)) {
        return false;
      }
      if (original.keyClass() == KeyClass.CONTENT) {
        WrittenTexts written = new WrittenTexts(contentOf(key, slot, llm));
        if (isTooLong(reading) || !written.cover(Json.of(attributes.get(key)), lastSegment(key))) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isWritten(
      Slot<?> slot, Reading<?> reading, LlmSpan llm, AttributeView attributes) {
    String name = slot.key(target);
    if (name == null || !Renderer.belongs(slot, name, llm)) {
      return false;
    }
    Json present = Json.of(attributes.get(name));
    return !present.isPresent()
        || !Renderer.isAnothers(name)
        || reading.value().equals(SlotCoercions.of(slot).apply(present));
  }

  /** Whether the attribute contains only this cost; a payload also has its parts. */
  private static boolean isWhole(ReportedCost cost, Json written) {
    return cost.equals(ReportedCosts.of(written, cost.currency(), cost.sourceKey()));
  }

  /** The content of the slot, and of other slots that were read from the same key. */
  private List<Json> contentOf(String key, Slot<?> slot, LlmSpan llm) {
    List<Json> content = new ArrayList<>();
    llm.forEachReading(
        (other, reading) -> {
          boolean same = other == slot || other == Slot.FINISH_REASONS;
          if ((same || reading.key().equals(key)) && other.key(target) != null) {
            content.add(WrittenTexts.json(reading));
          }
        });
    return content;
  }

  private boolean isTooLong(Reading<?> reading) {
    return maxContentLength > 0 && WrittenTexts.json(reading).asText().length() > maxContentLength;
  }

  private static String lastSegment(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** Whether the key is one that is written, or one of conventions other than GenAI. */
  private boolean isTarget(String key) {
    return targets.contains(key)
        || key.startsWith("gen_ai.usage.cost")
        || NAMES_OF_OTHERS.stream().anyMatch(key::startsWith);
  }
}
