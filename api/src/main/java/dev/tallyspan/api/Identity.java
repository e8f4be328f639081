package dev.tallyspan.api;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.semconv.GenAiAttributes;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.BaggageBuilder;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * For whom a part of the program works: session, user, conversation, tags and metadata. It is kept
 * in the OpenTelemetry {@link Context}, and stamped onto every span that the tracing API starts
 * there. Immutable.
 *
 * <pre>{@code
 * try (Scope scope = genAi.identity().session("s-42").user("u-7").tag("beta").makeCurrent()) {
 *   // every chat, tool and agent that starts here has session.id, user.id and tag.tags
 * }
 * }</pre>
 *
 * <p>Processors that stamp spans of other instrumentations read it with {@link #from(Context, Set)}
 * and write its {@link #attributes}.
 */
public final class Identity {

  /** The attribute of the session: {@code session.id}. */
  public static final AttributeKey<String> SESSION_ID = AttributeKey.stringKey("session.id");

  /** The attribute of the user: {@code user.id}. */
  public static final AttributeKey<String> USER_ID = AttributeKey.stringKey("user.id");

  /** The attribute of the conversation: {@code gen_ai.conversation.id}. */
  public static final AttributeKey<String> CONVERSATION_ID = GenAiAttributes.GEN_AI_CONVERSATION_ID;

  /** The attribute of the tags: {@code tag.tags}, which most backends read. */
  public static final AttributeKey<List<String>> TAGS = AttributeKey.stringArrayKey("tag.tags");

  /** The prefix of the attributes of metadata: {@code tallyspan.metadata.}. */
  public static final String METADATA_PREFIX = "tallyspan.metadata.";

  /** The attributes that may be propagated in baggage, by name. */
  public static final Set<String> BAGGAGE_KEYS =
      Set.of(SESSION_ID.getKey(), USER_ID.getKey(), CONVERSATION_ID.getKey());

  /** Nothing is known. */
  public static final Identity NONE = new Builder(Set.of()).build();

  private static final ContextKey<Identity> KEY = ContextKey.named("tallyspan-identity");

  private final @Nullable String session;
  private final @Nullable String user;
  private final @Nullable String conversation;
  private final List<String> tags;
  private final Map<String, String> metadata;
  private final Attributes attributes;

  private Identity(Builder builder) {
    session = builder.session;
    user = builder.user;
    conversation = builder.conversation;
    tags = List.copyOf(builder.tags);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(builder.metadata));
    AttributesBuilder to = Attributes.builder();
    to.put(SESSION_ID, session).put(USER_ID, user).put(CONVERSATION_ID, conversation);
    if (!tags.isEmpty()) {
      to.put(TAGS, tags);
    }
    metadata.forEach((key, value) -> to.put(METADATA_PREFIX + key, value));
    attributes = to.build();
  }

  /** {@return the identity in the current context, or {@link #NONE}} */
  public static Identity current() {
    return from(Context.current());
  }

  /**
   * {@return the identity in a context, or {@link #NONE}}
   *
   * @param context null has no identity
   */
  public static Identity from(@Nullable Context context) {
    Identity identity = context == null ? null : context.get(KEY);
    return identity == null ? NONE : identity;
  }

  /**
   * {@return the identity in a context; what it does not have is taken from baggage}
   *
   * @param context null has no identity
   * @param baggageKeys the entries of baggage to trust, of {@link #BAGGAGE_KEYS}
   */
  public static Identity from(@Nullable Context context, Set<String> baggageKeys) {
    Identity identity = from(context);
    if (context == null || baggageKeys.isEmpty()) {
      return identity;
    }
    Baggage baggage = Baggage.fromContext(context);
    if (baggage.isEmpty()) {
      return identity;
    }
    Builder builder = new Builder(Set.of()).from(identity);
    for (String key : baggageKeys) {
      String value = baggage.getEntryValue(key);
      if (value != null && !value.isEmpty()) {
        builder.fill(key, value);
      }
    }
    return builder.build();
  }

  /** {@return a builder without any values, which propagates nothing in baggage} */
  public static Builder builder() {
    return new Builder(Set.of());
  }

  /** {@return the session; null if it is not known} */
  public @Nullable String session() {
    return session;
  }

  /** {@return the user; null if it is not known} */
  public @Nullable String user() {
    return user;
  }

  /** {@return the conversation; null if it is not known} */
  public @Nullable String conversation() {
    return conversation;
  }

  /** {@return the tags, in order} */
  public List<String> tags() {
    return tags;
  }

  /** {@return the metadata, in order} */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** {@return the attributes that spans are stamped with; empty if nothing is known} */
  public Attributes attributes() {
    return attributes;
  }

  /** Builds an {@link Identity}. Null and empty texts are ignored. Not thread-safe. */
  public static final class Builder {
    private final Set<String> baggageKeys;
    private final Set<String> tags = new LinkedHashSet<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private @Nullable String session;
    private @Nullable String user;
    private @Nullable String conversation;

    Builder(Set<String> baggageKeys) {
      this.baggageKeys = baggageKeys;
    }

    Builder from(Identity identity) {
      session = identity.session;
      user = identity.user;
      conversation = identity.conversation;
      tags.addAll(identity.tags);
      metadata.putAll(identity.metadata);
      return this;
    }

    private void fill(String key, String value) {
      if (key.equals(SESSION_ID.getKey()) && session == null) {
        session = value;
      } else if (key.equals(USER_ID.getKey()) && user == null) {
        user = value;
      } else if (key.equals(CONVERSATION_ID.getKey()) && conversation == null) {
        conversation = value;
      }
    }

    /**
     * Sets the session: everything that one user does in one sitting.
     *
     * @param id replaces one set before; null and blank are ignored
     * @return this
     */
    public Builder session(@Nullable String id) {
      session = isGiven(id) ? id : session;
      return this;
    }

    /**
     * Sets the user. Prefer an id that says nothing about the person.
     *
     * @param id null and blank are ignored
     * @return this
     */
    public Builder user(@Nullable String id) {
      user = isGiven(id) ? id : user;
      return this;
    }

    /**
     * Sets the conversation, as the provider or the application identifies it.
     *
     * @param id null and blank are ignored
     * @return this
     */
    public Builder conversation(@Nullable String id) {
      conversation = isGiven(id) ? id : conversation;
      return this;
    }

    /**
     * Adds tags.
     *
     * @param more tags; those that are set already are not repeated
     * @return this
     */
    public Builder tag(@Nullable String... more) {
      if (more != null) {
        for (String tag : more) {
          if (isGiven(tag)) {
            tags.add(requireNonNull(tag));
          }
        }
      }
      return this;
    }

    /**
     * Adds tags.
     *
     * @param more tags; those that are set already are not repeated
     * @return this
     */
    public Builder tags(@Nullable Collection<String> more) {
      return more == null ? this : tag(new ArrayList<>(more).toArray(new String[0]));
    }

    /**
     * Adds an attribute {@code tallyspan.metadata.KEY}.
     *
     * @param key what follows the prefix {@link #METADATA_PREFIX}
     * @param value replaces one of the same key
     * @return this
     */
    public Builder metadata(@Nullable String key, @Nullable String value) {
      if (isGiven(key) && isGiven(value)) {
        metadata.put(requireNonNull(key), requireNonNull(value));
      }
      return this;
    }

    /** {@return the identity, which later changes of the builder do not change} */
    public Identity build() {
      return new Identity(this);
    }

    /**
     * {@return a context with the identity, and with the allow-listed parts of it in baggage, see
     * {@link GenAi.Builder#propagate}}
     *
     * @param context the context to start from, which does not change
     */
    public Context storeIn(Context context) {
      Identity identity = build();
      Context stored = context.with(KEY, identity);
      if (baggageKeys.isEmpty()) {
        return stored;
      }
      BaggageBuilder baggage = Baggage.fromContext(context).toBuilder();
      identity.attributes.forEach(
          (key, value) -> {
            if (baggageKeys.contains(key.getKey())) {
              baggage.put(key.getKey(), String.valueOf(value));
            }
          });
      return stored.with(baggage.build());
    }

    /**
     * Makes the identity current on this thread. Close the scope on the same thread, best with
     * try-with-resources.
     *
     * @return the scope, which restores the previous context when it is closed
     */
    public Scope makeCurrent() {
      return storeIn(Context.current()).makeCurrent();
    }

    private static boolean isGiven(@Nullable String text) {
      return text != null && !text.isBlank();
    }
  }
}
