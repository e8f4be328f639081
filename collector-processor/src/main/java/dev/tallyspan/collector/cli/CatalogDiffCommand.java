package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.CatalogDiff;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows what changed between two catalogs. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the rate cards that only one of two catalogs has, and the rates that differ, as of a"
          + " time. Exits with 0, with or without differences."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CatalogDiffCommand implements Callable<Integer> {

  @ParentCommand private CatalogCommand catalog;

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "The old catalog: a file, or 'shipped' for the built-in one.")
  private String before;

  @Parameters(index = "1", paramLabel = "B", description = "The new catalog: a file or 'shipped'.")
  private String after;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = CatalogCommand.TimeConverter.class,
      description = "The time, as 2026-11-22T12:00:00Z. Default: now.")
  private @Nullable Instant at;

  @Override
  public Integer call() {
    List<CatalogDiff.Change> changes =
        CatalogDiff.between(
            CatalogCommand.read(before),
            CatalogCommand.read(after),
            at == null ? Instant.now() : at);
    changes.forEach(catalog.out()::println);
    catalog
        .out()
        .printf(
            "%d cards added, %d removed, %d rates changed%n",
            count(changes, CatalogDiff.Kind.ADDED),
            count(changes, CatalogDiff.Kind.REMOVED),
            count(changes, CatalogDiff.Kind.CHANGED));
    return 0;
  }

  private static long count(List<CatalogDiff.Change> changes, CatalogDiff.Kind kind) {
    return changes.stream().filter(change -> change.kind() == kind).count();
  }
}
