package dev.tallyspan.pricing.imports;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.internal.JsonValue;
import dev.tallyspan.pricing.internal.StrictJsonReader;
import dev.tallyspan.pricing.internal.StrictJsonReader.JsonException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A published price table, converted to this project's catalog format.
 *
 * <p>Prices that a table cannot express, or that are ambiguous or wrong, are left out and noted,
 * never guessed: no price is better than a wrong one.
 *
 * @param catalog text in the format {@code tallyspan-prices/1}, one model per line
 * @param models the number of models in it
 * @param notes what was left out and why, one line for each model
 */
public record CatalogImport(String catalog, int models, List<String> notes) {

  /** Leaving out a model may reveal another fault. */
  private static final int MOST_ROUNDS = 5;

  /** A published format. */
  public enum Format {
    /** LiteLLM's {@code model_prices_and_context_window.json}. */
    LITELLM("litellm"),
    /** pydantic/genai-prices' {@code data.json}, version 2. */
    GENAI_PRICES("genai-prices"),
    /** models.dev's {@code api.json}. */
    MODELS_DEV("models.dev"),
    /** Portkey's pricing files, as one object with a member for each provider. */
    PORTKEY("portkey"),
    /** OpenLIT's {@code pricing.json}. */
    OPENLIT("openlit"),
    /** Langfuse's {@code default-model-prices.json}. */
    LANGFUSE("langfuse");

    private final String wireName;

    Format(String wireName) {
      this.wireName = wireName;
    }

    /** {@return the name as used on the command line and in configuration files} */
    public String wireName() {
      return wireName;
    }

    /**
     * {@return the format with this name, ignoring case, or null}
     *
     * @param name the name
     */
    public static @Nullable Format of(String name) {
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
   * @param version the version of the resulting catalog, such as {@code litellm@2026-07-24}
   * @param format the format
   * @param text the text to read
   * @return the imported catalog
   * @throws CatalogException if the text is not in the format
   */
  public static CatalogImport read(Format format, String text, String version)
      throws CatalogException {
    return read(format, text, version, version, /* asOf= */ null);
  }

  /**
   * Imports a table.
   *
   * @param source name of the text, as used in messages
   * @param version the version of the resulting catalog; null for the format and a hash of the text
   * @param asOf the day of the table's prices; null if it is unknown
   * @param format the format
   * @param text the text to read
   * @return the imported catalog
   * @throws CatalogException if the text is not in the format
   */
  public static CatalogImport read(
      Format format, String text, String source, @Nullable String version, @Nullable LocalDate asOf)
      throws CatalogException {
    String name = version == null ? format.wireName() + "@" + hash(text) : version;
    JsonValue root;
    try {
      root = StrictJsonReader.read(text);
    } catch (JsonException e) {
      throw new CatalogException(
          source + ":" + e.line() + " " + e.getMessage() + "; the table must be JSON", e);
    }
    ImportedModels models = new ImportedModels(name, format.wireName(), asOf);
    switch (format) {
      case LITELLM -> new LiteLlmImport(models).read(object(source, root));
      case GENAI_PRICES ->
          new GenaiPricesImport(models).read(array(source, GenaiPricesImport.providers(root)));
      case MODELS_DEV -> new SimpleImports(models).modelsDev(object(source, root));
      case PORTKEY -> new SimpleImports(models).portkey(object(source, root));
      case OPENLIT -> new SimpleImports(models).openlit(object(source, root));
      case LANGFUSE -> new SimpleImports(models).langfuse(array(source, root));
    }
    String catalog = sound(models, source);
    return new CatalogImport(catalog, models.count(), models.notes());
  }

  /** Leaves out entries that violate the rules of the format: a gap, a tie, an absurd rate. */
  private static String sound(ImportedModels models, String source) throws CatalogException {
    for (int i = 0; ; i++) {
      String catalog = models.write();
      try {
        PriceCatalog.parse(source, catalog);
        return catalog;
      } catch (CatalogException e) {
        if (i == MOST_ROUNDS || !models.leaveOut(e.faults())) {
          throw e;
        }
      }
    }
  }

  /** A version that changes only if the table changes. */
  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static JsonValue.Obj object(String source, JsonValue root) throws CatalogException {
    if (root instanceof JsonValue.Obj object) {
      return object;
    }
    throw unpublished(source, root);
  }

  private static JsonValue.Arr array(String source, JsonValue root) throws CatalogException {
    if (root instanceof JsonValue.Arr array) {
      return array;
    }
    throw unpublished(source, root);
  }

  private static CatalogException unpublished(String source, JsonValue root) {
    return new CatalogException(
        source + ":" + root.line() + " found " + root.kind() + "; give the table as published");
  }
}
