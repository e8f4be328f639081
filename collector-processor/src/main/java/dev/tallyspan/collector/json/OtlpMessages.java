package dev.tallyspan.collector.json;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.PerSignal;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.MessageType.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages of OTLP 1.11.0, for traces, logs and metrics.
 *
 * <p>Each line defines a field: number, JSON name, type. A type is a scalar, or an enum or message
 * of the tables. A suffix marks a repeated field ({@code *}), an optional field ({@code ?}) or a
 * member of the message's oneof ({@code |}).
 *
 * <p>{@code KeyValue.key_strindex} and {@code AnyValue.string_value_strindex} are left out: they
 * refer to a dictionary that only profiles have; in other signals, they must be treated as absent.
 *
 * @see <a href="https://github.com/open-telemetry/opentelemetry-proto/tree/v1.11.0">OTLP 1.11.0</a>
 */
final class OtlpMessages {

  private static final String TABLE =
      """
      ExportTraceServiceRequest
        1 resourceSpans ResourceSpans*
      ResourceSpans
        1 resource Resource
        2 scopeSpans ScopeSpans*
        3 schemaUrl string
      ScopeSpans
        1 scope InstrumentationScope
        2 spans Span*
        3 schemaUrl string
      Span
        1 traceId trace_id
        2 spanId span_id
        3 traceState string
        4 parentSpanId span_id
        5 name string
        6 kind SpanKind
        7 startTimeUnixNano fixed64
        8 endTimeUnixNano fixed64
        9 attributes KeyValue*
        10 droppedAttributesCount uint32
        11 events Event*
        12 droppedEventsCount uint32
        13 links Link*
        14 droppedLinksCount uint32
        15 status Status
        16 flags fixed32
      Event
        1 timeUnixNano fixed64
        2 name string
        3 attributes KeyValue*
        4 droppedAttributesCount uint32
      Link
        1 traceId trace_id
        2 spanId span_id
        3 traceState string
        4 attributes KeyValue*
        5 droppedAttributesCount uint32
        6 flags fixed32
      Status
        2 message string
        3 code StatusCode

      ExportLogsServiceRequest
        1 resourceLogs ResourceLogs*
      ResourceLogs
        1 resource Resource
        2 scopeLogs ScopeLogs*
        3 schemaUrl string
      ScopeLogs
        1 scope InstrumentationScope
        2 logRecords LogRecord*
        3 schemaUrl string
      LogRecord
        1 timeUnixNano fixed64
        2 severityNumber SeverityNumber
        3 severityText string
        5 body AnyValue
        6 attributes KeyValue*
        7 droppedAttributesCount uint32
        8 flags fixed32
        9 traceId trace_id
        10 spanId span_id
        11 observedTimeUnixNano fixed64
        12 eventName string

      ExportMetricsServiceRequest
        1 resourceMetrics ResourceMetrics*
      ResourceMetrics
        1 resource Resource
        2 scopeMetrics ScopeMetrics*
        3 schemaUrl string
      ScopeMetrics
        1 scope InstrumentationScope
        2 metrics Metric*
        3 schemaUrl string
      Metric
        1 name string
        2 description string
        3 unit string
        5 gauge Gauge|
        7 sum Sum|
        9 histogram Histogram|
        10 exponentialHistogram ExponentialHistogram|
        11 summary Summary|
        12 metadata KeyValue*
      Gauge
        1 dataPoints NumberDataPoint*
      Sum
        1 dataPoints NumberDataPoint*
        2 aggregationTemporality AggregationTemporality
        3 isMonotonic bool
      Histogram
        1 dataPoints HistogramDataPoint*
        2 aggregationTemporality AggregationTemporality
      ExponentialHistogram
        1 dataPoints ExponentialHistogramDataPoint*
        2 aggregationTemporality AggregationTemporality
      Summary
        1 dataPoints SummaryDataPoint*
      NumberDataPoint
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 asDouble double|
        5 exemplars Exemplar*
        6 asInt sfixed64|
        7 attributes KeyValue*
        8 flags uint32
      HistogramDataPoint
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 count fixed64
        5 sum double?
        6 bucketCounts fixed64*
        7 explicitBounds double*
        8 exemplars Exemplar*
        9 attributes KeyValue*
        10 flags uint32
        11 min double?
        12 max double?
      ExponentialHistogramDataPoint
        1 attributes KeyValue*
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 count fixed64
        5 sum double?
        6 scale sint32
        7 zeroCount fixed64
        8 positive Buckets
        9 negative Buckets
        10 flags uint32
        11 exemplars Exemplar*
        12 min double?
        13 max double?
        14 zeroThreshold double
      Buckets
        1 offset sint32
        2 bucketCounts uint64*
      SummaryDataPoint
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 count fixed64
        5 sum double
        6 quantileValues ValueAtQuantile*
        7 attributes KeyValue*
        8 flags uint32
      ValueAtQuantile
        1 quantile double
        2 value double
      Exemplar
        2 timeUnixNano fixed64
        3 asDouble double|
        4 spanId span_id
        5 traceId trace_id
        6 asInt sfixed64|
        7 filteredAttributes KeyValue*

      Resource
        1 attributes KeyValue*
        2 droppedAttributesCount uint32
        3 entityRefs EntityRef*
      EntityRef
        1 schemaUrl string
        2 type string
        3 idKeys string*
        4 descriptionKeys string*
      InstrumentationScope
        1 name string
        2 version string
        3 attributes KeyValue*
        4 droppedAttributesCount uint32
      KeyValue
        1 key string
        2 value AnyValue
      AnyValue
        1 stringValue string|
        2 boolValue bool|
        3 intValue int64|
        4 doubleValue double|
        5 arrayValue ArrayValue|
        6 kvlistValue KeyValueList|
        7 bytesValue bytes|
      ArrayValue
        1 values AnyValue*
      KeyValueList
        1 values KeyValue*
      """;

