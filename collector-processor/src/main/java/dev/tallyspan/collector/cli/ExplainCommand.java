package dev.tallyspan.collector.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows why each LLM span becomes what it becomes. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Shows for every LLM span in the files what was read from which attribute, how its tokens were"
          + " understood, which price card was used, and the arithmetic.",
      "Prints content of prompts and answers, shortened."
    })
final class ExplainCommand implements Callable<Integer> {

  @ParentCommand private Main main;
  @Mixin private InputOptions input;
  @Mixin private ProcessorOptions options;
  @Mixin private EstimateOption estimate;

  @Option(names = "--json", description = "For programs: one JSON object a span and line.")
  private boolean json;

  @Override
  public Integer call() {
    Explanation explanation =
        json ? new JsonExplanation(main.out()) : new TableExplanation(main.out());
    FileRun files =
        new FileRun(
            input,
            estimate.on(options.processor()).build(),
            fault -> main.err().println("tallyspan explain: " + fault));
    boolean whole = files.to(explanation, file -> explanation.file(file.toString()));
    explanation.end();
    return whole ? 0 : 1;
  }
}
