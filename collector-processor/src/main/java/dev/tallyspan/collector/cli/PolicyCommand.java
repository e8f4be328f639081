package dev.tallyspan.collector.cli;

import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The commands for content policies. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = "Shows what a content policy does.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {PolicyTestCommand.class})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PolicyCommand implements Runnable {

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
}