  /** The enums of the table above, with the number and name of each value. */
  private static final String ENUM_TABLE =
      """
      SpanKind
        0 SPAN_KIND_UNSPECIFIED
        1 SPAN_KIND_INTERNAL
        2 SPAN_KIND_SERVER
        3 SPAN_KIND_CLIENT
        4 SPAN_KIND_PRODUCER
        5 SPAN_KIND_CONSUMER
      StatusCode
        0 STATUS_CODE_UNSET
        1 STATUS_CODE_OK
        2 STATUS_CODE_ERROR
      SeverityNumber
        0 SEVERITY_NUMBER_UNSPECIFIED
        1 SEVERITY_NUMBER_TRACE
        2 SEVERITY_NUMBER_TRACE2
        3 SEVERITY_NUMBER_TRACE3
        4 SEVERITY_NUMBER_TRACE4
        5 SEVERITY_NUMBER_DEBUG
        6 SEVERITY_NUMBER_DEBUG2
        7 SEVERITY_NUMBER_DEBUG3
        8 SEVERITY_NUMBER_DEBUG4
        9 SEVERITY_NUMBER_INFO
        10 SEVERITY_NUMBER_INFO2
        11 SEVERITY_NUMBER_INFO3
        12 SEVERITY_NUMBER_INFO4
        13 SEVERITY_NUMBER_WARN
        14 SEVERITY_NUMBER_WARN2
        15 SEVERITY_NUMBER_WARN3
        16 SEVERITY_NUMBER_WARN4
        17 SEVERITY_NUMBER_ERROR
        18 SEVERITY_NUMBER_ERROR2
        19 SEVERITY_NUMBER_ERROR3
        20 SEVERITY_NUMBER_ERROR4
        21 SEVERITY_NUMBER_FATAL
        22 SEVERITY_NUMBER_FATAL2
        23 SEVERITY_NUMBER_FATAL3
        24 SEVERITY_NUMBER_FATAL4
      AggregationTemporality
        0 AGGREGATION_TEMPORALITY_UNSPECIFIED
        1 AGGREGATION_TEMPORALITY_DELTA
        2 AGGREGATION_TEMPORALITY_CUMULATIVE
      """;

