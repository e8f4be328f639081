package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.json.ProtoToJson;
import dev.tallyspan.collector.pipeline.Processed;
import dev.tallyspan.collector.processor.Enrichment;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** One run of the pipeline over files: what would be forwarded goes to stdout. */
@Command(
    name = "process",
    mixinStandardHelpOptions = true,
    description = {
      "Runs files through the pipeline, in the order given, and prints what would be forwarded as"
          + " OTLP/JSON, one request a line.",
      "Exit code 1 if a file is no OTLP request; the others are processed all the same."
    })
final class ProcessCommand implements Callable<Integer> {

  @ParentCommand private Main main;
  @Mixin private InputOptions input;
  @Mixin private ProcessorOptions options;
  @Mixin private EstimateOption estimate;

  @Override
  public Integer call() throws IOException {
    Enrichment enrichment = estimate.on(options.enrichment(input)).build();
    OutputStream lines = new BufferedOutputStream(main.out(), 1 << 16);
    boolean whole = true;
    for (Path file : input.files) {
      try {
        RequestFile request = RequestFile.read(file, input.signal);
        Processed processed = enrichment.apply(request.signal(), request.protobuf());
        ProtoToJson.write(request.signal(), processed.body(), lines);
        lines.write('\n');
      } catch (RequestFile.UnreadableException e) {
        whole = false;
        main.err().println("tallyspan process: " + e.getMessage());
      } catch (MalformedRequestException e) {
        whole = false;
        main.err()
            .println("tallyspan process: " + file + ": not an OTLP request: " + e.getMessage());
      }
    }
    lines.flush();
    return whole ? 0 : 1;
  }
}
