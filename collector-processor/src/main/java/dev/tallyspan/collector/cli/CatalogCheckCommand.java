package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Whether a catalog can be used. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Reads a catalog as the server would, and says all that is wrong with it: exit code 1.",
      "With priced examples, also prints those that come out otherwise."
    })
final class CatalogCheckCommand implements Callable<Integer> {

  @ParentCommand private CatalogCommand catalog;

  @Parameters(
      paramLabel = "FILE",
      description = "A catalog, or 'shipped' for the one that is shipped.")
  private String file;

  @Option(names = "--vectors", paramLabel = "FILE", description = "A file of priced examples.")
  private Path vectors;

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
