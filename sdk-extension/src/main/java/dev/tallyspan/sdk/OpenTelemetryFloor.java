package dev.tallyspan.sdk;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.resources.Resource;
import java.security.CodeSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;

/**
 * Checks for the oldest supported version of OpenTelemetry. With an older version, the enrichment
 * is off and one warning is logged. No class that needs a newer version may be linked before {@link
 * #isReached} is called.
 */
final class OpenTelemetryFloor {

  /** {@code Value} and {@code onEnding} exist since 1.42. Tested with this version and newer. */
  static final String VERSION = "1.43";

  private static final Logger LOGGER = Logger.getLogger(LlmEnrichment.class.getName());
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private OpenTelemetryFloor() {}

  /** Whether OpenTelemetry is new enough. Logs a warning the first time that it is not. */
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
                + "; LLM spans are not enriched");
      }
      return false;
    }
  }

  private static String found() {
    String api = apiVersion();
    String sdk = sdkVersion();
    return api.isEmpty() || api.equals(sdk) ? sdk : "API " + api + " with SDK " + sdk;
  }

  /** The version of the API's jar; empty if the API is part of another jar, such as the agent. */
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

  /** A class of its own, because it must only be linked when it is called. */
  private static final class Needed {

    static void link() {
      link(Value.class);
      link(EnrichingSpanProcessor.class);
    }

    /** Loading a class also links its supertypes, which is sufficient. */
    private static void link(Class<?> type) {
      type.getName();
    }
  }
}
