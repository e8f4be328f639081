package dev.tallyspan.collector.config;

import dev.tallyspan.collector.exporter.Compression;
import dev.tallyspan.collector.exporter.Endpoint;
import dev.tallyspan.collector.exporter.OtlpExporter;
import dev.tallyspan.collector.exporter.Protocol;
import dev.tallyspan.collector.exporter.QueueSettings;
import dev.tallyspan.collector.exporter.RetrySettings;
import dev.tallyspan.collector.exporter.TlsSettings;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.collector.tree.TreeSettings;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration from the environment variables that every OpenTelemetry SDK reads. One
 * receiver {@code otlp}, one processor {@code tallyspan}, and the exporters that the variables
 * describe; none if no endpoint is set. An empty variable counts as not set.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OpenTelemetry Protocol
 *     Exporter</a>
 */
public final class EnvironmentConfig {
  private static final String PREFIX = "OTEL_EXPORTER_OTLP_";
  private static final String VIEWER_ENDPOINT = "TALLYSPAN_VIEWER_ENDPOINT";
  private static final String VIEWER_TOKEN = "TALLYSPAN_VIEWER_TOKEN";

  private static final String PROFILE = "profile";

  private final Map<String, String> env;

  /** Null if each endpoint is recognised, or has none. */
  private final @Nullable BackendChoice chosen;

  private final List<Fault> faults = new ArrayList<>();
  private final List<Fault> warnings = new ArrayList<>();

  private EnvironmentConfig(Map<String, String> env, @Nullable BackendChoice chosen) {
    this.env = env;
    this.chosen = chosen;
  }

  /**
   * @throws ConfigException if the value of a variable is not valid
   */
  public static CollectorConfig from(Map<String, String> env) throws ConfigException {
    return new EnvironmentConfig(env, /* chosen= */ null).read();
  }

  /**
   * Reads the configuration for a backend whose profile is chosen. If no endpoint is set, the
   * profile knows it, or a variable that the backend's own SDK reads has it. Signals that the
   * backend does not take are not forwarded.
   *
   * @throws ConfigException if the value of a variable is not valid, or there is no endpoint
   */
  public static CollectorConfig from(Map<String, String> env, BackendProfile profile)
      throws ConfigException {
    return new EnvironmentConfig(env, new BackendChoice(profile, /* byEndpoint= */ false)).read();
  }

