package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.processor.Enrichment;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.io.IOException;
import java.nio.file.Path;
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
  public Integer call() throws IOException {
    Explanation explanation =
        json ? new JsonExplanation(main.out()) : new TableExplanation(main.out());
    Enrichment enrichment = estimate.on(options.enrichment(input)).observer(explanation).build();
    boolean whole = true;
    for (Path file : input.files) {
      try {
        RequestFile request = RequestFile.read(file, input.signal);
        explanation.file(file.toString());
        enrichment.apply(request.signal(), request.protobuf());
      } catch (RequestFile.UnreadableException e) {
        whole = false;
        main.err().println("tallyspan explain: " + e.getMessage());
      } catch (MalformedRequestException e) {
        whole = false;
        main.err()
            .println("tallyspan explain: " + file + ": not an OTLP request: " + e.getMessage());
      }
    }
    explanation.end();
    return whole ? 0 : 1;
  }
}
