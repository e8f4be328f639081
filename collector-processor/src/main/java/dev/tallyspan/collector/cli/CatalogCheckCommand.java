package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Checks a catalog. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Reads a catalog like the server and reports every fault. Exits with 1 if there is any.",
      "With priced examples, also prints those with a different result."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CatalogCheckCommand implements Callable<Integer> {

  @ParentCommand private CatalogCommand catalog;

  @Parameters(paramLabel = "FILE", description = "A catalog, or 'shipped' for the built-in one.")
  private String file;

  @Option(names = "--vectors", paramLabel = "FILE", description = "A file of priced examples.")
  private @Nullable Path vectors;

  @Override
  public Integer call() throws IOException {
    PriceCatalog read;
    try {
      read = CatalogCommand.readOrFault(file);
    } catch (CatalogException e) {
      e.faults().forEach(fault -> catalog.err().println("tallyspan catalog check: " + fault));
      return 1;
    }
    int exitCode = vectors == null ? 0 : new VectorReport(catalog.out()).run(read, vectors);
    catalog.out().printf("%s: version %s, %d models%n", file, read.version(), read.modelCount());
    return exitCode;
  }
}
