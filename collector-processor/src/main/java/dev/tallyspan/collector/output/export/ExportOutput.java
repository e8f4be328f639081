package dev.tallyspan.collector.output.export;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import java.util.List;

/**
 * The exporters of a pipeline with the same profile: each batch is rendered once, and all of them
 * share the bytes.
 */
public final class ExportOutput implements Output {

  private final ProfileRenderer renderer;
  private final List<Exporter> exporters;

  /**
   * @throws IllegalArgumentException if there is no exporter
   */
  public ExportOutput(ProfileRenderer renderer, List<? extends Exporter> exporters) {
    if (exporters.isEmpty()) {
      throw new IllegalArgumentException("exporters=[]: at least one is needed");
    }
    this.renderer = requireNonNull(renderer, "renderer");
    this.exporters = List.copyOf(exporters);
  }

  @Override
  public void write(Batch batch) {
    OtlpRequest rendered = batch.request().with(renderer.render(batch));
    rendered.passTo("an exporter", exporters, Exporter::send);
  }
}
