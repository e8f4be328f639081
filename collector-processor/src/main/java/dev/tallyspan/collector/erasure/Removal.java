package dev.tallyspan.collector.erasure;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What was removed from one place, or could not be.
 *
 * @param text one line for people
 * @param complete false if something that should be removed is still there, and stays
 */
public record Removal(String text, boolean complete) {

  public Removal {
    requireNonNull(text, "text");
  }

  public static Removal done(String text) {
    return new Removal(text, /* complete= */ true);
  }

  public static Removal failed(String text) {
    return new Removal(text, /* complete= */ false);
  }

  /**
   * Removes a subject from all places: first all of them are asked in which traces it occurs,
   * because no place knows all. A place that fails does not keep the others from removing.
   */
  public static List<Removal> of(Subject subject, List<PersonalData> places) {
    Set<String> traceIds = new LinkedHashSet<>();
    List<Removal> removals = new ArrayList<>();
    for (PersonalData place : places) {
      try {
        place.findTraces(subject, traceIds);
      } catch (IOException e) {
        removals.add(failed(place.place() + " could not be searched: " + e.getMessage()));
      }
    }
    for (PersonalData place : places) {
      try {
        removals.addAll(place.forget(subject, traceIds));
      } catch (IOException e) {
        removals.add(failed(place.place() + ": not everything was removed: " + e.getMessage()));
      }
    }
    return List.copyOf(removals);
  }

  /** Returns a number with a noun, such as "1 request" or "2 requests". */
  public static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
