package dev.tallyspan.pricing;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One call to be priced: whose model it was, when, under which conditions, and what it used. */
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

  /** Returns a builder without names, without usage, at the time it builds. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns {@code gen_ai.provider.name} or an alias of it, or null. */
  public @Nullable String provider() {
    return provider;
  }

  /** Returns the model that answered, or null. */
  public @Nullable String responseModel() {
    return responseModel;
  }

  /** Returns the model that was asked for, or null. */
  public @Nullable String requestModel() {
    return requestModel;
  }

  /** Returns the time of the call. */
  public Instant at() {
    return Instant.ofEpochSecond(second, nano);
  }

  /** Returns the time whose knowledge of prices counts, or null for all the catalog knows. */
  public @Nullable Instant knownAt() {
    return knownAt;
  }

  /** Returns what the call used. */
  public Usage usage() {
    return usage;
  }

  /** The time of the call in seconds of the epoch; prices do not change within one. */
  long second() {
    return second;
  }

  /** Whether any condition is stated. */
  boolean isConditional() {
    return when != null;
  }

  /** The canonical value of a dimension, or null where it is unknown or neutral. */
  @Nullable String when(Dimension dimension) {
    return when == null ? null : when[dimension.ordinal()];
  }

  /** Returns the names of all conditions that a price may depend on. */
  public static Set<String> conditionNames() {
    Set<String> names = new LinkedHashSet<>();
    for (Dimension dimension : Dimension.values()) {
      names.add(dimension.wireName());
    }
    return names;
  }

  /** Returns the conditions that are stated and are not the neutral ones, by their names. */
  public Map<String, String> conditions() {
    Map<String, String> conditions = new LinkedHashMap<>();
    for (Dimension dimension : Dimension.values()) {
      if (when(dimension) != null) {
        conditions.put(dimension.wireName(), when(dimension));
      }
    }
    return conditions;
  }

  /** Collects what is known of the call; everything may be left out. */
  public static final class Builder {
    private static final long NANOS = 1_000_000_000;

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

    /** Sets {@code gen_ai.provider.name}, {@code gen_ai.system} or another name; null: unknown. */
    public Builder provider(@Nullable String provider) {
      this.provider = provider;
      return this;
    }

    /** Sets the model that answered, which is looked up first; null: unknown. */
    public Builder responseModel(@Nullable String model) {
      this.responseModel = model;
      return this;
    }

    /** Sets the model that was asked for, looked up if the other is not in the catalog. */
    public Builder requestModel(@Nullable String model) {
      this.requestModel = model;
      return this;
    }

    /** Sets the time of the call. Default (and null): the time of {@link #build()}. */
    public Builder at(@Nullable Instant at) {
      this.timed = at != null;
      this.second = at == null ? 0 : at.getEpochSecond();
      this.nano = at == null ? 0 : at.getNano();
      return this;
    }

    /** Sets the time of the call in nanoseconds of the epoch, as spans have it. */
    public Builder at(long epochNanos) {
      this.timed = true;
      this.second = Math.floorDiv(epochNanos, NANOS);
      this.nano = (int) Math.floorMod(epochNanos, NANOS);
      return this;
    }

    /**
     * Prices the call as it would have been with the knowledge of that time: cards recorded later
     * do not count, cards withdrawn later still do. Default (and null): all that the catalog knows.
     */
    public Builder knownAt(@Nullable Instant knownAt) {
      this.knownAt = knownAt;
      return this;
    }

    /** Sets what the call used. */
    public Builder usage(Usage usage) {
      this.usage = Objects.requireNonNull(usage, "usage");
      return this;
    }

    /**
     * States a condition as it was served, not as it was requested. Known dimensions and aliases:
     * {@code service_tier} ({@code flex}, {@code priority}, …; Vertex AI's {@code trafficType} as
     * {@code traffic_type}), {@code batch} ({@code true}), {@code speed}, {@code geo} (also {@code
     * data_residency}, {@code inference_geo}), {@code region} (also {@code location}), {@code
     * cloud.region} (where the caller runs), {@code endpoint}, {@code server.address}, {@code
     * search_context_size}, {@code quality}, {@code size}. Other dimensions and null values are
     * ignored: no price depends on them.
     */
    public Builder when(@Nullable String dimension, @Nullable String value) {
      if (dimension == null || value == null) {
        return this;
      }
      if (dimension.equalsIgnoreCase("batch")) {
        return Boolean.parseBoolean(value.trim()) ? set(Dimension.SERVICE_TIER, "batch") : this;
      }
      Dimension known = Dimension.of(dimension);
      return known == null ? this : set(known, known.canonical(value));
    }

    /** Returns the request; the builder may be used on. */
    public PriceRequest build() {
      return new PriceRequest(this);
    }

    /** A neutral value does not undo another: a batch is a batch though its tier is "default". */
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
