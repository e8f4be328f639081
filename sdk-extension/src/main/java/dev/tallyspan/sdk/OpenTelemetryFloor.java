package dev.tallyspan.sdk;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.resources.Resource;
import java.security.CodeSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;

/**
 * The oldest OpenTelemetry that spans can be enriched with. With an older one the enrichment is
 * off, and one line at start says why: no class that needs a newer one may be linked before {@link
 * #isReached} was asked.
 */
final class OpenTelemetryFloor {

  /** Values of any shape came with 1.42, {@code onEnding} too; tested is from here on. */
  static final String VERSION = "1.43";

  private static final Logger LOGGER = Logger.getLogger(LlmTracing.class.getName());
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private OpenTelemetryFloor() {}

  /** Whether this OpenTelemetry is new enough; the first time that it is not, logs a warning. */
  static boolean isReached() {
    try {
      Needed.link();
      return true;
    } catch (LinkageError tooOld) {
      if (!SAID.getAndSet(true)) {
        LOGGER.warning(
            "Tallyspan needs OpenTelemetry "
                + VERSION
                + " or newer; found "
                + found()
                + ": LLM spans are left as they are");
      }
      return false;
    }
  }

  private static String found() {
    String api = apiVersion();
    String sdk = sdkVersion();
    return api.isEmpty() || api.equals(sdk) ? sdk : "API " + api + " with SDK " + sdk;
  }

  /** The version of the API's own jar; empty where it is part of another, such as the agent. */
  private static String apiVersion() {
    CodeSource source = OpenTelemetry.class.getProtectionDomain().getCodeSource();
    String version = OpenTelemetry.class.getPackage().getImplementationVersion();
    return source == null
            || version == null
            || !String.valueOf(source.getLocation()).contains("opentelemetry-api")
        ? ""
        : version;
  }

  private static String sdkVersion() {
    String version =
        Resource.getDefault().getAttribute(AttributeKey.stringKey("telemetry.sdk.version"));
    return version == null ? "an unknown version" : version;
  }

  /** Apart, because it is linked only when it is called. */
  private static final class Needed {

    static void link() {
      link(Value.class);
      link(EnrichingSpanProcessor.class);
    }

    /** That the JVM hands over the class is all; it links those it is made of on the way. */
    private static void link(Class<?> type) {
      type.getName();
    }
  }
}
