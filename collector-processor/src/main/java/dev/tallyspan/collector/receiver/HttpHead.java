package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.scoreapi.ScoreEndpoint;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an HTTP request says about it.
 *
 * @param scores the API of scores that the path belongs to; null if it belongs to none
 * @param type of the body; null if it is not supported, and responses are then plain text
 * @param origin the page that sent the request; null if there is none or CORS does not allow it
 */
record HttpHead(
    Purpose purpose,
    @Nullable ScoreEndpoint scores,
    @Nullable ContentType type,
    boolean keepAlive,
    @Nullable String origin,
    @Nullable String requestedHeaders) {

  /** What to do with the request. */
  sealed interface Purpose {}

  /** Export telemetry: read the body. */
  record Export(Signal signal, ContentType type, ContentEncoding encoding) implements Purpose {}

  /**
   * Take scores: read the body, which is JSON.
   *
   * @param query null if the URI has none
   */
  record Scores(ScoreEndpoint of, @Nullable String query, ContentEncoding encoding)
      implements Purpose {}

  /** Answer a browser's question whether a page may send telemetry. */
  record Preflight(Cors cors) implements Purpose {}

  /** Refuse the request, whatever its body. */
  record Unacceptable(Refusal refusal) implements Purpose {}

  /**
   * @param refusal why the request is refused whatever it says; null if it is not
   */
  static HttpHead of(HttpRequest request, HttpSettings settings, @Nullable Refusal refusal) {
    ContentType type = ContentType.of(request.headers().get(HttpHeaderNames.CONTENT_TYPE));
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    Cors cors = settings.cors();
    HttpEndpoint endpoint = endpoint(request, settings);
    return new HttpHead(
        refusal == null ? purpose(request, settings, endpoint, type) : new Unacceptable(refusal),
        endpoint instanceof HttpEndpoint.Scores scores ? scores.of() : null,
        type,
        HttpUtil.isKeepAlive(request),
        cors != null && origin != null && cors.allows(origin) ? origin : null,
        request.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS));
  }

  /** Whether a browser asks if a page may send telemetry. Such a request has no credentials. */
  static boolean isPreflight(HttpRequest request, HttpSettings settings) {
    return settings.cors() != null
        && endpoint(request, settings) != null
        && request.headers().contains(HttpHeaderNames.ORIGIN)
        && request.method().equals(HttpMethod.OPTIONS);
  }

  private static @Nullable HttpEndpoint endpoint(HttpRequest request, HttpSettings settings) {
    String uri = request.uri();
    int query = uri.indexOf('?');
    return settings.paths().get(query < 0 ? uri : uri.substring(0, query));
  }

  private static Purpose purpose(
      HttpRequest request,
      HttpSettings settings,
      @Nullable HttpEndpoint endpoint,
      @Nullable ContentType type) {
    if (endpoint == null) {
      return unacceptable("unknown_path", 404, StatusCode.NOT_FOUND, "no such path");
    }
    if (settings.cors() != null && isPreflight(request, settings)) {
      return new Preflight(settings.cors());
    }
    if (!request.method().equals(HttpMethod.POST)) {
      return unacceptable(
          "method_not_allowed", 405, StatusCode.UNIMPLEMENTED, "method not allowed, use POST");
    }
    boolean scores = endpoint instanceof HttpEndpoint.Scores;
    if (type == null || scores && type != ContentType.JSON) {
      return unacceptable(
          "unsupported_content_type",
          415,
          StatusCode.INVALID_ARGUMENT,
          scores
              ? "Content-Type must be application/json"
              : "Content-Type must be application/x-protobuf or application/json");
    }
    ContentEncoding encoding =
        ContentEncoding.of(request.headers().get(HttpHeaderNames.CONTENT_ENCODING));
    if (encoding == null || !settings.encodings().contains(encoding)) {
      // 415, not 400 like the Collector: RFC 9110 defines it for this case, and Accept-Encoding
      // lists for clients what they may send. OTLP retries neither.
      return unacceptable(
          "unsupported_encoding",
          415,
          StatusCode.INVALID_ARGUMENT,
          "Content-Encoding must be one of " + ContentEncoding.names(settings.encodings()));
    }
    if (HttpUtil.getContentLength(request, 0L) > settings.maxRequestBytes()) {
      return new Unacceptable(Refusal.tooLarge(settings.maxRequestBytes()));
    }
    if (endpoint instanceof HttpEndpoint.Otlp otlp) {
      return new Export(otlp.signal(), type, encoding);
    }
    String uri = request.uri();
    int query = uri.indexOf('?');
    return new Scores(
        ((HttpEndpoint.Scores) endpoint).of(),
        query < 0 ? null : uri.substring(query + 1),
        encoding);
  }

  private static Purpose unacceptable(
      String reason, int httpStatus, StatusCode code, String message) {
    return new Unacceptable(Refusal.http(reason, httpStatus, code, message));
  }
}
