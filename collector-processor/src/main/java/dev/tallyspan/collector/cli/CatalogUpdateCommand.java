package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.price.CatalogAge;
import dev.tallyspan.pricing.CatalogDiff;
import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.imports.CatalogImport.Format;
import dev.tallyspan.pricing.live.TableUpdate;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Fetches the newest published prices and keeps them for the server. */
@Command(
    name = "update",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fetches a price table, checks it, and keeps it in the data directory, where 'run' without a"
          + " configuration file finds it. Prints what is new, changed and gone.",
      "If a table cannot be fetched or has a fault, the kept one does not change."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CatalogUpdateCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Where the tables are published. */
  private static final Map<Format, String> PUBLISHED =
      Map.of(
          Format.LITELLM,
          "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
          Format.GENAI_PRICES,
          "https://raw.githubusercontent.com/pydantic/genai-prices/refs/heads/main/prices/new_data/v2/data.json",
          Format.MODELS_DEV,
          "https://models.dev/api.json");

  @ParentCommand private CatalogCommand catalog;
  @Spec private CommandSpec spec;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "litellm",
      description =
          "litellm (default), genai-prices, models.dev, portkey, openlit, langfuse, or tallyspan for a"
              + " catalog of Tallyspan's own format.")
  private String format;

  @Option(
      names = "--from",
      paramLabel = "URL|FILE",
      description =
          "Where the table is. Default: where litellm, genai-prices and models.dev publish it.")
  private @Nullable String from;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The directory to keep it in. Default: TALLYSPAN_DATA, else the user's state directory.")
  private @Nullable String data;

  private final InstantSource clock = InstantSource.system();

  @Override
  public Integer call() throws InterruptedException {
    Path directory = DataDirectory.of(data, System.getenv());
    if (directory == null) {
      throw badUsage("--data: 'none' keeps nothing; set a directory");
    }
    Path file = DataDirectory.catalog(directory);
    TableUpdate update = fetch();
    List<CatalogDiff.Change> changes = update.changes(before(file), PriceCatalog.shipped(), clock);
    write(file, update.text());
    changes.forEach(catalog.out()::println);
    catalog
        .out()
        .printf(
            "%d new, %d changed, %d gone; %d notes%n",
            count(changes, CatalogDiff.Kind.ADDED),
            count(changes, CatalogDiff.Kind.CHANGED),
            count(changes, CatalogDiff.Kind.REMOVED),
            update.notes().size());
    catalog
        .out()
        .printf(
            "%s: version %s, %d models%n",
            file, CatalogAge.of(update.catalog(), clock), update.catalog().modelCount());
    return 0;
  }

  private TableUpdate fetch() throws InterruptedException {
    Format known = format.equals("tallyspan") ? null : format();
    String source = from == null && known != null ? PUBLISHED.get(known) : from;
    if (source == null) {
      throw badUsage("--from is missing: set the URL or file of the table for --format " + format);
    }
    boolean remote = source.matches("(?i)https?://.*");
    try {
      return remote
          ? TableUpdate.fetch(known, URI.create(source), TIMEOUT, clock)
          : TableUpdate.read(known, Path.of(source), clock);
    } catch (CatalogException e) {
      throw CommandFailedException.badInput(e);
    } catch (NoSuchFileException e) {
      throw CommandFailedException.badInput(source + ": no such file");
    } catch (CharacterCodingException e) {
      throw CommandFailedException.badInput(source + ": not UTF-8 text; save it as UTF-8");
    } catch (IOException e) {
      // A URL is shown without its query, which may contain a credential.
      throw CommandFailedException.badInput(
          source.replaceFirst("[?].*", "")
              + (remote ? ": cannot be fetched: " : ": cannot be read: ")
              + e.getClass().getSimpleName()
              + (e.getMessage() == null || !remote ? "" : ", " + e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw badUsage("--from: not a valid URL or file name");
    }
  }

  private Format format() {
    try {
      return new CatalogImportCommand.FormatConverter().convert(format);
    } catch (picocli.CommandLine.TypeConversionException e) {
      throw badUsage("--format: " + e.getMessage() + ", tallyspan");
    }
  }

  /** Returns the catalog kept before; null if there is none, or if it cannot be read. */
  private static @Nullable PriceCatalog before(Path file) {
    try {
      return Files.exists(file) ? PriceCatalog.read(file) : null;
    } catch (CatalogException e) {
      return null;
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw CommandFailedException.badInput(
          file.getParent() + ": cannot be created: " + e.getClass().getSimpleName());
    }
    CatalogImportCommand.replace(file, text);
  }

  private static long count(List<CatalogDiff.Change> changes, CatalogDiff.Kind kind) {
    return changes.stream().filter(change -> change.kind() == kind).count();
  }

  private ParameterException badUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
