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

/** A pipeline whose receiver is a list of files, each with one request. */
final class FileRun {

  private final InputOptions input;
  private final Processor processor;
  private final Consumer<String> faults;

  /**
   * @param faults is given what is wrong with a file
   */
  FileRun(InputOptions input, Processor processor, Consumer<String> faults) {
    this.input = input;
    this.processor = processor;
    this.faults = faults;
  }

  /**
   * Runs the files in the order given, after the processor has seen the log requests among them:
   * they hold messages of spans in the others.
   *
   * @return whether every file is a request; what is wrong with the others was reported
   */
  boolean to(Output output, Consumer<Path> beforeEach) {
    if (input.files.size() > 1) {
      showLogs(input.files);
    }
    boolean whole = true;
    for (Path file : input.files) {
      try {
        Batch batch = read(file);
        beforeEach.accept(file);
        output.write(processor.apply(batch));
      } catch (RequestFile.UnreadableException e) {
        whole = false;
        faults.accept(e.getMessage());
      } catch (MalformedRequestException e) {
        whole = false;
        faults.accept(file + ": not an OTLP request: " + e.getMessage());
      }
    }
    return whole;
  }

  private void showLogs(List<Path> files) {
    for (Path file : files) {
      try {
        Batch batch = read(file);
        if (batch.request().signal() == Signal.LOGS) {
          processor.apply(batch);
        }
      } catch (RequestFile.UnreadableException | MalformedRequestException e) {
        // reported when its turn comes
      }
    }
  }

  private Batch read(Path file) throws RequestFile.UnreadableException, MalformedRequestException {
    RequestFile request = RequestFile.read(file, input.signal);
    byte[] bytes = request.protobuf();
    int items = Items.count(request.signal(), bytes);
    SenderAck nobodyWaits = new SenderAck(outcome -> {});
    return Batch.of(new OtlpRequest(request.signal(), Slices.of(bytes), items, nobodyWaits));
  }
}
