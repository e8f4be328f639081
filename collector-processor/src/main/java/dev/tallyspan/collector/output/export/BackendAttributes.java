package dev.tallyspan.collector.output.export;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a backend reads on spans about LLMs besides the attributes of the GenAI conventions.
 *
 * @param openInference whether spans are written in the conventions of OpenInference too
 * @param kinds the backend's words for kinds of spans; kinds without a word are not written
 * @param attributes what is written, by key; what the sender wrote under a key stays
 * @param rootInput the key on the root of a trace for what was asked, as plain text; null for none
 * @param rootOutput the key on the root of a trace for the answer, as plain text; null for none
 * @param rootSession the key on the root of a trace for its session, if it has one; null for none
 * @param rootTags the key on the root of a trace for the tags of its spans, in one text with
 *     commas; null for none
 * @param joinedLists the keys of lists, and the key under which each is written as one text too
 * @param conventionalNames whether spans get the names of the conventions, such as {@code chat
 *     gpt-4o}
 */
public record BackendAttributes(
    boolean openInference,
    Map<Kind, String> kinds,
    Map<String, Form> attributes,
    @Nullable String rootInput,
    @Nullable String rootOutput,
    @Nullable String rootSession,
    @Nullable String rootTags,
    Map<String, String> joinedLists,
    boolean conventionalNames) {

  /** Nothing. */
  public static final BackendAttributes NONE =
      new BackendAttributes(false, Map.of(), Map.of(), null, null, null, null, Map.of(), false);

  /** What an attribute holds. */
  public sealed interface Form permits One, Members {}

  /** A single fact, in its own type; structured facts as JSON text. */
  public record One(Fact fact) implements Form {}

  /**
   * A JSON object as text. Members whose fact is not known are left out, and so is an object
   * without members.
   */
  public record Members(Map<String, Form> members) implements Form {
    public Members {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  public BackendAttributes {
    requireNonNull(kinds, "kinds");
    Map<Kind, String> copy = new EnumMap<>(Kind.class);
    copy.putAll(kinds);
    kinds = Collections.unmodifiableMap(copy);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    joinedLists = Collections.unmodifiableMap(new LinkedHashMap<>(joinedLists));
  }

  /** Returns the same with other names of spans. */
  BackendAttributes withNames(boolean conventional) {
    return new BackendAttributes(
        openInference,
        kinds,
        attributes,
        rootInput,
        rootOutput,
        rootSession,
        rootTags,
        joinedLists,
        conventional);
  }

  boolean showsRoots() {
    return rootInput != null || rootOutput != null || rootSession != null || rootTags != null;
  }
}
