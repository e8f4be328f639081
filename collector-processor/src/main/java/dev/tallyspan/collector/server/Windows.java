package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.QueueMode;
import dev.tallyspan.collector.config.WindowConfig;
import dev.tallyspan.collector.flow.Ack;
import dev.tallyspan.collector.flow.Heap;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.pipeline.TraceStep;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.queue.QueueOutput;
import dev.tallyspan.collector.window.TraceWindow;
import dev.tallyspan.collector.window.WindowSettings;
import io.opentelemetry.api.metrics.Meter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The windows behind queues, one for each output of a pipeline for traces. */
final class Windows implements AutoCloseable {

  private final CollectorConfig config;
  private final Processors processors;
  private final Timer timer;
  private final Executor executor;
  private final Meter meter;
  private final Map<QueueMode, List<TraceWindow>> open = new EnumMap<>(QueueMode.class);
  private final List<TraceWindow> observers = new ArrayList<>();

  /**
   * @param timer not closed with the windows
   * @param executor the threads that decide about traces
   */
  Windows(
      CollectorConfig config, Processors processors, Timer timer, Executor executor, Meter meter) {
    this.config = config;
    this.processors = processors;
    this.timer = timer;
    this.executor = executor;
    this.meter = meter;
  }

  /**
   * Returns the processors before the outputs of a queued pipeline.
   *
   * @param first whether they are those of the first output, which counts
   */
  List<? extends Processor> chain(PipelineConfig pipeline, boolean first) {
    return settings(pipeline) == null
        ? processors.chain(pipeline, first)
        : processors.understanding(pipeline);
  }

  /** The size of the requests that each output of the pipeline may hold back; 0 = none. */
  long heldBytes(PipelineConfig pipeline) {
    WindowConfig window = settings(pipeline);
    return window == null ? 0 : settings(window).maxBytes();
  }

  /**
   * Returns the output behind a window of its own, or the output itself if the pipeline decides
   * over each request alone.
   *
   * @param name of the output, in metrics
   */
  Output before(Outputs.Stepped stepped, String name, PipelineConfig pipeline) {
    List<TraceWindow> alike =
        open.computeIfAbsent(config.queueMode(pipeline), first -> new ArrayList<>());
    return before(stepped, name, pipeline, alike);
  }

  private Output before(
      Outputs.Stepped stepped, String name, PipelineConfig pipeline, List<TraceWindow> opened) {
    WindowConfig window = settings(pipeline);
    if (window == null) {
      return stepped.alone();
    }
    List<String> names = new ArrayList<>(pipeline.exporters());
    names.addAll(pipeline.connectors());
    boolean first = !names.isEmpty() && name.equals(QueueOutput.name(pipeline.id(), names.get(0)));
    TraceWindow traces = window(stepped, name, pipeline, first, window);
    opened.add(traces);
    return traces;
  }

  private TraceWindow window(
      Outputs.Stepped stepped,
      String name,
      PipelineConfig pipeline,
      boolean first,
      WindowConfig window) {
    LlmProcessor processor = processors.llm(pipeline).orElseThrow();
    List<TraceStep> steps = new ArrayList<>(processors.scoring(pipeline, first));
    steps.addAll(stepped.steps());
    return TraceWindow.builder(stepped.output(), timer)
        .name(name)
        .steps(steps)
        .settings(settings(window))
        .fillGaps(config.processor(pipeline.tallyspan().orElseThrow()).fillGaps())
        .rereading(processor::joined)
        .executor(executor)
        .meter(meter)
        .build();
  }

  /**
   * Returns an output that only looks on, such as a viewer, behind a window of its own, which holds
   * no sender up.
   */
  Output observer(Output output, PipelineConfig pipeline) {
    Output traces =
        before(new Outputs.Stepped(List.of(), output), "traces:viewer", pipeline, observers);
    return batch -> {
      OtlpRequest request = batch.request();
      Ack ignored = new SenderAck(outcome -> {});
      OtlpRequest copy =
          new OtlpRequest(request.signal(), request.bytes(), request.items(), ignored);
      request.ack().settle(Outcome.ACCEPTED);
      traces.write(batch.with(copy));
    };
  }

  /**
   * Returns a window before the output of a replay, in which requests of the past follow each other
   * faster than they came; null if the processor decides over each request alone.
   */
  @Nullable TraceWindow replaying(Outputs.Stepped stepped, PipelineConfig pipeline) {
    WindowConfig window = configured(pipeline);
    return window == null ? null : window(stepped, "replay", pipeline, /* first= */ false, window);
  }

  /** Decides what the windows of outputs that only look on hold. */
  void flushObservers() {
    observers.forEach(TraceWindow::flush);
  }

  /** Decides what the windows behind this kind of queue hold, and from now on at once. */
  void flush(QueueMode mode) {
    open.getOrDefault(mode, List.of()).forEach(TraceWindow::flush);
  }

  /** Drops what the windows hold. */
  @Override
  public void close() {
    open.values().forEach(windows -> windows.forEach(TraceWindow::close));
    observers.forEach(TraceWindow::close);
  }

  /** Returns null if the pipeline decides over each request alone. */
  private @Nullable WindowConfig settings(PipelineConfig pipeline) {
    return config.queueMode(pipeline) == QueueMode.DIRECT ? null : configured(pipeline);
  }

  private @Nullable WindowConfig configured(PipelineConfig pipeline) {
    String processor = pipeline.tallyspan().orElse(null);
    return pipeline.signal() != Signal.TRACES || processor == null
        ? null
        : config.processor(processor).window();
  }

  /**
   * A span that is remembered takes about 840 bytes, so in a small heap fewer are than configured.
   */
  private static final int REMEMBERED_BYTES = 1024;

  /** Windows without a limit of their own share an eighth of the heap. */
  private WindowSettings settings(WindowConfig window) {
    Long bytes = window.maxBytes();
    long all =
        config.pipelines().stream()
            .filter(pipeline -> settings(pipeline) != null)
            .mapToInt(pipeline -> pipeline.exporters().size() + pipeline.connectors().size())
            .sum();
    long windows = Math.max(1, all);
    return new WindowSettings(
        window.quiet(),
        window.quietAfterRoot(),
        window.maxAge(),
        window.maxSpansPerTrace(),
        window.maxSpans(),
        bytes == null ? Heap.share(8) / windows : bytes,
        (int) Math.min(window.rememberedSpans(), Heap.share(16) / REMEMBERED_BYTES / windows));
  }
}
