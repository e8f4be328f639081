package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.flow.Signal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --only}. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class OnlyOption {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "SIGNAL",
      description =
          "Runs the pipelines of these signals (traces, logs, metrics) of a Collector's file, and"
              + " leaves out of them what Tallyspan does not have, with a warning for each.")
  private @Nullable List<String> names;

  /**
   * Returns the signals; empty if the option is not given.
   *
   * @throws ParameterException if a name is not one of a signal
   */
  Set<Signal> signals() {
    Set<Signal> signals = EnumSet.noneOf(Signal.class);
    if (names == null) {
      return signals;
    }
    for (String name : names) {
      Signal signal =
          List.of(Signal.values()).stream()
              .filter(it -> it.id().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ParameterException(
                          command.commandLine(),
                          "--only=" + name + ": must be traces, logs or metrics"));
      signals.add(signal);
    }
    return signals;
  }
}
