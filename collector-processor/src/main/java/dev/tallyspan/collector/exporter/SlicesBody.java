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
 * Publishes slices as a request body for the JDK's HTTP client. Large slices are not copied; small
 * ones are combined, because the client writes each buffer to the socket separately, which costs
 * more than copying 16 KiB.
 *
 * <p>The client may subscribe several times, to send the body again, and may call a subscription on
 * any of its threads.
 */
final class SlicesBody implements BodyPublisher {
  private static final int SMALL_BYTES = 16 << 10;
  private static final int CHUNK_BYTES = 64 << 10;
  private static final byte[] NO_CHUNK = {};

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

  /** Keeps large arrays that are written to it without a copy, which is safe only for slices. */
  private final class Collector extends OutputStream {
    private byte[] chunk = NO_CHUNK;
    private int used;

    @Override
    public void write(byte[] array, int offset, int length) {
      if (length > SMALL_BYTES) {
        endChunk();
        buffers.add(ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer());
        return;
      }
      if (length > chunk.length - used) {
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

    /** Ends the chunk. If a large array follows, the rest of it stays unused. */
    void endChunk() {
      if (used > 0) {
        buffers.add(ByteBuffer.wrap(chunk, 0, used).asReadOnlyBuffer());
      }
      chunk = NO_CHUNK;
      used = 0;
    }
  }

  private final class Subscription implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final Object lock = new Object();

    // Guarded by the lock.
    private int next;
    private long demand;
    private boolean emitting;
    private boolean done;

    Subscription(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      synchronized (lock) {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        // Subscribers call this from onNext: the loop in emit() handles that, without recursion.
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
        synchronized (lock) {
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
    public void cancel() {
      synchronized (lock) {
        done = true;
      }
    }
  }
}
