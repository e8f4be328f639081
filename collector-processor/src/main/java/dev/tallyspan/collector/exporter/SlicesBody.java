package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

/**
 * Slices as the JDK's HTTP client takes a body. Large ones are the same arrays; small ones are
 * copied together, because the client makes a write to the socket of each buffer, which costs more
 * than to copy 16 KiB.
 */
final class SlicesBody implements BodyPublisher {
  private static final int SMALL_BYTES = 16 << 10;
  private static final int CHUNK_BYTES = 64 << 10;

  private final List<ByteBuffer> buffers = new ArrayList<>();
  private final long length;

  SlicesBody(Slices slices) {
    length = slices.size();
    Collector collector = new Collector();
    try {
      slices.writeTo(collector);
      collector.endChunk();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long contentLength() {
    return length;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(new Subscription(subscriber));
  }

  /** Keeps large arrays that are written to it, which slices allow and other writers do not. */
  private final class Collector extends OutputStream {
    private byte[] chunk;
    private int used;

    @Override
    public void write(byte[] array, int offset, int length) {
      if (length > SMALL_BYTES) {
        endChunk();
        buffers.add(ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer());
        return;
      }
      if (chunk == null || length > chunk.length - used) {
        endChunk();
        chunk = new byte[(int) Math.min(CHUNK_BYTES, Math.max(contentLength(), length))];
      }
      System.arraycopy(array, offset, chunk, used, length);
      used += length;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    /** The rest of a chunk that a large array ends is not used any more. */
    void endChunk() {
      if (used > 0) {
        buffers.add(ByteBuffer.wrap(chunk, 0, used).asReadOnlyBuffer());
      }
      chunk = null;
      used = 0;
    }
  }

  private final class Subscription implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private int next;
    private long demand;
    private boolean emitting;
    private boolean done;

    Subscription(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      synchronized (this) {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        // Subscribers ask for more from within onNext: answered by the loop, not by recursion.
        if (emitting || done) {
          return;
        }
        emitting = true;
      }
      emit();
    }

    private void emit() {
      while (true) {
        ByteBuffer buffer;
        synchronized (this) {
          if (done || (demand == 0 && next < buffers.size())) {
            emitting = false;
            return;
          }
          if (next == buffers.size()) {
            done = true;
            emitting = false;
            break;
          }
          demand--;
          buffer = buffers.get(next++).duplicate();
        }
        subscriber.onNext(buffer);
      }
      subscriber.onComplete();
    }

    @Override
    public synchronized void cancel() {
      done = true;
    }
  }
}
