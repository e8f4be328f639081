package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.price.CatalogAge;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.ConventionVersion;
import java.io.PrintStream;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Prints the versions. */
@Command(
    name = "version",
    mixinStandardHelpOptions = true,
    description =
        "Prints the versions of Tallyspan, the price catalog, the GenAI conventions that are written,"
            + " and Java.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class VersionCommand implements Runnable {

  @ParentCommand private Main main;

  @Override
  public void run() {
    PrintStream out = main.out();
    out.println("tallyspan " + version());
    out.println("catalog   " + CatalogAge.of(PriceCatalog.shipped(), InstantSource.system()));
    out.println("semconv   " + ConventionVersion.GENAI_DEV.wireName());
    out.println("java      " + Runtime.version());
  }

  /** The version of the jar; {@code development} when run from classes. */
  static String version() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
