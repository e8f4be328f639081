package dev.tallyspan.googlegenai;

import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What the path of a request says: {@code …/models/gemini-2.5-flash:generateContent}.
 *
 * @param provider {@code gen_ai.provider.name}
 * @param model without the resource that contains it
 * @param method after the colon
 */
record Endpoint(String provider, String model, String method) {

  /** Returns null if the path does not name a method of a model. */
  static @Nullable Endpoint of(HttpUrl url) {
    List<String> path = url.pathSegments();
    String last = path.get(path.size() - 1);
    int colon = last.lastIndexOf(':');
    if (colon <= 0) {
      return null;
    }
    // Whatever the host is: a proxy keeps the path. Vertex AI's models have a publisher or a
    // project.
    boolean vertex = path.contains("publishers") || path.contains("projects");
    return new Endpoint(
        vertex ? "gcp.vertex_ai" : "gcp.gemini",
        last.substring(0, colon),
        last.substring(colon + 1));
  }
}
