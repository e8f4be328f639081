package dev.tallyspan.pricing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One call to price: its model, time, conditions and usage. Immutable. */
public final class PriceRequest {
  private final @Nullable String provider;
  private final @Nullable String responseModel;
  private final @Nullable String requestModel;
  private final long second;
  private final int nano;
  private final @Nullable Instant knownAt;
  private final Usage usage;
  private final @Nullable String @Nullable [] when;

  private PriceRequest(Builder builder) {
    this.provider = builder.provider;
    this.responseModel = builder.responseModel;
    this.requestModel = builder.requestModel;
    Instant now = builder.timed ? null : Instant.now();
    this.second = now == null ? builder.second : now.getEpochSecond();
    this.nano = now == null ? builder.nano : now.getNano();
    this.knownAt = builder.knownAt;
    this.usage = builder.usage;
    this.when = builder.when == null ? null : builder.when.clone();
  }

  /**
   * {@return a builder} By default, nothing is known about the call, and its time is that of {@link
   * Builder#build()}.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return the provider, {@code gen_ai.provider.name} or an alias of it, or null} */
  public @Nullable String provider() {
    return provider;
  }

  /** {@return the model that answered, or null} */
  public @Nullable String responseModel() {
    return responseModel;
  }

  /** {@return the model that was requested, or null} */
  public @Nullable String requestModel() {
    return requestModel;
  }

  /** {@return the time of the call} */
  public Instant at() {
    return Instant.ofEpochSecond(second, nano);
  }

  /** {@return the time whose knowledge of prices to use; null for all that the catalog knows} */
  public @Nullable Instant knownAt() {
    return knownAt;
  }

  /** {@return the usage of the call} */
  public Usage usage() {
    return usage;
  }

  /** The time of the call in epoch seconds; prices do not change within a second. */
  long second() {
    return second;
  }

  /** Whether any condition is stated. */
  boolean isConditional() {
    return when != null;
  }

  /** The canonical value of a dimension, or null if it is unknown or neutral. */
  @Nullable String when(Dimension dimension) {
    return when == null ? null : when[dimension.ordinal()];
  }

  /** {@return the names of all conditions that prices can depend on} */
  public static Set<String> conditionNames() {
    Set<String> names = new LinkedHashSet<>();
    for (Dimension dimension : Dimension.values()) {
      names.add(dimension.wireName());
    }
    return names;
  }

  /**
   * {@return the value of a condition as catalogs spell it: for the service tier {@code fast},
   * which is another name of it, {@code priority}} Null if the value is neutral, such as the
   * standard tier, or if prices do not depend on the condition.
   *
   * @param condition a name or alias
   * @param value of the condition
   */
  public static @Nullable String canonical(String condition, String value) {
    Dimension dimension = Dimension.of(condition);
    return dimension == null ? null : dimension.canonical(value);
  }

  /**
   * {@return the conditions of the call by name, without neutral values such as the standard tier}
   */
  public Map<String, String> conditions() {
    Map<String, String> conditions = new LinkedHashMap<>();
    for (Dimension dimension : Dimension.values()) {
      if (when(dimension) != null) {
        conditions.put(dimension.wireName(), when(dimension));
      }
    }
    return conditions;
  }

  /** Builds a {@link PriceRequest}. Every setter is optional. */
  public static final class Builder {
    private static final long NANOS = 1_000_000_000;

    /** Not a condition of its own, but the service tier of that name. */
    private static final String BATCH = "batch";

    private @Nullable String provider;
    private @Nullable String responseModel;
    private @Nullable String requestModel;
    private boolean timed;
    private long second;
    private int nano;
    private @Nullable Instant knownAt;
    private Usage usage = Usage.none();
    private @Nullable String @Nullable [] when;

    Builder() {}

    /**
     * Sets the provider: {@code gen_ai.provider.name}, {@code gen_ai.system} or another name.
     * Default: null, unknown.
     *
     * @param provider the name of the provider
     * @return this
     */
    public Builder provider(@Nullable String provider) {
      this.provider = provider;
      return this;
    }

