package dev.tallyspan.pricing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Names that the user has given to models: Azure deployments, Bedrock inference profiles, aliases
 * of a gateway. Names match as a whole, ignoring case. Immutable and thread-safe.
 */
public final class Deployments {
  private static final Deployments NONE = new Deployments(Map.of());

  private final Map<String, Deployment> byName;

  private Deployments(Map<String, Deployment> byName) {
    this.byName = byName;
  }

  /** {@return an instance without deployments} */
  public static Deployments none() {
    return NONE;
  }

  /**
   * {@return deployments by name, each with its model}
   *
   * @param models the models by the names of deployments
   * @throws IllegalArgumentException if a name or model is blank, or a name is defined twice
   */
  public static Deployments of(Map<String, String> models) {
    Map<String, Deployment> deployments = new HashMap<>();
    models.forEach(
        (name, model) -> {
          if (model.isBlank()) {
            throw new IllegalArgumentException("deployment \"" + name + "\" names no model");
          }
          deployments.put(name, Deployment.of(model));
        });
    return ofAll(deployments);
  }

  /**
   * {@return deployments by name}
   *
   * @param deployments the deployments
   * @throws IllegalArgumentException if a name is blank or there twice, or nothing is behind it
   */
  public static Deployments ofAll(Map<String, Deployment> deployments) {
    Map<String, Deployment> byName = new HashMap<>();
    deployments.forEach(
        (name, deployment) -> {
          if (name.isBlank() || deployment.equals(Deployment.of(null))) {
            throw new IllegalArgumentException("deployment \"" + name + "\" names no model");
          }
          if (byName.put(name.strip().toLowerCase(Locale.ROOT), deployment) != null) {
            throw new IllegalArgumentException("deployment \"" + name + "\" is defined twice");
          }
        });
    return new Deployments(byName);
  }

  /**
   * {@return the model of a deployment} Any other name, and null, is returned as it is.
   *
   * @param name the name
   */
  public @Nullable String model(@Nullable String name) {
    Deployment deployment = get(name);
    return deployment == null || deployment.model() == null ? name : deployment.model();
  }

  /**
   * Passes the conditions under which the called deployment is served, as {@link
   * PriceRequest.Builder#when} accepts them. They take precedence over what the call states.
   *
   * @param responseModel the name of the model that answered, or null
   * @param requestModel the name of the model that was requested, or null; used if {@code
   *     responseModel} is not a deployment
   * @param conditions receives name and value of each
   */
  public void forEachCondition(
      @Nullable String responseModel,
      @Nullable String requestModel,
      BiConsumer<String, String> conditions) {
    if (byName.isEmpty()) {
      return;
    }
    Deployment called = get(responseModel);
    called = called == null ? get(requestModel) : called;
    if (called != null) {
      give(conditions, Dimension.GEO, called.geo());
      give(conditions, Dimension.REGION, called.region());
      give(conditions, Dimension.SERVICE_TIER, called.serviceTier());
    }
  }

  private @Nullable Deployment get(@Nullable String name) {
    if (name == null || byName.isEmpty()) {
      return null;
    }
    Deployment found = byName.get(name.strip().toLowerCase(Locale.ROOT));
    if (found != null || name.indexOf('%') < 0) {
      return found;
    }
    String decoded = PercentEncoding.decoded(name);
    return decoded == null ? null : byName.get(decoded.strip().toLowerCase(Locale.ROOT));
  }

  private static void give(
      BiConsumer<String, String> conditions, Dimension dimension, @Nullable String value) {
    if (value != null) {
      conditions.accept(dimension.wireName(), value);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Deployments that && byName.equals(that.byName);
  }

  @Override
  public int hashCode() {
    return byName.hashCode();
  }

  @Override
  public String toString() {
    return byName.toString();
  }
}
