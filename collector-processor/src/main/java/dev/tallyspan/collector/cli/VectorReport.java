package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.VectorRun;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Prints the results of a file of priced examples. */
record VectorReport(PrintStream out) {

  /** Returns the exit code: 1 if any example has a different result. */
  int run(PriceCatalog catalog, Path file) throws IOException {
    VectorRun run;
    try (Reader reader = Files.newBufferedReader(file)) {
      run = VectorRun.run(reader, catalog);
    } catch (NoSuchFileException e) {
      throw CommandFailedException.badInput(file + ": no such file");
    } catch (CatalogException e) {
      throw CommandFailedException.badInput(file + ":" + e.getMessage());
    }
    for (VectorRun.Failure failure : run.failures()) {
      out.printf("%s: expected %s, got %s%n", failure.id(), failure.expected(), failure.got());
    }
    for (VectorRun.Failure disputed : run.disputed()) {
      out.printf(
          "%s: disputed, expected %s, got %s; not counted as failed%n",
          disputed.id(), disputed.expected(), disputed.got());
    }
    out.printf("%d passed, %d failed%n", run.passed(), run.failed());
    return run.failed() == 0 ? 0 : 1;
  }
}
