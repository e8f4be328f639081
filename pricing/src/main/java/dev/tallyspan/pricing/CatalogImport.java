package dev.tallyspan.pricing;

import dev.tallyspan.pricing.JsonReader.JsonException;
import java.util.List;
import java.util.Locale;

/**
 * Turns a published price table into a catalog of this project's format.
 *
 * <p>What a table cannot say, says wrongly or only seems to say is left out and noted, never
 * guessed: an absent price is better than a wrong one.
 *
 * @param catalog text of the format {@code tallyspan-prices/1}, one model a line
 * @param models how many models it has
 * @param notes what was left out and why, one line each
 */
public record CatalogImport(String catalog, int models, List<String> notes) {

  /** A published format. */
  public enum Format {
    /** LiteLLM's {@code model_prices_and_context_window.json}. */
    LITELLM("litellm"),
    /** pydantic/genai-prices' {@code data.json}, version 2. */
    GENAI_PRICES("genai-prices"),
    /** models.dev's {@code api.json}. */
    MODELS_DEV("models.dev"),
    /** Portkey's pricing files, by provider in one object. */
    PORTKEY("portkey"),
    /** OpenLIT's {@code pricing.json}. */
    OPENLIT("openlit"),
    /** Langfuse's {@code default-model-prices.json}. */
    LANGFUSE("langfuse");

    private final String wireName;

    Format(String wireName) {
      this.wireName = wireName;
    }

    /** Returns the name for the command line. */
    public String wireName() {
      return wireName;
    }

    /** Returns the format of a name, or null. */
    public static Format of(String name) {
      for (Format format : values()) {
        if (format.wireName.equals(name.toLowerCase(Locale.ROOT))) {
          return format;
        }
      }
      return null;
    }
  }

  /**
   * Imports a table.
   *
   * @param version what the catalog is to call itself, such as {@code litellm@2026-07-24}
   * @throws CatalogException if the text is not of the format
   */
  public static CatalogImport read(Format format, String text, String version)
      throws CatalogException {
    Json root;
    try {
      root = JsonReader.read(text);
    } catch (JsonException e) {
      throw new CatalogException(
          version + ":" + e.line() + " " + e.getMessage() + "; the table must be JSON", e);
    }
    ImportedModels models = new ImportedModels(version);
    switch (format) {
      case LITELLM -> new LiteLlmImport(models).read(object(version, root));
      case GENAI_PRICES -> new GenaiPricesImport(models).read(array(version, root));
      case MODELS_DEV -> new SimpleImports(models).modelsDev(object(version, root));
      case PORTKEY -> new SimpleImports(models).portkey(object(version, root));
      case OPENLIT -> new SimpleImports(models).openlit(object(version, root));
      case LANGFUSE -> new SimpleImports(models).langfuse(array(version, root));
    }
    String catalog = models.write();
    // Proves that the importer keeps the rules of the format: no gap, no tie, no absurd rate.
    PriceCatalog.parse(version, catalog);
    return new CatalogImport(catalog, models.count(), models.notes());
  }

  private static Json.Obj object(String version, Json root) throws CatalogException {
    if (root instanceof Json.Obj object) {
      return object;
    }
    throw Fields.error(version, root.line(), "found " + root.kind(), "give the table as published");
  }

  private static Json.Arr array(String version, Json root) throws CatalogException {
    if (root instanceof Json.Arr array) {
      return array;
    }
    throw Fields.error(version, root.line(), "found " + root.kind(), "give the table as published");
  }
}
