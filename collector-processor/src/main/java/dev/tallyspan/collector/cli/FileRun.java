package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A pipeline that reads a list of files, each with one request, instead of receiving them. */
final class FileRun {

  private final InputOptions input;
  private final Processor processor;
  private final Consumer<String> faults;

  /**
   * @param faults receives the faults of files
   */
  FileRun(InputOptions input, Processor processor, Consumer<String> faults) {
    this.input = input;
    this.processor = processor;
    this.faults = faults;
  }

  /**
   * Runs the files in the given order, after the processor has read the log requests among them:
   * they contain messages of the spans in other files.
   *
   * @return whether every file is a valid request; faults of the others are reported
   */
  boolean to(Output output, Consumer<Path> beforeEach) {
    if (input.files.size() > 1) {
      showLogs(input.files);
    }
    boolean valid = true;
    for (Path file : input.files) {
      try {
        Batch batch = read(file);
        beforeEach.accept(file);
        output.write(processor.apply(batch));
      } catch (RequestFile.UnreadableException e) {
        valid = false;
        faults.accept(String.valueOf(e.getMessage()));
      } catch (MalformedRequestException e) {
        valid = false;
        faults.accept(file + ": not an OTLP request: " + e.getMessage());
      }
    }
    return valid;
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
