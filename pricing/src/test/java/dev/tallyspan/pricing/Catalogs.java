package dev.tallyspan.pricing;

import java.time.Instant;

/** Small catalogs for tests. */
public final class Catalogs {
  private Catalogs() {}

  /** A catalog of one provider, "acme", whose models are given as JSON members. */
  public static String text(String models) {
    return """
        {"format": "tallyspan-prices/1", "version": "test", "currency": "USD", "providers": {
          "acme": {"aliases": ["acme-ai"], "versions": ["-\\\\d{4}-\\\\d{2}-\\\\d{2}"], "models": {
        %s
        }}}}
        """
        .formatted(models);
  }

  /** The catalog of {@link #text}. */
  public static PriceCatalog of(String models) {
    try {
      return PriceCatalog.parse("prices.json", text(models));
    } catch (CatalogException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /** A catalog with one model, "m", of these cards. */
  public static PriceCatalog ofCards(String cards) {
    return of("\"m\": {\"cards\": [" + cards + "]}");
  }

  /** A call of the model "m". */
  public static PriceRequest.Builder request(Usage.Builder usage) {
    return PriceRequest.builder()
        .provider("acme")
        .responseModel("m")
        .at(Instant.parse("2026-09-01T12:00:00Z"))
        .usage(usage.build());
  }
}
