package dev.tallyspan.pricing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Names that somebody has given to models: deployments of Azure, inference profiles of Bedrock,
 * aliases of a gateway. Whole names, in upper or lower case. Immutable, thread-safe.
 */
public final class Deployments {
  private static final Deployments NONE = new Deployments(Map.of());

  private final Map<String, String> models;

  private Deployments(Map<String, String> models) {
    this.models = models;
  }

  /** Returns no names: every model is called by its own. */
  public static Deployments none() {
    return NONE;
  }

  /**
   * Returns names with the models that they stand for.
   *
   * @throws IllegalArgumentException if a name or model is blank, or a name is there twice
   */
  public static Deployments of(Map<String, String> models) {
    Map<String, String> byName = new HashMap<>();
    models.forEach(
        (name, model) -> {
          if (name.isBlank() || model.isBlank()) {
            throw new IllegalArgumentException("deployment \"" + name + "\" names no model");
          }
          if (byName.put(name.strip().toLowerCase(Locale.ROOT), model.strip()) != null) {
            throw new IllegalArgumentException("deployment \"" + name + "\" is there twice");
          }
        });
    return new Deployments(byName);
  }

  /** Returns the model that a name stands for; the name itself if it is none of these, or null. */
  public String model(String name) {
    if (name == null || models.isEmpty()) {
      return name;
    }
    return models.getOrDefault(name.strip().toLowerCase(Locale.ROOT), name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Deployments that && models.equals(that.models);
  }

  @Override
  public int hashCode() {
    return models.hashCode();
  }

  @Override
  public String toString() {
    return models.toString();
  }
}
