package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The commands for price catalogs. */
@Command(
    name = "catalog",
    mixinStandardHelpOptions = true,
    description = "Shows, compares, imports, checks and updates price catalogs.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CatalogShowCommand.class,
      CatalogDiffCommand.class,
      CatalogImportCommand.class,
      CatalogCheckCommand.class,
      CatalogUpdateCommand.class
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CatalogCommand implements Runnable {

  /** The name of the built-in catalog, where a command expects a file. */
  static final String SHIPPED = "shipped";

  @ParentCommand private Main main;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw Main.missingCommand(spec);
  }

  PrintStream out() {
    return main.out();
  }

  PrintStream err() {
    return main.err();
  }

  /**
   * Reads a catalog that is the input of a command.
   *
   * @param name a file, or {@value #SHIPPED}
   */
  static PriceCatalog read(String name) {
    try {
      return readOrFault(name);
    } catch (CatalogException e) {
      throw CommandFailedException.badInput(e);
    }
  }

  static PriceCatalog readOrFault(String name) throws CatalogException {
    return name.equals(SHIPPED) ? PriceCatalog.shipped() : PriceCatalog.read(Path.of(name));
  }

  /** Reads {@code --at}. */
  static final class TimeConverter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String value) {
      try {
        return Instant.parse(value);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException("'" + value + "': use the format 2026-11-22T12:00:00Z");
      }
    }
  }
}
