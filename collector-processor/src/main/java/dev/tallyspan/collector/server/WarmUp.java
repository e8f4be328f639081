package dev.tallyspan.collector.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.InvalidJsonException;
import dev.tallyspan.collector.json.JsonToProto;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Pipeline;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.receiver.OtlpReceiver;
import dev.tallyspan.collector.window.WholeTraces;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends a sample through all that a request passes but the backend, before the collector reports
 * that it is ready. A Java process is slow with its first request, because it loads its classes
 * then; with this, that is nobody's request.
 */
public final class WarmUp {

  /*
   * The sample must neither be counted nor be forwarded, so it goes to a receiver of its own, on a
   * free port of the loopback interface, whose pipeline ends after the spans are written. It is
   * sent over plain sockets: clients of HTTP and gRPC would load more classes than the server.
   */

  private static final Logger LOGGER = System.getLogger(WarmUp.class.getName());
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final String EXPORT =
      "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private static final String SAMPLE =
      """
      {"resourceSpans":[{"resource":{"attributes":[
        {"key":"service.name","value":{"stringValue":"tallyspan-warm-up"}}]},
       "scopeSpans":[{"scope":{"name":"warm-up"},"spans":[{
        "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",
        "name":"chat gpt-4o","kind":3,
        "startTimeUnixNano":"1764244800000000000","endTimeUnixNano":"1764244801000000000",
        "attributes":[
         {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
         {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},
         {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o"}},
         {"key":"gen_ai.usage.input_tokens","value":{"intValue":"1000"}},
         {"key":"gen_ai.usage.output_tokens","value":{"intValue":"100"}},
         {"key":"llm.input_messages.0.message.role","value":{"stringValue":"user"}},
         {"key":"llm.input_messages.0.message.content","value":{"stringValue":"Hello"}}]}]}]}]}
      """;

  private WarmUp() {}

  /**
   * Sends the sample over gRPC and HTTP and waits for the answers, for at most 10 s each. Never
   * throws: what fails is logged.
   *
   * @return whether both have passed
   */
  public static boolean run(CollectorConfig config) {
    AtomicInteger passed = new AtomicInteger();
    try (OtlpReceiver receiver =
        OtlpReceiver.builder()
            .name("warm-up")
            .grpcEndpoint("127.0.0.1:0")
            .httpEndpoint("127.0.0.1:0")
            .intake(pipeline(config, passed))
            .build()) {
      receiver.start();
      send(receiver.httpPort(), receiver.grpcPort());
    } catch (IOException | RuntimeException e) {
      LOGGER.log(Level.DEBUG, "no warm-up: " + e);
    }
    return passed.get() == 2;
  }

  /**
   * Sends the sample to a receiver, over HTTP as JSON and over gRPC, and waits for the answers.
   *
   * @throws IOException if there is no answer within 10 s
   */
  public static void send(int httpPort, int grpcPort) throws IOException {
    byte[] json = SAMPLE.getBytes(UTF_8);
    http(httpPort, json);
    try {
      grpc(grpcPort, JsonToProto.convert(Signal.TRACES, json, 2 * json.length));
    } catch (InvalidJsonException e) {
      throw new IllegalStateException(e); // Cannot happen: it is the text above.
    }
  }

  private static Pipeline pipeline(CollectorConfig config, AtomicInteger passed) {
    List<Processor> processors =
        config.processors().stream().findFirst().map(WarmUp::processors).orElse(List.of());
    ProfileRenderer renderer = new ProfileRenderer(Profile.DEFAULT, failure -> {});
    Output end =
        batch -> {
          renderer.render(batch);
          passed.incrementAndGet();
          batch.request().ack().settle(Outcome.ACCEPTED);
        };
    return new Pipeline(processors, List.of(end));
  }

  private static List<Processor> processors(ProcessorConfig config) {
    // With defaults: the configured one would read its contracts once more.
    LlmProcessor processor = LlmProcessor.builder().build();
    return List.of(processor, WholeTraces.perRequest(config.fillGaps()));
  }

  private static void http(int port, byte[] body) throws IOException {
    String head =
        "POST /v1/traces HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
            + "content-type: application/json\r\ncontent-length: "
            + body.length
            + "\r\n\r\n";
    try (Socket socket = connect(port)) {
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(head.getBytes(US_ASCII));
      request.writeBytes(body);
      socket.getOutputStream().write(request.toByteArray());
      socket.getInputStream().readAllBytes();
    }
  }

  /**
   * Makes one call with the frames that it needs and no more.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#name-http-frames">RFC 9113, HTTP
   *     frames</a>
   */
  private static void grpc(int port, byte[] message) throws IOException {
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    headers.write(0x83); // :method: POST
    headers.write(0x86); // :scheme: http
    headers.write(0x04); // :path
    text(headers, EXPORT);
    headers.write(0x01); // :authority
    text(headers, "localhost");
    headers.write(0x0f); // content-type: 31, of which four bits fit into the first byte
    headers.write(0x10);
    text(headers, "application/grpc");
    headers.write(0x00); // a name that is not in the static table
    text(headers, "te");
    text(headers, "trailers");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    DataOutputStream prefix = new DataOutputStream(data);
    prefix.writeByte(0); // not compressed
    prefix.writeInt(message.length);
    prefix.write(message);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    frame(request, SETTINGS, 0, 0, new byte[0]);
    frame(request, HEADERS, END_HEADERS, 1, headers.toByteArray());
    frame(request, DATA, END_STREAM, 1, data.toByteArray());
    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(request.toByteArray());
      awaitEnd(new DataInputStream(socket.getInputStream()));
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.write(text.length());
    out.writeBytes(text.getBytes(US_ASCII));
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    DataOutputStream frame = new DataOutputStream(out);
    frame.writeShort(payload.length >> 8);
    frame.writeByte(payload.length);
    frame.writeByte(type);
    frame.writeByte(flags);
    frame.writeInt(stream);
    frame.write(payload);
  }

  /** Reads frames until the trailers. */
  private static void awaitEnd(DataInputStream in) throws IOException {
    while (true) {
      int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      in.readInt();
      in.skipNBytes(length);
      if (type == GOAWAY || type == HEADERS && (flags & END_STREAM) != 0) {
        return;
      }
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) TIMEOUT.toMillis());
    return socket;
  }
}
