package dev.tallyspan.googlegenai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tallyspan.api.Guard;
import dev.tallyspan.api.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import okhttp3.MediaType;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;

/**
 * A stream of server-sent events that records what is read from it. Its operation ends with it, or
 * when it is closed.
 */
final class TracedEvents extends ResponseBody {

  private static final String DATA = "data:";

  private final ResponseBody body;
  private final Consumer<JsonNode> recorder;
  private final Operation<?> operation;
  private final Guard guard;
  private final BufferedSource source;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  TracedEvents(
      ResponseBody body, Consumer<JsonNode> recorder, Operation<?> operation, Guard guard) {
    this.body = body;
    this.recorder = recorder;
    this.operation = operation;
    this.guard = guard;
    source = Okio.buffer(new Recording(body.source()));
  }

  @Override
  public MediaType contentType() {
    return body.contentType();
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public BufferedSource source() {
    return source;
  }

  private void read(byte[] bytes) {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        line.write(bytes, start, i - start);
        event();
        start = i + 1;
      }
    }
    line.write(bytes, start, bytes.length - start);
  }

  /** Google writes an event as one line. */
  private void event() {
    String event = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (event.startsWith(DATA)) {
      byte[] json = event.substring(DATA.length()).getBytes(StandardCharsets.UTF_8);
      guard.run(() -> recorder.accept(Json.of(json)));
    }
  }

  private final class Recording extends ForwardingSource {

    Recording(BufferedSource events) {
      super(events);
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
      long before = sink.size();
      long count;
      try {
        count = super.read(sink, byteCount);
      } catch (Throwable t) {
        operation.fail(t).close();
        throw t;
      }
      if (count < 0) {
        guard.run(TracedEvents.this::event); // one without a line break at its end
        operation.end();
      } else {
        guard.run(
            () -> {
              Buffer added = new Buffer();
              sink.copyTo(added, before, count);
              TracedEvents.this.read(added.readByteArray());
            });
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        operation.close();
      }
    }
  }
}
