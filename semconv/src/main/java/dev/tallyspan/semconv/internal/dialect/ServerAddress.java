package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.Providers;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a call went, for spans without {@code server.address}: a client library that was pointed at
 * another seller's address writes its own name as the provider, and the address in a key of its
 * own. The seller is who was called, see {@link Providers#ofHost}.
 */
public final class ServerAddress {

  /** Base URLs of the client that made the call. */
  private static final String[] BASE_URLS = {
    "gen_ai.openai.api_base",
    "openai.api_base",
    "llm.openai.api_base",
    "gen_ai.request.api_base",
    "gen_ai.request.base_url",
    "gen_ai.api_base",
    "gen_ai.base_url",
    "llm.api_base",
    "llm.base_url",
    "llm.request.api_base",
    "llm.request.base_url",
    "api_base",
    "base_url",
    "http.request.header.helicone-target-url",
    "http.response.header.x-litellm-model-api-base"
  };

  /** What instrumentations of HTTP clients write. */
  private static final String[] HTTP = {
    "url.full", "http.url", "net.peer.name", "net.peer.hostname", "http.host"
  };

  /** Request parameters as JSON, which may contain a client's base URL. */
  private static final String[] PARAMETERS = {
    "llm.invocation_parameters", "gen_ai.request.parameters", "invocation_parameters", "metadata"
  };

  private static final String[] PARAMETER_NAMES = {
    "base_url", "baseURL", "api_base", "openai_api_base", "azure_endpoint", "ls_base_url"
  };

  private ServerAddress() {}

  /** Offers the host of a call's address, if the span has the one and not the other. */
  public static void infer(IndexedSpan span, Draft out) {
    if (out.has(Slot.SERVER_ADDRESS) || !Operations.isCall(out.text(Slot.OPERATION))) {
      return;
    }
    for (String key : BASE_URLS) {
      if (offer(first(span.get(key)), key, out)) {
        return;
      }
    }
    for (String key : PARAMETERS) {
      String text = span.text(key);
      if (text != null && (text.contains("base") || text.contains("azure_endpoint"))) {
        Json parameters = span.json(key);
        if (offer(parameters.first(PARAMETER_NAMES), key, out)) {
          return;
        }
      }
    }
    if (span.span().kind() == SpanKind.CLIENT) {
      for (String key : HTTP) {
        if (offer(first(span.get(key)), key, out)) {
          return;
        }
      }
    }
  }

  /** A header is a list of values. */
  private static Json first(Json value) {
    return value.isArray() ? value.at(0) : value;
  }

  private static boolean offer(Json url, String key, Draft out) {
    String host = url.isText() ? host(url.text()) : null;
    return host != null && out.offerBlob(Slot.SERVER_ADDRESS, Json.of(host), key);
  }

  /** The host of a URL, or of {@code host:port}; null if the text is neither. */
  static @Nullable String host(String url) {
    String text = url.strip();
    int scheme = text.indexOf("://");
    int start = scheme < 0 ? 0 : scheme + 3;
    int end = start;
    while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String authority = text.substring(start, end);
    authority = authority.substring(authority.lastIndexOf('@') + 1);
    int port = authority.lastIndexOf(':');
    String host =
        port >= 0 && authority.indexOf(']') < port ? authority.substring(0, port) : authority;
    boolean plain = !host.isEmpty() && host.length() <= 253;
    for (int i = 0; i < host.length() && plain; i++) {
      char c = host.charAt(i);
      plain = Character.isLetterOrDigit(c) || ".-_[]:".indexOf(c) >= 0;
    }
    boolean named = host.indexOf('.') > 0 || host.equals("localhost") || host.startsWith("[");
    return plain && named ? host.toLowerCase(Locale.ROOT) : null;
  }
}