    /**
     * Sets the model that answered, which is looked up first. Default: null, unknown.
     *
     * @param model the name of the model
     * @return this
     */
    public Builder responseModel(@Nullable String model) {
      this.responseModel = model;
      return this;
    }

    /**
     * Sets the model that was requested, which is looked up if the catalog does not have the model
     * that answered. Default: null, unknown.
     *
     * @param model the name of the model
     * @return this
     */
    public Builder requestModel(@Nullable String model) {
      this.requestModel = model;
      return this;
    }

    /**
     * Sets the time of the call. Default, and null: the time of {@link #build()}.
     *
     * @param at the time
     * @return this
     */
    public Builder at(@Nullable Instant at) {
      this.timed = at != null;
      this.second = at == null ? 0 : at.getEpochSecond();
      this.nano = at == null ? 0 : at.getNano();
      return this;
    }

    /**
     * Sets the time of the call in epoch nanoseconds, as in spans.
     *
     * @param epochNanos the time in nanoseconds since 1970
     * @return this
     */
    public Builder at(long epochNanos) {
      this.timed = true;
      this.second = Math.floorDiv(epochNanos, NANOS);
      this.nano = (int) Math.floorMod(epochNanos, NANOS);
      return this;
    }

    /**
     * Prices the call with the knowledge of a time: cards recorded later are not used, cards
     * withdrawn later still are. Default, and null: all that the catalog knows.
     *
     * @param knownAt the time, or null
     * @return this
     */
    public Builder knownAt(@Nullable Instant knownAt) {
      this.knownAt = knownAt;
      return this;
    }

    /**
     * Sets the usage of the call. Default: none, which makes the price {@link
     * PriceStatus#UNPRICED}.
     *
     * @param usage the usage
     * @return this
     */
    public Builder usage(Usage usage) {
      this.usage = Objects.requireNonNull(usage, "usage");
      return this;
    }

    /**
     * Sets a condition under which the call was served, as opposed to requested. Known names and
     * aliases: {@code service_tier} ({@code flex}, {@code priority}, …; Vertex AI's {@code
     * trafficType} as {@code traffic_type}), {@code batch} ({@code true}), {@code speed}, {@code
     * geo} (also {@code data_residency}, {@code inference_geo}), {@code region} (also {@code
     * location}), {@code cloud.region} (where the caller runs), {@code endpoint}, {@code
     * server.address}, {@code search_context_size}, {@code quality}, {@code size}. Null and neutral
     * values, such as the standard tier, are ignored.
     *
     * @param condition a name or alias, in any case; null is ignored
     * @param value of the condition; null is ignored
     * @return this
     * @throws IllegalArgumentException if prices do not depend on such a condition
     */
    public Builder when(@Nullable String condition, @Nullable String value) {
      if (condition == null) {
        return this;
      }
      if (condition.equalsIgnoreCase(BATCH)) {
        return value != null && Boolean.parseBoolean(value.trim())
            ? set(Dimension.SERVICE_TIER, BATCH)
            : this;
      }
      Dimension known = Dimension.of(condition);
      if (known == null) {
        throw new IllegalArgumentException(unknown(condition, value));
      }
      return value == null ? this : set(known, known.canonical(value));
    }

    private static String unknown(String condition, @Nullable String value) {
      List<String> names = new ArrayList<>(Dimension.names());
      names.add(BATCH);
      String nearest = NearestName.of(condition.toLowerCase(Locale.ROOT), names);
      return condition
          + "="
          + value
          + ": unknown condition; "
          + (nearest == null
              ? "use one of " + String.join(", ", conditionNames())
              : "did you mean " + nearest + "?");
    }

    /** {@return the request} The builder can be reused. */
    public PriceRequest build() {
      return new PriceRequest(this);
    }

    /** A neutral value does not replace another: a batch stays a batch if its tier is "default". */
    private Builder set(Dimension dimension, @Nullable String value) {
      if (value == null) {
        return this;
      }
      if (when == null) {
        when = new String[Dimension.values().length];
      }
      when[dimension.ordinal()] = value;
      return this;
    }
  }
}
