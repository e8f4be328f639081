package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.BackendProfile;
import dev.tallyspan.collector.config.BackendProfiles;
import dev.tallyspan.collector.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows how each backend is written to, and checks profiles of users. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    description = "Shows how each backend is written to, and checks profiles of your own.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ProfileCommand implements Runnable {

  @ParentCommand private Main main;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw Main.missingCommand(spec);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the profiles that an exporter can have.")
  int list() throws ConfigException {
    for (String name : BackendProfiles.names()) {
      BackendProfile profile = BackendProfiles.get(name);
      main.out().printf("%-11s %s%n", name, profile.description());
    }
    return 0;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Prints the file of a profile, as a start for one of your own.")
  int show(@Parameters(paramLabel = "NAME") String name) {
    try {
      main.out().print(BackendProfiles.text(name));
      main.out().flush();
      return 0;
    } catch (ConfigException e) {
      main.err().println(e.getMessage());
      return 1;
    }
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Reports every fault in a profile with its line. Exits with 1 if there is any, with 2 if the"
              + " file cannot be read.")
  int check(@Parameters(paramLabel = "FILE") Path file) {
    try {
      BackendProfiles.check(file);
      main.out().println(file + ": no faults");
      return 0;
    } catch (ConfigException e) {
      main.err().println(e.getMessage());
      return Files.isReadable(file) ? 1 : 2;
    }
  }
}
