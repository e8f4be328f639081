package dev.tallyspan.collector.config;

import dev.tallyspan.collector.flow.Signal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The component types of the OpenTelemetry Collector's distributions that Tallyspan does not have,
 * with what to do instead. Types are compared without underscores, because many have two spellings:
 * {@code resourcedetection} and {@code resource_detection}.
 *
 * @see <a href="https://github.com/open-telemetry/opentelemetry-collector-contrib">Collector
 *     contrib</a>
 */
final class OtherComponents {

  private static final String RECEIVE =
      "let a Collector receive it and send it here: its exporter is otlp_grpc: {endpoint:"
          + " \"TALLYSPAN:4317\", tls: {insecure: true}}";
  private static final String SCRAPE =
      "Tallyspan does not collect metrics or logs itself; keep a Collector for it";
  private static final String PROMETHEUS =
      "Tallyspan's own metrics and those of the connector tallyspan_metrics are at"
          + " service.telemetry.metrics.address; keep a Collector for other metrics";
  private static final String EXPORT =
      "use otlp_grpc or otlp_http if the backend accepts OTLP; otherwise keep a Collector between"
          + " them, with a receiver otlp";
  private static final String ENRICH =
      "it adds attributes that Tallyspan cannot know; keep a Collector in front for it";
  private static final String PROTECT =
      "it keeps something from the backend, so it is not left out: keep a Collector in front for it;"
          + " or remove it here, and keep attributes back with the processor attributes or with"
          + " content of the exporters";
  private static final String METRICS = "it is for metrics or logs; keep a Collector for these";
  private static final String SPAN_METRICS = "use tallyspan_metrics, which counts spans about LLMs";
  private static final String AUTHENTICATE =
      "use bearertokenauth or basicauth, or let a proxy in front check who sends";
  private static final String NOT_NEEDED = "Tallyspan does not need it; remove it";

  private static final Map<String, Map<String, String>> INSTEAD = new HashMap<>();

