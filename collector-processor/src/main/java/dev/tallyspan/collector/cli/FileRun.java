package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.window.WholeTraces;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.KeyClass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A pipeline that reads a list of files, each with one request, instead of receiving them. */
final class FileRun {

  private final InputOptions input;
  private final Processor processor;
  private final Set<KeyClass> fillGaps;
  private final Consumer<String> faults;

  /**
   * @param fillGaps what a billed span takes over from the other spans of its call
   * @param faults receives the faults of files
   */
  FileRun(
      InputOptions input, Processor processor, Set<KeyClass> fillGaps, Consumer<String> faults) {
    this.input = input;
    this.processor = processor;
    this.fillGaps = fillGaps;
    this.faults = faults;
  }

  /**
   * Runs the files in the given order, after the processor has read the log requests among them:
   * they contain messages of the spans in other files. Traces are decided over all files.
   *
   * @return whether every file is a valid request; faults of the others are reported
   */
  boolean to(Output output, Consumer<Path> beforeEach) {
    if (input.files.size() > 1) {
      showLogs(input.files);
    }
    boolean valid = true;
    List<Path> read = new ArrayList<>();
    List<Batch> batches = new ArrayList<>();
    for (Path file : input.files) {
      try {
        batches.add(processor.apply(read(file)));
        read.add(file);
      } catch (RequestFile.UnreadableException e) {
        valid = false;
        faults.accept(String.valueOf(e.getMessage()));
      } catch (MalformedRequestException e) {
        valid = false;
        faults.accept(file + ": not an OTLP request: " + e.getMessage());
      }
    }
    List<Batch> decided = decide(batches);
    for (int i = 0; i < decided.size(); i++) {
      beforeEach.accept(read.get(i));
      output.write(decided.get(i));
    }
    return valid;
  }

  private List<Batch> decide(List<Batch> batches) {
    try {
      return WholeTraces.of(batches, fillGaps);
    } catch (MalformedRequestException e) {
      throw new IllegalStateException(e); // Cannot happen: the processor has read them.
    }
  }

  private void showLogs(List<Path> files) {
    for (Path file : files) {
      try {
        Batch batch = read(file);
        if (batch.request().signal() == Signal.LOGS) {
          processor.apply(batch);
        }
      } catch (RequestFile.UnreadableException | MalformedRequestException e) {
        // reported when the file is run
      }
    }
  }

  private Batch read(Path file) throws RequestFile.UnreadableException, MalformedRequestException {
    RequestFile request = RequestFile.read(file, input.signal);
    byte[] bytes = request.protobuf();
    int items = Items.count(request.signal(), bytes);
    SenderAck ignored = new SenderAck(outcome -> {});
    return Batch.of(new OtlpRequest(request.signal(), Slices.of(bytes), items, ignored));
  }
}
