package dev.tallyspan.pricing;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a name that is the user's own: a model, and how it is served.
 *
 * @param model that it stands for; null if the name is the model's own
 * @param geo where it is served, as catalogs say it; null if that is not known
 * @param region of the cloud that it is in; null if that is not known
 * @param serviceTier that serves it, such as {@code provisioned} or {@code batch}; null for the
 *     standard one, or if that is not known
 */
public record Deployment(
    @Nullable String model,
    @Nullable String geo,
    @Nullable String region,
    @Nullable String serviceTier) {

  /** Names of regions of Azure's data zone of the European Union. */
  private static final Set<String> EU =
      Set.of(
          "austriaeast",
          "belgiumcentral",
          "denmarkeast",
          "francecentral",
          "germanywestcentral",
          "italynorth",
          "northeurope",
          "polandcentral",
          "spaincentral",
          "swedencentral",
          "westeurope");

  /** Returns a name's model alone. */
  public static Deployment of(@Nullable String model) {
    return new Deployment(blankless(model), null, null, null);
  }

  /**
   * Returns a deployment by its type, which says where and by what it is served: {@code global},
   * {@code data_zone}, {@code regional}, {@code provisioned}, or the names of Azure's SKUs, such as
   * {@code GlobalStandard} or {@code DataZoneProvisionedManaged}, in any spelling.
   *
   * @param model null if the name is the model's own
   * @param type null if it is not known
   * @param geo the data zone or other place, such as {@code eu}; null if the type and the region
   *     say it
   * @param region null if it is not known
   * @throws IllegalArgumentException if there is no such type
   * @see <a
   *     href="https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/deployment-types">
   *     Deployment types of Azure</a>
   */
  public static Deployment of(
      @Nullable String model,
      @Nullable String type,
      @Nullable String geo,
      @Nullable String region) {
    String sku = type == null ? "" : type.strip().toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    String place = blankless(geo);
    String where = blankless(region);
    return switch (sku) {
      case "" -> new Deployment(blankless(model), place, where, null);
      case "global", "globalstandard" -> served(model, place, "global", where, null);
      case "globalbatch" -> served(model, place, "global", where, "batch");
      case "datazone", "datazonestandard" -> served(model, place, zone(where), where, null);
      case "datazonebatch" -> served(model, place, zone(where), where, "batch");
      case "regional", "standard" ->
          served(model, place, where == null ? "regional" : where, where, null);
      case "provisioned",
          "provisionedmanaged",
          "globalprovisioned",
          "globalprovisionedmanaged",
          "datazoneprovisioned",
          "datazoneprovisionedmanaged",
          "ptu" ->
          served(model, place, null, where, "provisioned");
      default ->
          throw new IllegalArgumentException(
              "type="
                  + type
                  + ": say global, data_zone, regional, provisioned or a SKU of Azure's");
    };
  }

  private static Deployment served(
      @Nullable String model,
      @Nullable String geo,
      @Nullable String otherwise,
      @Nullable String region,
      @Nullable String tier) {
    return new Deployment(blankless(model), geo == null ? otherwise : geo, region, tier);
  }

  /** The data zone of a region; {@code data_zone} if it is not known which. */
  private static String zone(@Nullable String region) {
    if (region == null) {
      return "data_zone";
    }
    String name = region.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    if (EU.contains(name)) {
      return "eu";
    }
    return name.matches("(east|west|(north|south|west)?central)us[0-9]?") ? "us" : "data_zone";
  }

  private static @Nullable String blankless(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }
}
