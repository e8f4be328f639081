package dev.tallyspan.collector.output.export;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.util.List;

/**
 * The exporters of a pipeline with the same profile: each batch is rendered once, and all of them
 * share the bytes.
 */
public final class ExportOutput implements Output {

  private final ProfileRenderer renderer;
  private final List<Processor> processors;
  private final List<Exporter> exporters;

  /**
   * @throws IllegalArgumentException if there is no exporter
   */
  public ExportOutput(ProfileRenderer renderer, List<? extends Exporter> exporters) {
    this(renderer, List.of(), exporters);
  }

  /**
   * @param processors applied, in this order, to what the renderer wrote; they understand nothing
   * @throws IllegalArgumentException if there is no exporter
   */
  public ExportOutput(
      ProfileRenderer renderer,
      List<? extends Processor> processors,
      List<? extends Exporter> exporters) {
    if (exporters.isEmpty()) {
      throw new IllegalArgumentException("exporters=[]: at least one is needed");
    }
    this.renderer = requireNonNull(renderer, "renderer");
    this.processors = List.copyOf(processors);
    this.exporters = List.copyOf(exporters);
  }

  @Override
  public void write(Batch batch) {
    Batch written = Batch.of(batch.request().with(renderer.render(batch)));
    try {
      for (Processor processor : processors) {
        written = processor.apply(written);
        if (written.request().items() == 0) {
          batch.request().ack().settle(Outcome.ACCEPTED);
          return;
        }
      }
    } catch (MalformedRequestException e) {
      Outcome refused = Outcome.refused(StatusCode.INVALID_ARGUMENT, e.getMessage());
      batch.request().ack().settle(refused);
      return;
    }
    written.request().passTo("an exporter", exporters, Exporter::send);
  }
}
