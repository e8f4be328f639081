package dev.tallyspan.collector.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
      "keep a Collector in front for it, so that what it removes does not reach Tallyspan";
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
        "jaeger zipkin opencensus kafka awsxray skywalking otelarrow datadog sapm signalfx"
            + " googlecloudpubsub pulsar solace azureeventhub faro sentry webhookevent");
    add(
        "receivers",
        SCRAPE,
        "prometheus prometheussimple prometheusremotewrite hostmetrics dockerstats kubeletstats"
            + " k8scluster k8sevents k8sobjects statsd carbon collectd influxdb redis postgresql"
            + " mysql mongodb mongodbatlas nginx apache elasticsearch rabbitmq kafkametrics"
            + " memcached zookeeper haproxy httpcheck tcpcheck icmpcheck snmp sqlserver sqlquery"
            + " oracledb vcenter windowsperfcounters windowseventlog filelog filestats otlpjsonfile"
            + " fluentforward journald syslog tcplog udplog namedpipe splunkhec splunkenterprise"
            + " loki awscloudwatch awscontainerinsightreceiver awsecscontainermetrics awsfirehose"
            + " awss3 azuremonitor azureblob googlecloudmonitoring googlecloudspanner podman"
            + " receivercreator simpleprometheus sshcheck tlscheck wavefront yanggrpc nvidia dcgm"
            + " nop cloudflare github gitlab gitprovider bigip couchdb expvar flinkmetrics iis jmx"
            + " nsxt ntp pprof purefa riak saphana snowflake systemd aerospike activedirectoryds");
    add("exporters", PROMETHEUS, "prometheus prometheusremotewrite");
    add(
        "exporters",
        EXPORT,
        "jaeger jaegerthrift zipkin kafka clickhouse elasticsearch opensearch loadbalancing datadog"
            + " splunkhec signalfx sapm loki googlecloud googlemanagedprometheus googlecloudpubsub"
            + " awsxray awsemf awscloudwatchlogs awss3 awskinesis azuremonitor azuredataexplorer"
            + " azureblob otelarrow opencensus logzio logicmonitor coralogix honeycombmarker sentry"
            + " mezmo sumologic tencentcloudlogservice alibabacloudlogservice pulsar rabbitmq"
            + " cassandra doris influxdb carbon stef bmchelix dataset faro tinybird syslog"
            + " clickhousetraces clickhouselogsexporter signozclickhousemetrics"
            + " signozclickhousemeter metadataexporter jaegerstorageexporter");
    add("exporters", "use debug, or remove it", "nop");
    add(
        "processors",
        ENRICH,
        "resourcedetection k8sattributes geoip ecsattributes dockerattributes lookup dnslookup");
    add(
        "processors",
        "the processor tallyspan reads these conventions, and more",
        "genainormalizer");
    add("processors", PROTECT, "redaction transform schema unroll");
    add("processors", "use sampling of the processor tallyspan", "tailsampling");
    add("processors", "the window of the processor tallyspan sees whole traces", "groupbytrace");
    add(
        "processors",
        "use the processor attributes or resource, or keep a Collector in front for it",
        "span groupbyattrs");
    add("processors", "use tallyspan_metrics, a connector", "spanmetrics signozspanmetrics");
    add(
        "processors",
        METRICS,
        "deltatocumulative cumulativetodelta deltatorate metricstransform metricsgeneration"
            + " metricstarttime interval logdedup logstransform sumologic logratelimit");
    add(
        "processors",
        "keep a Collector in front for it",
        "routing remotetap isolationforest queuebatch ratelimit servicegraph");
    add("connectors", SPAN_METRICS, "spanmetrics");
    add(
        "connectors",
        "use sampling of the processor tallyspan, or list the exporters in the pipeline itself",
        "routing failover roundrobin forward");
    add(
        "connectors",
        "keep a Collector for it",
        "servicegraph count sum signaltometrics exceptions datadog grafanacloud otlpjson metricsaslogs"
            + " slowsql failover");
    add(
        "extensions",
        AUTHENTICATE,
        "oidc jwtauth asapclient oauth2client sigv4auth azureauth googleclientauth headerssetter"
            + " headersetter authn");
    add(
        "extensions",
        NOT_NEEDED,
        "memorylimiter memoryballast opamp remotetap dbstorage redisstorage k8sobserver"
            + " dockerobserver ecsobserver hostobserver kafkatopicsobserver cgroupruntime"
            + " k8sleaderelector healthcheckv2 httpforwarder solarwindsapmsettings sumologic"
            + " awsproxy jaegerremotesampling jaegerstorage jaegerquery jaegermcp textencoding"
            + " jsonlogencoding otlpencoding zipkinencoding jaegerencoding avrologencoding"
            + " signozhealthcheck expvar ackextension");
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
    "mask"
  };

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
   * Whether the spans of a pipeline are still right without a processor. They are not if it keeps
   * something from the backend, such as a person's name.
   *
   * @param definition of the processor
   */
  static boolean mayBeLeftOut(String type, @Nullable Node definition) {
    String plain = plain(type);
    if (!ADDING.contains(plain)) {
      return METRICS.equals(instead("processors", type));
    }
    if (!plain.equals("transform") || definition == null) {
      return true;
    }
    return Nodes.texts(definition).noneMatch(OtherComponents::removes);
  }

  /** The name of a span is no secret, and backends group by it. */
  private static boolean removes(String statement) {
    String lower = statement.toLowerCase(Locale.ROOT).strip();
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