  static {
    add(
        "receivers",
        RECEIVE,
        "jaeger zipkin opencensus awsxray skywalking otelarrow datadog sapm signalfx"
            + " googlecloudpubsub pulsar solace azureeventhub faro sentry webhookevent libhoney stef"
            + " awslambda envoyals otlpjsonfile");
    add(
        "receivers",
        SCRAPE,
        "prometheus prometheussimple prometheusremotewrite hostmetrics dockerstats kubeletstats"
            + " k8scluster k8sevents k8sobjects statsd carbon collectd influxdb redis postgresql"
            + " mysql mongodb mongodbatlas nginx apache elasticsearch rabbitmq kafkametrics"
            + " memcached zookeeper haproxy httpcheck tcpcheck icmpcheck snmp sqlserver sqlquery"
            + " oracledb vcenter windowsperfcounters windowseventlog filelog filestats"
            + " fluentforward journald syslog tcplog udplog namedpipe splunkhec splunkenterprise"
            + " loki awscloudwatch awscontainerinsightreceiver awsecscontainermetrics awsfirehose"
            + " awss3 azuremonitor azureblob googlecloudmonitoring googlecloudspanner podmanstats"
            + " chrony apachespark ciscoos cloudfoundry macosunifiedlogging netflow purefb"
            + " windowsservice"
            + " receivercreator simpleprometheus sshcheck tlscheck wavefront yanggrpc nvidia dcgm"
            + " nop cloudflare github gitlab gitprovider bigip couchdb expvar flinkmetrics iis jmx"
            + " nsxt ntp pprof purefa riak saphana snowflake systemd aerospike activedirectoryds");
    add("exporters", PROMETHEUS, "prometheus prometheusremotewrite");
    add(
        "exporters",
        EXPORT,
        "jaeger jaegerthrift zipkin clickhouse elasticsearch opensearch loadbalancing datadog"
            + " splunkhec signalfx sapm loki googlecloud googlemanagedprometheus googlecloudpubsub"
            + " awsxray awsemf awscloudwatchlogs awss3 awskinesis azuremonitor azuredataexplorer"
            + " azureblob otelarrow opencensus logzio logicmonitor coralogix honeycombmarker sentry"
            + " mezmo sumologic tencentcloudlogservice alibabacloudlogservice pulsar rabbitmq"
            + " cassandra doris influxdb carbon stef bmchelix dataset faro tinybird syslog"
            + " googlecloudstorage clickhousetraces clickhouselogsexporter signozclickhousemetrics"
            + " signozclickhousemeter metadataexporter jaegerstorageexporter zipkinv2 instana skywalking parquet humio f5cloud"
            + " dynatrace");
    add("exporters", "use debug, or remove it", "nop");
    add(
        "processors",
        ENRICH,
        "resourcedetection k8sattributes geoip ecsattributes dockerattributes lookup dnslookup");
    add(
        "processors",
        "the processor tallyspan reads these conventions, and more",
        "genainormalizer");
    add("processors", PROTECT, "redaction transform");
    add(
        "processors",
        "keep a Collector in front for it",
        "schema unroll coralogix drain adaptivesampling");
    add("processors", "use sampling of the processor tallyspan", "tailsampling");
    add("processors", "the window of the processor tallyspan sees whole traces", "groupbytrace");
    add(
        "processors",
        "use the processor attributes or resource, or keep a Collector in front for it",
        "span groupbyattrs");
    add(
        "processors",
        "use tallyspan_metrics, a connector, which counts spans about LLMs",
        "spanmetrics signozspanmetrics");
    add(
        "processors",
        METRICS,
        "deltatocumulative cumulativetodelta deltatorate metricstransform metricsgeneration"
            + " metricstarttime interval logdedup logstransform sumologic logratelimit"
            + " cardinalityguardian experimentalmetricsgeneration metricsstarttime");
    add(
        "processors",
        "keep a Collector in front for it",
        "routing remotetap isolationforest queuebatch ratelimit servicegraph");
    add("connectors", SPAN_METRICS, "spanmetrics");
    add(
        "connectors",
        "list the exporters in the pipeline itself; a backend that is away does not stop the others",
        "failover roundrobin");
    add(
        "connectors",
        "it connects pipelines of one signal: list it as an exporter of one and as a receiver of"
            + " another",
        "forward routing");
    add(
        "connectors",
        "keep a Collector for it",
        "servicegraph count sum signaltometrics exceptions datadog grafanacloud otlpjson metricsaslogs"
            + " slowsql");
    add(
        "extensions",
        AUTHENTICATE,
        "oidc oidcauth jwtauth asapclient asapauth oauth2client sigv4auth azureauth googleclientauth"
            + " oauth2clientauth awsiamdbauth");
    add("extensions", "use file_storage, or storage.directory", "dbstorage redisstorage");
    add(
        "extensions",
        NOT_NEEDED,
        "memorylimiter memoryballast opamp remotetap k8sobserver"
            + " dockerobserver ecsobserver hostobserver kafkatopicsobserver cgroupruntime"
            + " k8sleaderelector healthcheckv2 httpforwarder solarwindsapmsettings sumologic"
            + " awsproxy jaegerremotesampling jaegerstorage jaegerquery jaegermcp textencoding"
            + " jsonlogencoding otlpencoding zipkinencoding jaegerencoding avrologencoding"
            + " signozhealthcheck expvar ack awslogsencoding azureencoding"
            + " awscloudwatchmetricstreamsencoding googlecloudlogentryencoding skywalkingencoding"
            + " datadog pebbletailstorage remotesampling remotestorage");
  }

  /** Enrichments and conveniences: without them, the spans say less or are more. */
  private static final Set<String> ADDING =
      Set.of(
          "resourcedetection",
          "k8sattributes",
          "geoip",
          "ecsattributes",
          "dockerattributes",
          "lookup",
          "dnslookup",
          "genainormalizer",
          "tailsampling",
          "groupbytrace",
          "groupbyattrs",
          "span",
          "spanmetrics",
          "signozspanmetrics",
          "servicegraph",
          "remotetap",
          "queuebatch",
          "ratelimit",
          "isolationforest",
          "schema",
          "coralogix",
          "adaptivesampling",
          "transform");

