package dev.tallyspan.collector.wire;

/**
 * The tags (field number and wire type) of the OTLP fields that this package reads. A known field
 * with another wire type is treated as an unknown field, as protobuf does.
 *
 * @see <a href="https://github.com/open-telemetry/opentelemetry-proto">opentelemetry-proto</a>
 */
final class OtlpFields {

  /** {@code resource_spans}, {@code resource_logs} and {@code resource_metrics} of a request. */
  static final int REQUEST_RESOURCES = 1 << 3 | Wire.LENGTH_DELIMITED;

  /** {@code resource} of {@code ResourceSpans}. */
  static final int RESOURCE = 1 << 3 | Wire.LENGTH_DELIMITED;

  /** {@code scope_spans}, {@code scope_logs} and {@code scope_metrics}. */
  static final int RESOURCE_SCOPES = 2 << 3 | Wire.LENGTH_DELIMITED;

  /** {@code scope} of {@code ScopeSpans}. */
  static final int SCOPE = 1 << 3 | Wire.LENGTH_DELIMITED;

  /** {@code spans}, {@code log_records} and {@code metrics}. */
  static final int SCOPE_ITEMS = 2 << 3 | Wire.LENGTH_DELIMITED;

  static final int RESOURCE_ATTRIBUTES = 1 << 3 | Wire.LENGTH_DELIMITED;

  static final int SCOPE_NAME = 1 << 3 | Wire.LENGTH_DELIMITED;
  static final int SCOPE_VERSION = 2 << 3 | Wire.LENGTH_DELIMITED;

  static final int SPAN_TRACE_ID = 1 << 3 | Wire.LENGTH_DELIMITED;
  static final int SPAN_ID = 2 << 3 | Wire.LENGTH_DELIMITED;
  static final int SPAN_TRACE_STATE = 3 << 3 | Wire.LENGTH_DELIMITED;
  static final int SPAN_PARENT_ID = 4 << 3 | Wire.LENGTH_DELIMITED;
  static final int SPAN_NAME = 5 << 3 | Wire.LENGTH_DELIMITED;
  static final int SPAN_KIND = 6 << 3 | Wire.VARINT;
  static final int SPAN_START = 7 << 3 | Wire.FIXED64;
  static final int SPAN_END = 8 << 3 | Wire.FIXED64;
  static final int SPAN_ATTRIBUTES = 9 << 3 | Wire.LENGTH_DELIMITED;
  static final int SPAN_DROPPED_ATTRIBUTES = 10 << 3 | Wire.VARINT;
  static final int SPAN_EVENTS = 11 << 3 | Wire.LENGTH_DELIMITED;
  static final int SPAN_DROPPED_EVENTS = 12 << 3 | Wire.VARINT;
  static final int SPAN_STATUS = 15 << 3 | Wire.LENGTH_DELIMITED;

  static final int LOG_TIME = 1 << 3 | Wire.FIXED64;
  static final int LOG_SEVERITY_NUMBER = 2 << 3 | Wire.VARINT;
  static final int LOG_SEVERITY_TEXT = 3 << 3 | Wire.LENGTH_DELIMITED;
  static final int LOG_BODY = 5 << 3 | Wire.LENGTH_DELIMITED;
  static final int LOG_ATTRIBUTES = 6 << 3 | Wire.LENGTH_DELIMITED;
  static final int LOG_TRACE_ID = 9 << 3 | Wire.LENGTH_DELIMITED;
  static final int LOG_SPAN_ID = 10 << 3 | Wire.LENGTH_DELIMITED;
  static final int LOG_OBSERVED_TIME = 11 << 3 | Wire.FIXED64;
  static final int LOG_EVENT_NAME = 12 << 3 | Wire.LENGTH_DELIMITED;

  static final int EVENT_TIME = 1 << 3 | Wire.FIXED64;
  static final int EVENT_NAME = 2 << 3 | Wire.LENGTH_DELIMITED;
  static final int EVENT_ATTRIBUTES = 3 << 3 | Wire.LENGTH_DELIMITED;

  static final int STATUS_MESSAGE = 2 << 3 | Wire.LENGTH_DELIMITED;
  static final int STATUS_CODE = 3 << 3 | Wire.VARINT;

  static final int KEY = 1 << 3 | Wire.LENGTH_DELIMITED;
  static final int VALUE = 2 << 3 | Wire.LENGTH_DELIMITED;

  static final int ANY_STRING = 1 << 3 | Wire.LENGTH_DELIMITED;
  static final int ANY_BOOL = 2 << 3 | Wire.VARINT;
  static final int ANY_INT = 3 << 3 | Wire.VARINT;
  static final int ANY_DOUBLE = 4 << 3 | Wire.FIXED64;
  static final int ANY_ARRAY = 5 << 3 | Wire.LENGTH_DELIMITED;
  static final int ANY_MAP = 6 << 3 | Wire.LENGTH_DELIMITED;
  static final int ANY_BYTES = 7 << 3 | Wire.LENGTH_DELIMITED;

  /** An index into a table that only profiles have; in other signals, it means no value. */
  static final int ANY_STRING_INDEX = 8 << 3 | Wire.VARINT;

  /** {@code values} of {@code ArrayValue} and of {@code KeyValueList}. */
  static final int LIST_VALUES = 1 << 3 | Wire.LENGTH_DELIMITED;

  static final int METRIC_GAUGE = 5 << 3 | Wire.LENGTH_DELIMITED;
  static final int METRIC_SUM = 7 << 3 | Wire.LENGTH_DELIMITED;
  static final int METRIC_HISTOGRAM = 9 << 3 | Wire.LENGTH_DELIMITED;
  static final int METRIC_EXPONENTIAL_HISTOGRAM = 10 << 3 | Wire.LENGTH_DELIMITED;
  static final int METRIC_SUMMARY = 11 << 3 | Wire.LENGTH_DELIMITED;

  /** {@code data_points} of all five. */
  static final int DATA_POINTS = 1 << 3 | Wire.LENGTH_DELIMITED;

  /** The nesting depths of the messages; the request has depth 0. */
  static final int RESOURCES_DEPTH = 1;

  static final int SCOPES_DEPTH = 2;
  static final int ITEM_DEPTH = 3;

  private OtlpFields() {}
}
