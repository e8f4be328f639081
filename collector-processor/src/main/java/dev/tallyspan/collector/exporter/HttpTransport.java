package dev.tallyspan.collector.exporter;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.auth.RequestHeaders;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * OTLP/HTTP with protobuf bodies, over persistent HTTP/1.1 connections.
 *
 * <p>Thread-safe. {@link #send} compresses on the calling thread. Responses arrive on threads of
 * the JDK's HTTP client, timeouts on the timer's thread; the futures complete there.
 */
final class HttpTransport implements Transport {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final int PAYLOAD_TOO_LARGE = 413;

  private final String exporter;
  private final HttpClient client;
  private final Map<Signal, HttpRequest.Builder> requests = new EnumMap<>(Signal.class);
  private final Compression compression;
  private final int level;
  private final Duration timeout;
  private final RequestHeaders auth;
  private final Timer timer;
  private final InstantSource wallClock;
  private final Set<CompletableFuture<?>> inFlight = ConcurrentHashMap.newKeySet();

  // Set before close() cancels what is in flight, and read after a request is added there: so each
  // request is cancelled by one of the two threads.
  private volatile boolean closed;

  /**
   * @throws IllegalArgumentException if a TLS file cannot be used or a header cannot be sent
   */
  HttpTransport(TransportSettings settings, Timer timer, InstantSource wallClock) {
    exporter = settings.exporter();
    compression = settings.compression();
    level = settings.compressionLevel();
    timeout = settings.timeout();
    auth = settings.auth();
    this.timer = timer;
    this.wallClock = wallClock;
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout);
    boolean tls = false;
    for (Map.Entry<Signal, Endpoint> url : settings.urls().entrySet()) {
      tls |= url.getValue().scheme().equals("https");
      requests.put(url.getKey(), request(settings, url.getValue()));
    }
    if (tls) {
      client.sslContext(TlsContexts.jdkClient(settings.tls(), timer::nanoTime));
      client.sslParameters(TlsContexts.jdkParameters(settings.tls()));
    } else {
      // The client would read the system's certificates, which takes a tenth of a second.
      client.sslContext(TlsContexts.withoutTrust());
    }
    this.client = client.build();
  }

  private HttpRequest.Builder request(TransportSettings settings, Endpoint endpoint) {
    URI uri = URI.create(endpoint.scheme() + "://" + endpoint.authority() + endpoint.path());
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout);
    request.setHeader("User-Agent", TransportSettings.USER_AGENT);
    settings.headers().forEach(request::setHeader);
    request.setHeader("Content-Type", PROTOBUF);
    if (compression != Compression.NONE) {
      request.setHeader("Content-Encoding", compression.encoding());
    }
    return request;
  }

  @Override
  public boolean serves(Signal signal) {
    return requests.containsKey(signal);
  }

  @Override
  public CompletableFuture<Response> send(Signal signal, Map<String, String> headers, Slices body) {
    HttpRequest.Builder request = requireNonNull(requests.get(signal), "no endpoint");
    SlicesBody publisher = new SlicesBody(compression == Compression.NONE ? body : compress(body));
    HttpRequest.Builder authorized = request.copy();
    headers.forEach(authorized::setHeader);
    auth.headers().forEach(authorized::setHeader);
    HttpRequest ready = authorized.POST(publisher).build();
    CompletableFuture<Response> answer = new CompletableFuture<>();
    exchange(ready, answer, /* again= */ true);
    return answer;
  }

  private Slices compress(Slices body) {
    Slices compressed = new Slices();
    try (OutputStream out = compression.compress(new SlicesOutput(compressed), level)) {
      body.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed;
  }

  /**
   * @param again whether to try once more if the connection breaks before a response: a server may
   *     close an idle connection at the moment it is used, which does not mean that the server
   *     fails
   */
  private void exchange(HttpRequest request, CompletableFuture<Response> answer, boolean again) {
    var exchange = client.sendAsync(request, info -> new CappedBody(MAX_RESPONSE_BYTES));
    inFlight.add(exchange);
    if (closed) {
      exchange.cancel(/* mayInterruptIfRunning= */ true);
    }
    // The request's own timeout does not cover the response's body.
    Runnable stopGuard = timer.schedule(() -> exchange.cancel(true), timeout.toNanos());
    exchange.whenComplete(
        (response, failure) -> {
          stopGuard.run();
          inFlight.remove(exchange);
          if (failure == null) {
            answer.complete(answered(response));
          } else if (again && broken(cause(failure))) {
            exchange(request, answer, /* again= */ false);
          } else {
            answer.complete(failed(cause(failure)));
          }
        });
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static boolean broken(Throwable failure) {
    return failure instanceof IOException
        && !(failure instanceof HttpTimeoutException)
        && !(failure instanceof ConnectException)
        && !(failure instanceof javax.net.ssl.SSLException);
  }

  private Response failed(Throwable failure) {
    boolean late =
        failure instanceof HttpTimeoutException || failure instanceof CancellationException;
    if (late && !(failure instanceof HttpConnectTimeoutException)) {
      return Response.of(
              refused(StatusCode.DEADLINE_EXCEEDED, "the backend did not answer in time", null))
          .because(Reason.of(StatusCode.DEADLINE_EXCEEDED));
    }
    String kind = failure.getClass().getSimpleName();
    return Response.of(
            refused(StatusCode.UNAVAILABLE, "the connection failed (" + kind + ")", null))
        .because(Reason.connection(failure));
  }

  private Response answered(HttpResponse<byte[]> response) {
    Outcome outcome = outcome(response);
    byte[] body = response.body() == null ? new byte[0] : response.body();
    if (outcome instanceof Outcome.Partial) {
      return Response.of(outcome)
          .because(new Reason(Reason.PARTIAL_SUCCESS, () -> BackendResponses.partialMessage(body)));
    }
    if (!(outcome instanceof Outcome.Refused refused)) {
      return Response.of(outcome);
    }
    String type = contentType(response);
    return (response.statusCode() == PAYLOAD_TOO_LARGE
            ? Response.tooLarge(refused, /* maxBytes= */ 0)
            : Response.of(outcome))
        .because(
            new Reason(
                Integer.toString(response.statusCode()), () -> BackendWords.http(type, body)));
  }

  private static String contentType(HttpResponse<?> response) {
    return response.headers().firstValue("Content-Type").orElse("");
  }

  private Outcome outcome(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    boolean success = status / 100 == 2;
    if (response.body() == null) {
      // Whatever the status, OTLP requires that a response that is too large is a permanent error.
      return refused(StatusCode.INTERNAL, "the backend's response is larger than 4 MiB", null);
    }
    if (success) {
      return contentType(response).startsWith(PROTOBUF)
          ? BackendResponses.success(response.body())
          : Outcome.ACCEPTED;
    }
    Duration retryAfter =
        response.headers().firstValue("Retry-After").map(this::retryAfter).orElse(null);
    return refused(statusCode(status), "the backend answered HTTP " + status, retryAfter);
  }

  /** Returns a retryable code only for the statuses that OTLP/HTTP lets a client retry. */
  private static StatusCode statusCode(int httpStatus) {
    return switch (httpStatus) {
      case 429, 502, 503, 504 -> StatusCode.UNAVAILABLE;
      case 400 -> StatusCode.INVALID_ARGUMENT;
      case 401, 407 -> StatusCode.UNAUTHENTICATED;
      case 403 -> StatusCode.PERMISSION_DENIED;
      // Redirects are not followed: the endpoint is another one.
      case 301, 302, 303, 307, 308, 404, 405, 410 -> StatusCode.UNIMPLEMENTED;
      case PAYLOAD_TOO_LARGE -> StatusCode.RESOURCE_EXHAUSTED;
      default -> httpStatus >= 500 ? StatusCode.INTERNAL : StatusCode.UNKNOWN;
    };
  }

  /** Parses seconds or a date. Returns null if it is neither. */
  private @Nullable Duration retryAfter(String value) {
    String trimmed = value.trim();
    if (!trimmed.isEmpty() && trimmed.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Duration.ofSeconds(trimmed.length() > 9 ? 999_999_999 : Long.parseLong(trimmed));
    }
    try {
      Instant at = DateTimeFormatter.RFC_1123_DATE_TIME.parse(trimmed, Instant::from);
      Duration wait = Duration.between(wallClock.instant(), at);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private Outcome.Refused refused(StatusCode code, String what, @Nullable Duration retryAfter) {
    // Only retryable codes may have a delay; it would make RESOURCE_EXHAUSTED (413) retryable.
    return new Outcome.Refused(
        code, "exporter " + exporter + ": " + what, code.retryable() ? retryAfter : null);
  }

  @Override
  public void close() {
    closed = true;
    inFlight.forEach(exchange -> exchange.cancel(/* mayInterruptIfRunning= */ true));
  }
}
