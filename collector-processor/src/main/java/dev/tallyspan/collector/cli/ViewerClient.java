package dev.tallyspan.collector.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tallyspan.collector.output.dataset.CasePage;
import dev.tallyspan.collector.output.recent.CaseSelection;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks the viewer of a running server for cases. */
final class ViewerClient {

  private static final Pattern TOKEN = Pattern.compile("[?&]token=([^&#]*)");
  private static final Pattern ERROR = Pattern.compile("\\{\"error\":\"((?:[^\"\\\\]|\\\\.)*)\"}");
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final String url;
  private final @Nullable String token;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  private ViewerClient(String url, @Nullable String token) {
    this.url = url;
    this.token = token;
  }

  /**
   * @param address the URL of the viewer's pages, as {@code tallyspan run} prints it
   * @param token null if it needs none, or the address has it
   * @throws CommandFailedException if the address is no URL of http or https
   */
  static ViewerClient of(String address, @Nullable String token) {
    Matcher inAddress = TOKEN.matcher(address);
    String known = inAddress.find() ? inAddress.group(1) : token;
    String url = address.replaceAll("[?#].*", "").replaceAll("/+$", "");
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("(?i)https?")) {
        return new ViewerClient(url, known);
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw CommandFailedException.badConfiguration(
        "--viewer=" + url + ": must be a URL such as http://localhost:8787");
  }

  /**
   * Returns a page of cases.
   *
   * @param after the cursor of the page before; empty = the first page
   * @throws CommandFailedException if the viewer does not answer, or refuses
   */
  CasePage cases(CaseSelection selection, String after) {
    StringBuilder query = new StringBuilder("q=").append(encoded(selection.query()));
    query.append("&by=").append(selection.bySpan() ? "span" : "trace");
    if (selection.since() != null) {
      query.append("&since=").append(encoded(selection.since().toString()));
    }
    if (selection.until() != null) {
      query.append("&until=").append(encoded(selection.until().toString()));
    }
    query.append("&after=").append(encoded(after));
    HttpResponse<byte[]> response = get("/api/cases?" + query);
    String body = new String(response.body(), UTF_8).strip();
    switch (response.statusCode()) {
      case 200 -> {
        try {
          return CasePage.parse(response.body());
        } catch (IllegalArgumentException e) {
          throw CommandFailedException.badInput(url + ": its answer is not one of a viewer");
        }
      }
      case 400 -> throw CommandFailedException.badConfiguration("--where: " + error(body));
      case 401 ->
          throw CommandFailedException.badConfiguration(
              url + ": needs a token; set TALLYSPAN_VIEWER_TOKEN, or use the URL that was printed");
      case 404 ->
          throw CommandFailedException.badInput(
              url + ": has no cases; it is not a viewer of this version");
      default ->
          throw CommandFailedException.badInput(
              url + ": answers with status " + response.statusCode());
    }
  }

  private HttpResponse<byte[]> get(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT).GET();
    if (token != null) {
      request.header("authorization", "Bearer " + token);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw CommandFailedException.badInput(
          url
              + ": no viewer answers; start 'tallyspan run', set --viewer, or name files with OTLP"
              + " requests");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailedException.badInput("interrupted");
    }
  }

  private static String error(String body) {
    Matcher error = ERROR.matcher(body);
    return error.matches() ? error.group(1).replaceAll("\\\\(.)", "$1") : body;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
