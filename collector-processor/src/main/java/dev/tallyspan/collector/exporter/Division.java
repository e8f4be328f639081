package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestCut;
import dev.tallyspan.collector.wire.Slices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces batches in flight by smaller ones, as {@link SendingQueue} describes. Guarded by the
 * queue's lock, except for {@link #cut}.
 */
final class Division {
  private final Batches batches;
  private final SizeLimit limit;

  Division(Batches batches, SizeLimit limit) {
    this.batches = batches;
    this.limit = limit;
  }

  /** Whether a batch is of one request whose units have to be found to divide it. */
  static boolean needsCut(ExportBatch batch) {
    return batch.requests.size() == 1 && batch.requests.get(0).parts == null;
  }

  /**
   * Finds the units of a request. Copies it and walks through it, so call this without a lock.
   *
   * @return null if it has none or they cannot be found
   */
  static @Nullable RequestCut cut(Signal signal, Slices request) {
    try {
      RequestCut cut = Items.cut(signal, request);
      return cut.units() == 0 ? null : cut;
    } catch (MalformedRequestException e) {
      // The backend decides about it as it is.
      return null;
    } catch (RuntimeException | OutOfMemoryError e) {
      InternalFault.log("cutting a request", e);
      return null;
    }
  }

  /**
   * Replaces a batch by smaller ones that are next to start.
   *
   * @param cut the units of its request, if they were needed and found
   * @return false if the batch cannot be divided, and is still in flight
   */
  boolean divide(ExportBatch batch, @Nullable RequestCut cut) {
    if (batch.requests.size() > 1) {
      halve(batch);
      return true;
    }
    PendingRequest waiting = batch.requests.get(0);
    if (waiting.parts == null && cut != null) {
      waiting.parts = new PartedRequest(cut);
    }
    PartedRequest parts = waiting.parts;
    long max = limit.bytes();
    if (parts == null || !(batch.bytes > max ? parts.fit(max) : parts.halve())) {
      return false;
    }
    batches.land(batch);
    batch.takeAll();
    waiting.usePart(parts);
    batches.addFirst(batch.signal, List.of(waiting));
    return true;
  }

  private void halve(ExportBatch batch) {
    batches.land(batch);
    List<PendingRequest> all = batch.takeAll();
    int half = (all.size() + 1) / 2;
    batches.addFirst(batch.signal, all.subList(half, all.size()));
    batches.addFirst(batch.signal, all.subList(0, half));
  }
}
