package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.ProcessorConfig;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Explains how each LLM span is read and priced. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Shows for every LLM span in the files what was read from which attribute, how its tokens were"
          + " interpreted, which price card was used, and the arithmetic.",
      "Prints the content of prompts and answers, shortened."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ExplainCommand implements Callable<Integer> {

  @ParentCommand private Main main;
  @Mixin private InputOptions input;
  @Mixin private ProcessorOptions options;
  @Mixin private EstimateOption estimate;

  @Option(
      names = "--json",
      description = "For programs: one line with a JSON object for each span.")
  private boolean json;

  @Option(
      names = "--trace",
      paramLabel = "ID",
      description =
          "Shows the tree of one trace instead: which span bills each call, which ones are"
              + " duplicates, and by which rule. The first digits of the id are enough.")
  private @Nullable String trace;

  @Override
  public Integer call() {
    if (trace != null && (json || !trace.matches("[0-9a-fA-F]{4,32}"))) {
      main.err().println("tallyspan explain: --trace: needs 4 to 32 hex digits, and no --json");
      return 2;
    }
    Explanation explanation =
        trace != null
            ? new TraceExplanation(main.out(), trace.toLowerCase(Locale.ROOT))
            : json ? new JsonExplanation(main.out()) : new TableExplanation(main.out());
    ProcessorConfig configured = options.configured();
    FileRun files =
        new FileRun(
            input,
            estimate.on(options.processor(configured)).build(),
            ProcessorOptions.fillGaps(configured),
            fault -> main.err().println("tallyspan explain: " + fault));
    boolean whole = files.to(explanation, file -> explanation.file(file.toString()));
    explanation.end();
    return whole ? 0 : 1;
  }
}
