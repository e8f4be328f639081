package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.scoreapi.Reply;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Creates HTTP responses. */
final class HttpAnswer {

  private static final String TEXT = "text/plain; charset=utf-8";

  private HttpAnswer() {}

  /**
   * Creates the response to a request of OTLP that was accepted, at least in part.
   *
   * @param outcome not a refusal
   */
  static FullHttpResponse of(HttpHead.Export export, Outcome outcome) {
    byte[] body =
        export.type() == ContentType.JSON
            ? OtlpResponses.responseJson(export.signal(), outcome)
            : OtlpResponses.response(outcome);
    return response(200, export.type().mediaType(), body);
  }

  static FullHttpResponse of(Reply reply) {
    return response(reply.status(), reply.mediaType(), reply.body());
  }

  /**
   * Creates the response to a refused request, in the form of its API. In OTLP, it has the type of
   * the request, or is plain text if that is not known.
   *
   * @param head null if the request has none that could be read
   */
  static FullHttpResponse of(@Nullable HttpHead head, Refusal refusal) {
    FullHttpResponse response;
    ContentType type = head == null ? null : head.type();
    if (head != null && head.scores() != null) {
      response = of(head.scores().reply(refusal.httpStatus(), refusal.message()));
    } else if (type == null) {
      byte[] body = (refusal.message() + "\n").getBytes(StandardCharsets.UTF_8);
      response = response(refusal.httpStatus(), TEXT, body);
    } else {
      byte[] body =
          type == ContentType.JSON
              ? OtlpResponses.statusJson(refusal)
              : OtlpResponses.status(refusal);
      response = response(refusal.httpStatus(), type.mediaType(), body);
    }
    switch (refusal.httpStatus()) {
      case 405 -> response.headers().set(HttpHeaderNames.ALLOW, "POST");
      case 429, 503 ->
          response.headers().set(HttpHeaderNames.RETRY_AFTER, Long.toString(seconds(refusal)));
      default -> {}
    }
    return response;
  }

  /**
   * Creates the response to a preflight request, without CORS headers if the origin is not allowed.
   */
  static FullHttpResponse preflight(HttpHead head, Cors cors) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
    if (head.origin() != null) {
      HttpHeaders headers = response.headers();
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "POST");
      headers.set(
          HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, cors.headers(head.requestedHeaders()));
      if (!cors.maxAge().isZero()) {
        headers.set(
            HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, Long.toString(cors.maxAge().toSeconds()));
      }
    }
    return response;
  }

  /** Allows the page that sent the request to read the response. */
  static void allow(HttpHead head, @Nullable Cors cors, HttpHeaders headers) {
    if (head.origin() != null && cors != null) {
      if (!cors.exposedHeaders().isEmpty() && !(head.purpose() instanceof HttpHead.Preflight)) {
        headers.set(
            HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS,
            String.join(", ", cors.exposedHeaders()));
      }
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, head.origin());
      headers.set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
    }
  }

  /** Adds the headers that the configuration asks for, except those that the response has. */
  static void addIfAbsent(Map<String, String> added, HttpHeaders headers) {
    added.forEach(
        (name, value) -> {
          if (!headers.contains(name)) {
            headers.set(name, value);
          }
        });
  }

  private static FullHttpResponse response(int status, String type, byte[] body) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    return response;
  }

  /** Returns whole seconds, rounded up, because Retry-After does not support fractions. */
  private static long seconds(Refusal refusal) {
    var delay = refusal.retryAfter() == null ? Refusal.RETRY_AFTER : refusal.retryAfter();
    return Math.max(1, delay.plusNanos(999_999_999).toSeconds());
  }
}
