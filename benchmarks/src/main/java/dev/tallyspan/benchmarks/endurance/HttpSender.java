package dev.tallyspan.benchmarks.endurance;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.ProtoToJson;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** OTLP/HTTP with protobuf or JSON. */
final class HttpSender implements Sender {

  private static final int TIMEOUT_MILLIS = 30_000;

  private final int port;
  private final boolean gzip;
  private final boolean json;
  private Socket socket;
  private InputStream in;

  HttpSender(int port, boolean gzip) {
    this(port, gzip, /* json= */ false);
  }

  /**
   * @param json whether requests, which are protobuf, are sent as JSON
   */
  HttpSender(int port, boolean gzip, boolean json) {
    this.port = port;
    this.gzip = gzip;
    this.json = json;
  }

  @Override
  public Response send(byte[] request) {
    byte[] encoded = json ? json(request) : request;
    byte[] body = gzip ? compressed(encoded) : encoded;
    try {
      if (socket == null) {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
      }
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
                  + (json ? "application/json" : "application/x-protobuf")
                  + "\r\n"
                  + (gzip ? "Content-Encoding: gzip\r\n" : "")
                  + "Content-Length: "
                  + body.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      HttpMessage response = HttpMessage.read(in);
      if (response == null) {
        throw new IOException("closed");
      }
      if ("close".equalsIgnoreCase(response.headers().get("connection"))) {
        close();
      }
      return response(response);
    } catch (IOException e) {
      close();
      return new Response(Result.UNKNOWN, -1, "HTTP " + e.getClass().getSimpleName());
    }
  }

  private static Response response(HttpMessage response) {
    String code = response.first().split(" ")[1];
    String after = response.headers().get("retry-after");
    return new Response(
        switch (code) {
          case "200" -> isEmpty(response.body()) ? Result.ACCEPTED : partial(response.body());
          case "429", "502", "503", "504" -> Result.RETRYABLE;
          default -> Result.REFUSED;
        },
        after == null ? -1 : 1000 * Long.parseLong(after),
        "HTTP " + code);
  }

  /** Whether a response says nothing, as protobuf or as JSON. */
  private static boolean isEmpty(byte[] body) {
    String text = new String(body, StandardCharsets.US_ASCII).replaceAll("\\s", "");
    return text.isEmpty() || text.equals("{}") || text.equals("{\"partialSuccess\":{}}");
  }

  /**
   * A partial success that says something is at least a warning, which no request here deserves.
   */
  private static Result partial(byte[] body) {
    return body.length == 2 && body[0] == 10 && body[1] == 0 ? Result.ACCEPTED : Result.REFUSED;
  }

  private static byte[] json(byte[] request) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(2 * request.length);
    try {
      ProtoToJson.write(Signal.TRACES, request, out);
    } catch (IOException | MalformedRequestException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  private static byte[] compressed(byte[] request) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(request.length / 4);
    try (OutputStream gzip =
        new GZIPOutputStream(out) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      gzip.write(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // It is not used any more.
    }
    socket = null;
  }
}
