package dev.tallyspan.pricing;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A deployment with a name that the user chose: its model, and how it is served.
 *
 * @param model that it serves; null if the deployment is named like the model
 * @param geo where it is served, as catalogs spell it, such as {@code eu}; null if unknown
 * @param region of the cloud, such as {@code swedencentral}; null if unknown
 * @param serviceTier such as {@code provisioned} or {@code batch}; null if standard or unknown
 */
public record Deployment(
    @Nullable String model,
    @Nullable String geo,
    @Nullable String region,
    @Nullable String serviceTier) {

  /** Regions of Azure's European Union data zone. */
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

  /**
   * {@return a deployment of a model, with nothing known about how it is served}
   *
   * @param model the name of the model
   */
  public static Deployment of(@Nullable String model) {
    return new Deployment(blankless(model), null, null, null);
  }

  /**
   * {@return a deployment of a type, which determines the geo and the service tier: {@code global},
   * {@code data_zone}, {@code regional}, {@code provisioned}, or the name of an Azure SKU, such as
   * {@code GlobalStandard} or {@code DataZoneProvisionedManaged}} Case, hyphens, underscores and
   * spaces are ignored.
   *
   * @param model null if the deployment is named like the model
   * @param type null if unknown
   * @param geo the data zone or other place, such as {@code eu}; null to derive it from the type
   *     and the region
   * @param region null if unknown
   * @throws IllegalArgumentException if the type is unknown
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
              "type=" + type + ": use global, data_zone, regional, provisioned or an Azure SKU");
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

  /** The data zone of a region; {@code data_zone} if unknown. */
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