  private CollectorConfig read() throws ConfigException {
    ReceiverConfig receiver =
        new ReceiverConfig(
            "otlp",
            ReceiverConfig.Grpc.DEFAULT.withEndpoint(
                listen("TALLYSPAN_GRPC_ENDPOINT", ReceiverConfig.Grpc.DEFAULT.endpoint())),
            ReceiverConfig.Http.DEFAULT.withEndpoint(
                listen("TALLYSPAN_HTTP_ENDPOINT", ReceiverConfig.Http.DEFAULT.endpoint())));
    Map<Signal, ExporterConfig> bySignal = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      ExporterConfig exporter = exporter(signal, receiver);
      if (exporter != null) {
        bySignal.put(signal, exporter);
      }
    }
    List<ExporterConfig> exporters = new ArrayList<>();
    List<PipelineConfig> pipelines = new ArrayList<>();
    for (Signal signal : Signal.values()) {
      ExporterConfig exporter = bySignal.get(signal);
      if (exporter != null) {
        exporter = merge(exporter, exporters);
      }
      pipelines.add(
          new PipelineConfig(
              signal.id(),
              signal,
              List.of("otlp"),
              List.of("tallyspan"),
              /* hints= */ List.of(),
              exporter == null ? List.of() : List.of(exporter.id()),
              /* connectors= */ List.of(),
              /* queue= */ null));
    }
    ViewerConfig viewer = viewer(exporters.isEmpty());
    if (!faults.isEmpty()) {
      throw new ConfigException("", faults.stream().distinct().toList());
    }
    return new CollectorConfig(
        List.of(receiver),
        /* kafkaReceivers= */ List.of(),
        List.of(ProcessorConfig.defaults("tallyspan")),
        /* scorers= */ List.of(),
        /* edits= */ List.of(),
        exporters,
        /* kafkaExporters= */ List.of(),
        /* localExporters= */ List.of(),
        /* connectors= */ List.of(),
        pipelines,
        /* healthChecks= */ List.of(),
        /* memoryLimit= */ 0,
        StorageConfig.DEFAULT,
        /* ledger= */ null,
        viewer,
        DirectoryNeeds.NONE,
        new TelemetryConfig(
            TelemetryConfig.DEFAULT.metrics(), logLevel(), TelemetryConfig.DEFAULT.logEncoding()),
        warnings.stream().distinct().toList());
  }

  /**
   * Returns the viewer; null for none.
   *
   * @param byDefault whether there is one if no variable asks for it
   */
  private @Nullable ViewerConfig viewer(boolean byDefault) {
    String address = env.getOrDefault(VIEWER_ENDPOINT, "").trim();
    if (address.equals("none") || address.isEmpty() && !byDefault) {
      return null;
    }
    String token = env.getOrDefault(VIEWER_TOKEN, "").trim();
    if (!token.isEmpty() && token.length() < 16) {
      fault(VIEWER_TOKEN, "must have at least 16 characters");
    }
    return ViewerConfig.DEFAULT
        .at(listen(VIEWER_ENDPOINT, ViewerConfig.ENDPOINT))
        .withToken(token.isEmpty() ? null : token);
  }

  /** SDKs define their own levels, so an unknown level must not prevent the start. */
  private Level logLevel() {
    String value = env.getOrDefault("OTEL_LOG_LEVEL", "").trim().toLowerCase(Locale.ROOT);
    Level level = TelemetryReader.LOG_LEVELS.get(value);
    if (level == null && !value.isEmpty()) {
      warning("OTEL_LOG_LEVEL", ": unknown level, info is used: use debug, info, warn or error");
    }
    return level == null ? TelemetryConfig.DEFAULT.logLevel() : level;
  }

  private ListenEndpoint listen(String variable, ListenEndpoint otherwise) {
    String value = env.getOrDefault(variable, "").trim();
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      return ListenEndpoint.parse(value);
    } catch (IllegalArgumentException e) {
      fault(variable, e);
      return otherwise;
    }
  }

  /** Returns the exporter of one signal; null if it has no endpoint. */
  private @Nullable ExporterConfig exporter(Signal signal, ReceiverConfig receiver) {
    if (chosen != null && !chosen.profile().signals().contains(signal)) {
      warning(
          PROFILE,
          " "
              + chosen.profile().name()
              + ": takes "
              + chosen.profile().signals().stream()
                  .map(Signal::id)
                  .sorted()
                  .collect(Collectors.joining(" and "))
              + " only; nothing else is forwarded");
      return null;
    }
    Protocol protocol = protocol(signal);
    boolean http = protocol == Protocol.HTTP_PROTOBUF;
    Variable endpoint = endpoint(signal, protocol);
    if (endpoint == null) {
      return null;
    }
    BackendChoice backend = chosen != null ? chosen : BackendChoice.recognised(endpoint.value);
    Map<String, String> headers = headers(signal);
    if (chosen != null) {
      checkProfile(chosen, protocol, headers);
    }
    ExporterConfig exporter =
        new ExporterConfig(
            http ? "otlp_http" : "otlp_grpc",
            protocol,
            http && endpoint.ofSignal ? null : endpoint.value,
            http && endpoint.ofSignal ? Map.of(signal, endpoint.value) : Map.of(),
            backend == null ? headers : backend.headers(headers, /* authorized= */ false, env),
            compression(signal),
            /* compressionLevel= */ 1,
            timeout(signal),
            tls(signal),
            RetrySettings.DEFAULT,
            /* retryLimited= */ false,
            QueueSettings.DEFAULT,
            backend == null ? 0 : backend.profile().maxRequestBytes(),
            ProfileConfig.UNSET.with(backend),
            backend == null ? TreeSettings.DEFAULT : backend.profile().traces(),
            /* contentPolicy= */ null,
            backend == null ? SizeLimits.NONE : backend.profile().limits(),
            /* keepAlive= */ null,
            /* auth= */ null);
    check(signal, endpoint, exporter, receiver);
    return exporter;
  }

  /** Returns where a signal goes; null if nowhere. */
  private @Nullable Variable endpoint(Signal signal, Protocol protocol) {
    Variable set = variable(signal, "ENDPOINT");
    if (chosen == null || set != null && set.ofSignal) {
      return set;
    }
    String url = chosen.endpoint(set == null ? null : set.value, protocol, env);
    if (url == null) {
      fault(PROFILE + " " + chosen.profile().name(), "needs " + PREFIX + "ENDPOINT");
      return null;
    }
    return new Variable(set == null ? PROFILE : set.name, url, /* ofSignal= */ false);
  }

  private void checkProfile(BackendChoice backend, Protocol protocol, Map<String, String> headers) {
    String name = PROFILE + " " + backend.profile().name();
    if (!backend.profile().protocols().contains(protocol)) {
      String other = protocol == Protocol.GRPC ? "http/protobuf" : "grpc";
      fault(name, "is reached with " + PREFIX + "PROTOCOL=" + other);
    }
    for (String missing :
        backend.missing(headers, /* authorized= */ false, env, header -> PREFIX + "HEADERS")) {
      warning(PROFILE, " " + missing);
    }
  }

  private void check(
      Signal signal, Variable endpoint, ExporterConfig exporter, ReceiverConfig receiver) {
    try {
      Endpoint target = Endpoint.parse(endpoint.value, 4317);
      Signal path = target.endsInPathOf();
      if (path != null && !endpoint.ofSignal && exporter.protocol() == Protocol.HTTP_PROTOBUF) {
        warning(endpoint.name, SignalPath.warning(path, PREFIX + path.name() + "_ENDPOINT"));
      }
      LoopGuard.check(target, List.of(receiver)).forEach(found -> fault(endpoint.name, found));
      OtlpExporter.Builder builder = OtlpExporter.builder("env", exporter.protocol());
      if (exporter.endpoint() != null) {
        builder.endpoint(exporter.endpoint());
      }
      exporter.signalEndpoints().forEach(builder::endpoint);
    } catch (IllegalArgumentException e) {
      fault(endpoint.name, e);
    }
    Variable headers = variable(signal, "HEADERS");
    if (headers != null) {
      exporter.headers().forEach((name, value) -> check(headers, exporter, name, value));
    }
  }

  private void check(Variable headers, ExporterConfig exporter, String name, String value) {
    try {
      OtlpExporter.builder("env", exporter.protocol()).header(name, value);
    } catch (IllegalArgumentException e) {
      fault(headers.name, e);
    }
  }

  private Protocol protocol(Signal signal) {
    Variable protocol = variable(signal, "PROTOCOL");
    if (protocol == null) {
      return Protocol.HTTP_PROTOBUF;
    }
    return switch (protocol.value.toLowerCase(Locale.ROOT)) {
      case "grpc" -> Protocol.GRPC;
      case "http/protobuf" -> Protocol.HTTP_PROTOBUF;
      default -> {
        fault(
            protocol.name,
            protocol.value.equalsIgnoreCase("http/json")
                ? "http/json is not supported: use http/protobuf, which these backends accept too"
                : "unknown protocol: use grpc or http/protobuf");
        yield Protocol.HTTP_PROTOBUF;
      }
    };
  }

  private Compression compression(Signal signal) {
    Variable compression = variable(signal, "COMPRESSION");
    if (compression == null || compression.value.equalsIgnoreCase("none")) {
      return Compression.NONE;
    }
    if (!compression.value.equalsIgnoreCase("gzip")) {
      fault(compression.name, "unknown compression: use gzip or none");
    }
    return Compression.GZIP;
  }

  private Duration timeout(Signal signal) {
    Variable timeout = variable(signal, "TIMEOUT");
    if (timeout == null) {
      return Duration.ofSeconds(10);
    }
    if (!timeout.value.matches("[0-9]{1,9}") || Long.parseLong(timeout.value) == 0) {
      fault(timeout.name, "not a positive whole number of milliseconds");
      return Duration.ofSeconds(10);
    }
    return Duration.ofMillis(Long.parseLong(timeout.value));
  }

  private TlsSettings tls(Signal signal) {
    Variable insecure = variable(signal, "INSECURE");
    Variable certificate = variable(signal, "CERTIFICATE");
    Variable clientCertificate = variable(signal, "CLIENT_CERTIFICATE");
    Variable clientKey = variable(signal, "CLIENT_KEY");
    if (clientCertificate != null && clientKey == null) {
      fault(
          clientCertificate.name, "set both client certificate and client key: the key is missing");
      clientCertificate = null;
    } else if (clientCertificate == null && clientKey != null) {
      fault(
          clientKey.name, "set both client certificate and client key: the certificate is missing");
      clientKey = null;
    }
    return new TlsSettings(
        insecure != null && insecure.value.toLowerCase(Locale.ROOT).equals("true"),
        /* insecureSkipVerify= */ false,
        path(certificate),
        path(clientCertificate),
        path(clientKey),
        /* serverNameOverride= */ null);
  }

  private @Nullable Path path(@Nullable Variable variable) {
    if (variable == null) {
      return null;
    }
    try {
      return Path.of(variable.value);
    } catch (InvalidPathException e) {
      fault(variable.name, "not a valid file name");
      return null;
    }
  }

  /** Reads {@code key1=value1,key2=value2} with percent-encoded values, as in W3C Baggage. */
  private Map<String, String> headers(Signal signal) {
    Map<String, String> headers = new LinkedHashMap<>();
    Variable variable = variable(signal, "HEADERS");
    if (variable == null) {
      return headers;
    }
    String[] entries = variable.value.split(",");
    for (int i = 0; i < entries.length; i++) {
      String entry = entries[i].trim();
      int equals = entry.indexOf('=');
      if (entry.isEmpty()) {
        continue;
      }
      if (equals < 1) {
        fault(variable.name, "entry " + (i + 1) + " is not key=value");
        continue;
      }
      try {
        // In baggage a plus is a plus; the decoder would make it a space.
        String value = entry.substring(equals + 1).trim().replace("+", "%2B");
        headers.put(
            entry.substring(0, equals).trim().toLowerCase(Locale.ROOT),
            URLDecoder.decode(value, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        fault(variable.name, "entry " + (i + 1) + " has an invalid percent-encoding");
      }
    }
    return headers;
  }

  /** Uses one exporter for all signals that differ only in the URL. */
  private static ExporterConfig merge(ExporterConfig exporter, List<ExporterConfig> exporters) {
    for (int i = 0; i < exporters.size(); i++) {
      ExporterConfig other = exporters.get(i);
      boolean sameBase =
          exporter.endpoint() == null
              || other.endpoint() == null
              || exporter.endpoint().equals(other.endpoint());
      ExporterConfig alike = with(exporter, other.id(), other.endpoint(), other.signalEndpoints());
      if (sameBase && alike.equals(other)) {
        Map<Signal, String> signals = new EnumMap<>(Signal.class);
        signals.putAll(other.signalEndpoints());
        signals.putAll(exporter.signalEndpoints());
        String endpoint = other.endpoint() == null ? exporter.endpoint() : other.endpoint();
        exporters.set(i, with(other, other.id(), endpoint, signals));
        return exporters.get(i);
      }
    }
    Set<String> ids = Set.copyOf(exporters.stream().map(ExporterConfig::id).toList());
    String id = exporter.id();
    for (int n = 2; ids.contains(id); n++) {
      id = exporter.id() + "/" + n;
    }
    ExporterConfig added = with(exporter, id, exporter.endpoint(), exporter.signalEndpoints());
    exporters.add(added);
    return added;
  }

  private static ExporterConfig with(
      ExporterConfig exporter,
      String id,
      @Nullable String endpoint,
      Map<Signal, String> signalEndpoints) {
    return new ExporterConfig(
        id,
        exporter.protocol(),
        endpoint,
        signalEndpoints,
        exporter.headers(),
        exporter.compression(),
        exporter.compressionLevel(),
        exporter.timeout(),
        exporter.tls(),
        exporter.retry(),
        exporter.retryLimited(),
        exporter.queue(),
        exporter.maxRequestBytes(),
        exporter.profile(),
        exporter.traces(),
        exporter.contentPolicy(),
        exporter.limits(),
        exporter.keepAlive(),
        exporter.auth());
  }

  /** Returns the variable of the signal, or the one for all signals; null if neither is set. */
  private @Nullable Variable variable(Signal signal, String name) {
    String ofSignal = PREFIX + signal.name() + "_" + name;
    String value = env.getOrDefault(ofSignal, "").trim();
    if (!value.isEmpty()) {
      return new Variable(ofSignal, value, /* ofSignal= */ true);
    }
    value = env.getOrDefault(PREFIX + name, "").trim();
    return value.isEmpty() ? null : new Variable(PREFIX + name, value, /* ofSignal= */ false);
  }

  private void warning(String variable, String message) {
    warnings.add(new Fault(0, 0, variable + message));
  }

  private void fault(String variable, IllegalArgumentException e) {
    fault(variable, String.valueOf(e.getMessage()));
  }

  private void fault(String variable, String message) {
    faults.add(new Fault(0, 0, variable + ": " + message));
  }

  private record Variable(String name, String value, boolean ofSignal) {}
}
