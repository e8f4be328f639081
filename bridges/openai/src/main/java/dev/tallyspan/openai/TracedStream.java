package dev.tallyspan.openai;

import com.openai.core.http.StreamResponse;
import dev.tallyspan.api.Operation;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A stream that records what is read from it. Its operation ends with it, or when it is closed. */
final class TracedStream<T, O extends Operation<O>> implements StreamResponse<T> {

  private final StreamResponse<T> response;
  private final Recorder<O> recorder;
  private final O operation;

  TracedStream(StreamResponse<T> response, Recorder<O> recorder, O operation) {
    this.response = response;
    this.recorder = recorder;
    this.operation = operation;
  }

  @Override
  public Stream<T> stream() {
    Stream<T> stream = response.stream();
    return StreamSupport.stream(new Chunks(stream.spliterator()), /* parallel= */ false)
        .onClose(stream::close);
  }

  @Override
  public void close() {
    try {
      response.close();
    } finally {
      operation.close();
    }
  }

  private final class Chunks extends Spliterators.AbstractSpliterator<T> {
    private final Spliterator<T> chunks;
    private boolean withReader;

    Chunks(Spliterator<T> chunks) {
      super(chunks.estimateSize(), chunks.characteristics() & ~(SIZED | SUBSIZED));
      this.chunks = chunks;
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> reader) {
      boolean advanced;
      try {
        advanced =
            chunks.tryAdvance(
                chunk -> {
                  recorder.guard().run(() -> recorder.chunk(operation, chunk));
                  withReader = true;
                  reader.accept(chunk);
                  withReader = false;
                });
      } catch (Throwable t) {
        if (!withReader) {
          operation.fail(t).close();
        }
        throw t;
      }
      if (!advanced) {
        operation.end();
      }
      return advanced;
    }
  }
}