  private static final Map<String, FieldType> SCALARS =
      Map.ofEntries(
          Map.entry("string", FieldType.STRING),
          Map.entry("bytes", FieldType.BYTES),
          Map.entry("trace_id", FieldType.TRACE_ID),
          Map.entry("span_id", FieldType.SPAN_ID),
          Map.entry("bool", FieldType.BOOL),
          Map.entry("sint32", FieldType.SINT32),
          Map.entry("uint32", FieldType.UINT32),
          Map.entry("int64", FieldType.INT64),
          Map.entry("uint64", FieldType.UINT64),
          Map.entry("fixed32", FieldType.FIXED32_BITS),
          Map.entry("fixed64", FieldType.FIXED64_BITS),
          Map.entry("sfixed64", FieldType.SFIXED64_BITS),
          Map.entry("double", FieldType.DOUBLE));

  private static final Map<String, Map<String, Integer>> ENUMS = readEnums();
  private static final Map<String, MessageType> MESSAGES = read();

  private static final PerSignal<MessageType> REQUESTS =
      PerSignal.of(
          signal ->
              requireNonNull(
                  MESSAGES.get(
                      switch (signal) {
                        case TRACES -> "ExportTraceServiceRequest";
                        case LOGS -> "ExportLogsServiceRequest";
                        case METRICS -> "ExportMetricsServiceRequest";
                      })));

  /** Returns the message type of requests of the signal. */
  static MessageType request(Signal signal) {
    return REQUESTS.get(signal);
  }

  private static Map<String, Map<String, Integer>> readEnums() {
    Map<String, Map<String, Integer>> enums = new HashMap<>();
    Map<String, Integer> values = new HashMap<>();
    for (String line : ENUM_TABLE.lines().toList()) {
      if (line.charAt(0) != ' ') {
        values = new HashMap<>();
        enums.put(line, values);
      } else {
        String[] words = line.trim().split(" ");
        values.put(words[1], Integer.valueOf(words[0]));
      }
    }
    return Map.copyOf(enums);
  }

  private static Map<String, MessageType> read() {
    Map<String, MessageType> messages = new HashMap<>();
    List<String> lines = TABLE.lines().filter(line -> !line.isEmpty()).toList();
    for (String line : lines) {
      if (line.charAt(0) != ' ') {
        messages.put(line, new MessageType());
      }
    }
    Map<String, List<Field>> fields = new HashMap<>();
    List<Field> own = new ArrayList<>();
    for (String line : lines) {
      if (line.charAt(0) != ' ') {
        own = new ArrayList<>();
        fields.put(line, own);
      } else {
        own.add(field(line, messages));
      }
    }
    messages.forEach((name, message) -> message.define(fields.getOrDefault(name, List.of())));
    return Map.copyOf(messages);
  }

  private static Field field(String line, Map<String, MessageType> messages) {
    String[] words = line.trim().split(" ");
    String type = words[2];
    char mark = type.charAt(type.length() - 1);
    if (!Character.isLetterOrDigit(mark)) {
      type = type.substring(0, type.length() - 1);
    }
    MessageType message = messages.get(type);
    Map<String, Integer> values = ENUMS.get(type);
    FieldType scalar = values == null ? SCALARS.get(type) : FieldType.ENUM;
    if (message == null && scalar == null) {
      throw new IllegalStateException("type=" + type + ": not defined, in the line" + line);
    }
    return new Field(
        Integer.parseInt(words[0]),
        words[1],
        scalar == null ? FieldType.MESSAGE : scalar,
        message == null ? MessageType.EMPTY : message,
        values == null ? Map.of() : values,
        /* repeated= */ mark == '*',
        /* presence= */ mark == '?' || mark == '|' || message != null,
        /* alternative= */ mark == '|');
  }

  private OtlpMessages() {}
}
