package dev.tallyspan.collector.wire;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;

/**
 * The part of OTLP that the rewriter looks at, as two schemas each for traces and logs: of every
 * item, and of an item that is shown to the editor. Strings are bytes, since their UTF-8 is not
 * checked; messages that are skipped by their lengths are not in the schema. So protobuf-java says
 * of these schemas exactly which bytes must be refused.
 */
final class LookedAt {

  private static final Type BYTES = Type.TYPE_BYTES;

  private static final FileDescriptor SCAN =
      file(
          "scan",
          message("Request", repeated(1, "ResourceSpans")),
          message("ResourceSpans", repeated(2, "ScopeSpans")),
          message("ScopeSpans", repeated(2, "Span")),
          message("Span", repeated(9, "KeyValue"), repeated(11, "Event")),
          message("KeyValue", scalar(1, BYTES), scalar(2, BYTES)),
          message("Event", scalar(2, BYTES)));

  private static final FileDescriptor FULL =
      file(
          "full",
          message("Request", repeated(1, "ResourceSpans")),
          message("ResourceSpans", singular(1, "Resource"), repeated(2, "ScopeSpans")),
          message("Resource", repeated(1, "KeyValue")),
          message("ScopeSpans", singular(1, "Scope"), repeated(2, "Span")),
          message("Scope", scalar(1, BYTES), scalar(2, BYTES)),
          message(
              "Span",
              scalar(1, BYTES),
              scalar(2, BYTES),
              scalar(4, BYTES),
              scalar(5, BYTES),
              scalar(6, Type.TYPE_INT32),
              scalar(7, Type.TYPE_FIXED64),
              scalar(8, Type.TYPE_FIXED64),
              repeated(9, "KeyValue"),
              repeated(11, "Event"),
              singular(15, "Status")),
          message("Event", scalar(1, Type.TYPE_FIXED64), scalar(2, BYTES), repeated(3, "KeyValue")),
          message("Status", scalar(2, BYTES), scalar(3, Type.TYPE_INT32)),
          message("KeyValue", scalar(1, BYTES), singular(2, "AnyValue")),
          message(
              "AnyValue",
              scalar(1, BYTES),
              scalar(2, Type.TYPE_BOOL),
              scalar(3, Type.TYPE_INT64),
              scalar(4, Type.TYPE_DOUBLE),
              singular(5, "ArrayValue"),
              singular(6, "KeyValueList"),
              scalar(7, BYTES),
              scalar(8, Type.TYPE_INT32)),
          message("ArrayValue", repeated(1, "AnyValue")),
          message("KeyValueList", repeated(1, "KeyValue")));

  private static final FileDescriptor LOG_SCAN =
      file(
          "log_scan",
          message("Request", repeated(1, "ResourceLogs")),
          message("ResourceLogs", repeated(2, "ScopeLogs")),
          message("ScopeLogs", repeated(2, "LogRecord")),
          message("LogRecord", repeated(6, "KeyValue"), scalar(12, BYTES)),
          message("KeyValue", scalar(1, BYTES), scalar(2, BYTES)));

  private static final FileDescriptor LOG_FULL =
      file(
          "log_full",
          message("Request", repeated(1, "ResourceLogs")),
          message("ResourceLogs", singular(1, "Resource"), repeated(2, "ScopeLogs")),
          message("Resource", repeated(1, "KeyValue")),
          message("ScopeLogs", singular(1, "Scope"), repeated(2, "LogRecord")),
          message("Scope", scalar(1, BYTES), scalar(2, BYTES)),
          message(
              "LogRecord",
              scalar(1, Type.TYPE_FIXED64),
              singular(5, "AnyValue"),
              repeated(6, "KeyValue"),
              scalar(9, BYTES),
              scalar(10, BYTES),
              scalar(11, Type.TYPE_FIXED64),
              scalar(12, BYTES)),
          message("KeyValue", scalar(1, BYTES), singular(2, "AnyValue")),
          message(
              "AnyValue",
              scalar(1, BYTES),
              scalar(2, Type.TYPE_BOOL),
              scalar(3, Type.TYPE_INT64),
              scalar(4, Type.TYPE_DOUBLE),
              singular(5, "ArrayValue"),
              singular(6, "KeyValueList"),
              scalar(7, BYTES),
              scalar(8, Type.TYPE_INT32)),
          message("ArrayValue", repeated(1, "AnyValue")),
          message("KeyValueList", repeated(1, "KeyValue")));

  private LookedAt() {}

  /** Whether the bytes are a request as far as every span is looked at. */
  static boolean acceptsScan(byte[] bytes) {
    return accepts(SCAN.findMessageTypeByName("Request"), bytes);
  }

  /** Whether the bytes are a request as far as a span that is shown is looked at. */
  static boolean acceptsFull(byte[] bytes) {
    return accepts(FULL.findMessageTypeByName("Request"), bytes);
  }

  /** Whether the bytes are a log request as far as every record is looked at. */
  static boolean acceptsLogScan(byte[] bytes) {
    return accepts(LOG_SCAN.findMessageTypeByName("Request"), bytes);
  }

  /** Whether the bytes are a log request as far as a record that is shown is looked at. */
  static boolean acceptsLogFull(byte[] bytes) {
    return accepts(LOG_FULL.findMessageTypeByName("Request"), bytes);
  }

  private static boolean accepts(Descriptor type, byte[] bytes) {
    try {
      DynamicMessage.parseFrom(type, bytes);
      return true;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static FileDescriptor file(String name, DescriptorProto... messages) {
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder().setName(name + ".proto").setSyntax("proto3");
    for (DescriptorProto message : messages) {
      file.addMessageType(message);
    }
    try {
      return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DescriptorProto message(String name, FieldDescriptorProto... fields) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
    for (FieldDescriptorProto field : fields) {
      message.addField(field);
    }
    return message.build();
  }

  private static FieldDescriptorProto scalar(int number, Type type) {
    return field(number).setLabel(Label.LABEL_OPTIONAL).setType(type).build();
  }

  private static FieldDescriptorProto singular(int number, String type) {
    return field(number).setLabel(Label.LABEL_OPTIONAL).setTypeName(type).build();
  }

  private static FieldDescriptorProto repeated(int number, String type) {
    return field(number).setLabel(Label.LABEL_REPEATED).setTypeName(type).build();
  }

  private static FieldDescriptorProto.Builder field(int number) {
    return FieldDescriptorProto.newBuilder().setName("f" + number).setNumber(number);
  }
}