  /** Functions of OTTL that keep something from the backend. */
  private static final String[] REMOVING = {
    "delete",
    "keep_",
    "truncate",
    "limit(",
    "replace_",
    "redact",
    "sha",
    "md5",
    "fnv",
    "hash",
    "mask",
    "***",
    "hidden",
    "removed"
  };

  private static final String ATTRIBUTES = "(?:[a-z]+\\.)?attributes";

  /** {@code set(attributes["new"], attributes["old"])}; the group is the old key. */
  private static final Pattern COPY =
      Pattern.compile("set\\(%1$s\\[\"[^\"]+\"], *%1$s\\[\"([^\"]+)\"]\\)".formatted(ATTRIBUTES));

  /** {@code delete_key(attributes, "old")}; after a copy, it renames. */
  private static final Pattern DELETE =
      Pattern.compile("delete_key\\(%s, *\"([^\"]+)\"\\)".formatted(ATTRIBUTES));

  private OtherComponents() {}

  private static void add(String kind, String instead, String types) {
    Map<String, String> known = INSTEAD.computeIfAbsent(kind, any -> new HashMap<>());
    for (String type : types.split(" ")) {
      known.put(type, instead);
    }
  }

  /** Returns what to do instead; null if the Collector's distributions have no such type either. */
  static @Nullable String instead(String kind, String type) {
    return INSTEAD.getOrDefault(kind, Map.of()).get(plain(type));
  }

  /**
   * Whether the spans or log records of a pipeline are still right without a processor. They are
   * not if it keeps something from the backend, such as a person's name.
   *
   * @param definition of the processor
   */
  static boolean mayBeLeftOut(String type, @Nullable Node definition, Signal signal) {
    String plain = plain(type);
    if (!ADDING.contains(plain)) {
      return METRICS.equals(instead("processors", type));
    }
    if (!plain.equals("transform") || definition == null) {
      return true;
    }
    List<String> statements =
        Nodes.entries(definition).stream()
            .filter(entry -> concerns(Nodes.text(entry.getKeyNode()), signal))
            .flatMap(entry -> Nodes.texts(entry.getValueNode()))
            .map(statement -> statement.toLowerCase(Locale.ROOT).strip())
            .toList();
    Set<String> copied = new HashSet<>();
    for (String statement : statements) {
      Matcher copy = COPY.matcher(statement);
      if (copy.lookingAt()) {
        copied.add(copy.group(1));
      }
      Matcher delete = DELETE.matcher(statement);
      boolean renames = delete.lookingAt() && copied.contains(delete.group(1));
      if (!renames && removes(statement)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns what to say where a component is left out; null if the Collector's distributions have
   * no such type either.
   */
  static @Nullable String insteadOfLeftOut(String kind, String type) {
    String instead = instead(kind, type);
    return PROTECT.equals(instead)
        ? "its statements for this signal add and rename only; keep a Collector in front for them"
        : instead;
  }

  /** Statements for log records do nothing in a pipeline of traces, where they may be listed. */
  private static boolean concerns(String key, Signal signal) {
    String own =
        switch (signal) {
          case TRACES -> "trace_statements";
          case LOGS -> "log_statements";
          case METRICS -> "metric_statements";
        };
    return !key.endsWith("_statements") || key.equals(own);
  }

  /** The name of a span is no secret, and backends group by it. */
  private static boolean removes(String lower) {
    if (lower.matches("replace_[a-z_]+\\((span\\.)?name,.*")) {
      return false;
    }
    for (String function : REMOVING) {
      if (lower.contains(function)) {
        return true;
      }
    }
    return false;
  }

  private static String plain(String type) {
    return type.replace("_", "");
  }
}
