package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.imports.CatalogImport;
import dev.tallyspan.pricing.imports.CatalogImport.Format;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** Converts a published price table to a catalog. */
@Command(
    name = "import",
    description = {
      "Converts a published price table to a catalog, on stdout or in a file.",
      "Prices that the table does not state, or states in a misleading way, are left out and noted on"
          + " stderr."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CatalogImportCommand implements Callable<Integer> {

  @ParentCommand private CatalogCommand catalog;

  // Not mixinStandardHelpOptions, which would define its own --version.
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  private boolean help;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      converter = FormatConverter.class,
      description = "litellm, genai-prices, models.dev, portkey, openlit or langfuse.")
  private Format format;

  @Parameters(paramLabel = "FILE", description = "The table as published.")
  private Path file;

  @Option(
      names = "--version",
      paramLabel = "V",
      description = "The version of the catalog. Default: format@ and a hash of the table.")
  private @Nullable String version;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description =
          "The file to write. It is replaced atomically, so a server can read it at any time.")
  private @Nullable Path output;

  @Override
  public Integer call() {
    String table = table();
    CatalogImport imported;
    try {
      imported = CatalogImport.read(format, table, file.toString(), version, asOf());
    } catch (CatalogException e) {
      throw CommandFailedException.badInput(e);
    }
    if (output == null) {
      catalog.out().print(imported.catalog());
      catalog.out().flush();
    } else {
      replace(output, imported.catalog());
    }
    imported.notes().forEach(catalog.err()::println);
    catalog.err().printf("%d models, %d notes%n", imported.models(), imported.notes().size());
    return 0;
  }

  private String table() {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw CommandFailedException.badInput(file + ": no such file");
    } catch (CharacterCodingException e) {
      throw CommandFailedException.badInput(file + ": not UTF-8 text; save it as UTF-8");
    } catch (IOException e) {
      throw CommandFailedException.badInput(
          file + ": cannot be read: " + e.getClass().getSimpleName());
    }
  }

  /** Returns the day of the file's last change; null if it is not known. */
  private @Nullable LocalDate asOf() {
    try {
      return LocalDate.ofInstant(Files.getLastModifiedTime(file).toInstant(), ZoneOffset.UTC);
    } catch (IOException e) {
      return null;
    }
  }

  /** Replaces a file atomically, so that a reader sees either the old or the new one. */
  static void replace(Path output, String text) {
    Path whole = output.resolveSibling(output.getFileName() + ".part");
    try {
      Files.writeString(whole, text);
      Files.move(
          whole, output, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw CommandFailedException.badInput(
          output + ": cannot be written: " + e.getClass().getSimpleName());
    }
  }

  static final class FormatConverter implements ITypeConverter<Format> {
    @Override
    public Format convert(String value) {
      Format format = Format.of(value);
      if (format == null) {
        throw new TypeConversionException(
            "'"
                + value
                + "' is not one of "
                + Arrays.stream(Format.values())
                    .map(Format::wireName)
                    .collect(Collectors.joining(", ")));
      }
      return format;
    }
  }
}
