package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

/**
 * What the head of an HTTP request says about it.
 *
 * @param refusal null if the body is worth reading
 * @param type null if it is neither of the two; then answers are plain text
 * @param preflight whether it is a browser's question if a page may send telemetry
 */
record HttpHead(
    Signal signal,
    ContentType type,
    ContentEncoding encoding,
    Refusal refusal,
    boolean preflight,
    boolean keepAlive,
    String origin,
    String requestedHeaders) {

  static HttpHead of(HttpRequest request, HttpSettings settings) {
    String uri = request.uri();
    int query = uri.indexOf('?');
    Signal signal = settings.paths().get(query < 0 ? uri : uri.substring(0, query));
    ContentType type = ContentType.of(request.headers().get(HttpHeaderNames.CONTENT_TYPE));
    ContentEncoding encoding =
        ContentEncoding.of(request.headers().get(HttpHeaderNames.CONTENT_ENCODING));
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    boolean preflight =
        settings.cors() != null
            && signal != null
            && origin != null
            && request.method().equals(HttpMethod.OPTIONS);
    return new HttpHead(
        signal,
        type,
        encoding,
        preflight ? null : refusal(request, settings, signal, type, encoding),
        preflight,
        HttpUtil.isKeepAlive(request),
        settings.cors() != null && origin != null && settings.cors().allows(origin) ? origin : null,
        request.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS));
  }

  private static Refusal refusal(
      HttpRequest request,
      HttpSettings settings,
      Signal signal,
      ContentType type,
      ContentEncoding encoding) {
    if (signal == null) {
      return Refusal.http("unknown_path", 404, StatusCode.NOT_FOUND, "no such path");
    }
    if (!request.method().equals(HttpMethod.POST)) {
      return Refusal.http(
          "method_not_allowed", 405, StatusCode.UNIMPLEMENTED, "method not allowed, use POST");
    }
    if (type == null) {
      return Refusal.http(
          "unsupported_content_type",
          415,
          StatusCode.INVALID_ARGUMENT,
          "Content-Type must be application/x-protobuf or application/json");
    }
    if (encoding == null) {
      // 415 and not the Collector's 400: RFC 9110 names it for this case, and clients learn from
      // Accept-Encoding what they may send. OTLP retries neither.
      return Refusal.http(
          "unsupported_encoding",
          415,
          StatusCode.INVALID_ARGUMENT,
          "Content-Encoding must be one of " + ContentEncoding.ACCEPTED);
    }
    if (HttpUtil.getContentLength(request, 0L) > settings.maxRequestBytes()) {
      return Refusal.tooLarge(settings.maxRequestBytes());
    }
    return null;
  }
}
