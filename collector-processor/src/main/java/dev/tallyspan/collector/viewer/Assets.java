package dev.tallyspan.collector.viewer;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the pages, from the class path: a fixed list, so that no path can leave it. */
final class Assets {

  /** A file and its media type. */
  record Asset(String type, byte[] bytes) {}

  private static final String OWN = "/dev/tallyspan/collector/viewer/";
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";

  private static final Map<String, String> FILES =
      Map.ofEntries(
          Map.entry("app.js", OWN),
          Map.entry("api.js", OWN),
          Map.entry("dom.js", OWN),
          Map.entry("format.js", OWN),
          Map.entry("list.js", OWN),
          Map.entry("trace.js", OWN),
          Map.entry("spanfilter.js", OWN),
          Map.entry("diff.js", OWN),
          Map.entry("detail.js", OWN),
          Map.entry("chat.js", OWN),
          Map.entry("sessions.js", OWN),
          Map.entry("charts.js", OWN),
          Map.entry("problems.js", OWN),
          Map.entry("compare.js", OWN),
          Map.entry("virtual.js", OWN),
          Map.entry("app.css", OWN),
          Map.entry("icon.svg", OWN),
          Map.entry("uPlot.esm.js", UPLOT),
          Map.entry("uPlot.min.css", UPLOT));

  private Assets() {}

  /** Returns the page in which the scripts show everything. */
  static Asset page() {
    return new Asset("text/html; charset=utf-8", read(OWN + "index.html"));
  }

  /** Returns a file by its name; null if there is none. */
  static @Nullable Asset file(String name) {
    String folder = FILES.get(name);
    if (folder == null) {
      return null;
    }
    String type = name.endsWith(".js") ? SCRIPT : name.endsWith(".css") ? STYLE : "image/svg+xml";
    return new Asset(type, read(folder + name));
  }

  private static byte[] read(String resource) {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing in the jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(resource + " cannot be read", e);
    }
  }
}
