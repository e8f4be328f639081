package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Applies a processor once to a request that several pipelines get at about the same time. It
 * remembers the requests of the last calls, by the identity of their bytes. Thread-safe; a call for
 * a request that another thread is processing waits for that thread.
 */
public final class SharedProcessor implements Processor {

  /** Outputs that are further apart than this process a request again. */
  private static final int REMEMBERED = 32;

  private final Processor processor;

  /** The results by the identity of the bytes, in the order of the last calls. Guarded by this. */
  private final Map<Slices, FutureTask<Batch>> results =
      new LinkedHashMap<>(64, 0.75f, /* accessOrder= */ true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Slices, FutureTask<Batch>> eldest) {
          return size() > REMEMBERED;
        }
      };

  public SharedProcessor(Processor processor) {
    this.processor = requireNonNull(processor, "processor");
  }

  @Override
  public Batch apply(Batch batch) throws MalformedRequestException {
    OtlpRequest request = batch.request();
    OtlpRequest unshared =
        new OtlpRequest(
            request.signal(), request.bytes(), request.items(), new SenderAck(outcome -> {}));
    FutureTask<Batch> result;
    synchronized (this) {
      // Slices has no equals(), so it is the identity that counts.
      result =
          results.computeIfAbsent(
              request.bytes(),
              bytes -> new FutureTask<>(() -> processor.apply(batch.with(unshared))));
    }
    result.run(); // Has no effect if another call runs it, or has run it.
    try {
      Batch found = result.get();
      return found.with(found.request().withShareOf(request));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MalformedRequestException malformed) {
        throw malformed;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
