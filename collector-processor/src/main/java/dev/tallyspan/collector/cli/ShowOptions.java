package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.output.view.LiveTraces;
import dev.tallyspan.collector.output.view.TerminalOptions;
import dev.tallyspan.collector.output.view.TraceFilter;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code run} for showing traces in the terminal. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ShowOptions {

  private static final String LLM = "llm";
  private static final String ALL = "all";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--show",
      arity = "0..1",
      fallbackValue = LLM,
      paramLabel = "WHICH",
      description = {
        "Shows traces in this terminal while they are forwarded, with their prompts and answers:"
            + " llm (traces with LLM spans) or all. Default: llm; without a backend, traces are"
            + " always shown."
      })
  private @Nullable String which;

  @Option(
      names = "--filter",
      paramLabel = "KEY=VALUE",
      description =
          "Shows only traces with such a span: service, name, user, session, provider, model,"
              + " operation, tool, error (its class) or status (of the cost); * in VALUE stands for"
              + " any text. May be repeated; a trace must meet all.")
  private List<String> filters = new ArrayList<>();

  @Option(
      names = "--trace-url",
      paramLabel = "URL",
      description =
          "Where the backend shows a trace, with {traceId} in place of the id, such as"
              + " http://localhost:16686/trace/{traceId}. Default: known for some backends.")
  private @Nullable String traceUrl;

  /** Checks the options as far as the configuration does not matter. */
  void check() {
    if (which != null && !which.equals(LLM) && !which.equals(ALL)) {
      throw bad("--show=" + which + ": must be llm or all");
    }
    if (traceUrl != null && !traceUrl.contains("{traceId}")) {
      throw bad("--trace-url=" + traceUrl + ": does not contain {traceId}");
    }
    filter();
  }

  /**
   * Starts to show traces.
   *
   * @return null if traces are forwarded, and not shown
   */
  @Nullable LiveTraces start(
      CollectorConfig config, Backends backends, PrintStream out, Map<String, String> env) {
    if (which == null && !config.allExporters().isEmpty()) {
      if (!filters.isEmpty()) {
        throw bad("--filter: works only with --show, since traces are forwarded");
      }
      return null;
    }
    String url = traceUrl != null ? traceUrl : backends.traceUrl();
    return LiveTraces.start(out, TerminalOptions.detect(env).traceUrl(url).build(), filter());
  }

  private TraceFilter filter() {
    TraceFilter filter = ALL.equals(which) ? TraceFilter.ALL : TraceFilter.LLM;
    for (String condition : filters) {
      int equals = condition.indexOf('=');
      try {
        filter =
            filter.and(
                equals < 0 ? condition : condition.substring(0, equals),
                equals < 0 ? "" : condition.substring(equals + 1));
      } catch (IllegalArgumentException e) {
        throw bad("--filter: " + e.getMessage());
      }
    }
    return filter;
  }

  private ParameterException bad(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
