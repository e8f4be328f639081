package dev.tallyspan.collector.cli;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code tallyspan}: the executable with all its commands.
 *
 * <p>Exit codes: 0 done; 1 the input or the check failed; 2 bad usage or configuration. Errors go
 * to stderr, one line each.
 */
@Command(
    name = "tallyspan",
    description = "OpenTelemetry-native LLM tracing: true tokens, true cost, any backend.",
    synopsisSubcommandLabel = "COMMAND")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class Main implements Runnable {

  private static final List<Class<?>> COMMANDS =
      List.of(
          RunCommand.class,
          DemoCommand.class,
          ProcessCommand.class,
          ExplainCommand.class,
          PriceCommand.class,
          CatalogCommand.class,
          ConfigCommand.class,
          QueueCommand.class,
          LedgerCommand.class,
          DatasetCommand.class,
          PolicyCommand.class,
          ProfileCommand.class,
          VersionCommand.class,
          TrainCommand.class,
          CommandLine.HelpCommand.class);

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @CommandLine.Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  private boolean help;

  private final PrintStream out;
  private final PrintStream err;

  private Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  public static void main(String[] args) {
    // Netty would look for SLF4J, find that of a jar beside this one, and start it.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    System.exit(execute(System.out, System.err, args));
  }

  /** Runs one command to its end and returns its exit code. */
  static int execute(PrintStream out, PrintStream err, String... args) {
    return commandLine(out, err, args).execute(args);
  }

  /** Returns the description of the commands that the arguments choose from. */
  static CommandLine commandLine(PrintStream out, PrintStream err, String... args) {
    CommandLine commandLine = new CommandLine(new Main(out, err));
    commands(args).forEach(commandLine::addSubcommand);
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out, /* autoFlush= */ true))
        .setErr(new PrintWriter(err, /* autoFlush= */ true))
        .setParameterExceptionHandler(Main::badUsage)
        .setExecutionExceptionHandler(Main::failed);
  }

  /**
   * Returns the commands to choose from. Only the server's start must be quick, so the description
   * of the other commands, which takes a tenth of a second, is not built for it.
   */
  private static List<Class<?>> commands(String... args) {
    return args.length > 0 && args[0].equals("run") ? List.of(RunCommand.class) : COMMANDS;
  }

  @Override
  public void run() {
    throw missingCommand(spec);
  }

  /** Returns what a command throws that only has subcommands. */
  static CommandLine.ParameterException missingCommand(CommandLine.Model.CommandSpec spec) {
    return new CommandLine.ParameterException(
        spec.commandLine(), "missing command: use one of " + spec.subcommands().keySet());
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  private static int badUsage(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    command
        .getErr()
        .printf(
            "%s: %s (%s --help shows its options)%n",
            command.getCommandSpec().qualifiedName(),
            oneLine(e.getMessage()),
            command.getCommandSpec().qualifiedName());
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(
      Exception e, CommandLine command, CommandLine.ParseResult ignoredParseResult) {
    command
        .getErr()
        .printf("%s: %s%n", command.getCommandSpec().qualifiedName(), oneLine(describe(e)));
    return e instanceof CommandFailedException failed ? failed.exitCode() : 1;
  }

  private static String describe(Exception e) {
    return e instanceof CommandFailedException || e.getMessage() == null
        ? String.valueOf(e.getMessage() == null ? e : e.getMessage())
        : e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
