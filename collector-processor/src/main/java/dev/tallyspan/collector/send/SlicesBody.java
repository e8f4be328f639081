package dev.tallyspan.collector.send;

import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

/** Slices as the JDK's HTTP client takes a body: the same arrays, nothing copied. */
final class SlicesBody implements BodyPublisher {
  private final List<ByteBuffer> buffers = new ArrayList<>();
  private final long length;

  SlicesBody(Slices slices) {
    length = slices.size();
    try {
      slices.writeTo(new Collector());
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

  /** Keeps the arrays that are written to it, which slices allow and other writers do not. */
  private final class Collector extends OutputStream {
    @Override
    public void write(byte[] array, int offset, int length) {
      buffers.add(ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer());
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
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
