package dev.tallyspan.benchmarks;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/** Finds the ids in an encoded trace request without parsing it into objects. */
public final class SpanIds {

  private static final int RESOURCE_SPANS = 1;
  private static final int SCOPE_SPANS = 2;
  private static final int SPANS = 2;
  private static final int TRACE_ID = 1;
  private static final int SPAN_ID = 2;
  private static final int PARENT_SPAN_ID = 4;
  private static final int[] PATH = {RESOURCE_SPANS, SCOPE_SPANS, SPANS};

  /** Called for each span. */
  public interface Visitor {
    /**
     * @param traceId where the 16 bytes of the trace id start
     * @param spanId where the 8 bytes of the span id start
     * @param parentId the same of the parent's; -1 if there is none
     */
    void span(int traceId, int spanId, int parentId);
  }

  private SpanIds() {}

  /** Visits the spans of a request in their order. */
  public static void visit(byte[] request, Visitor visitor) throws IOException {
    visit(CodedInputStream.newInstance(request), 0, visitor);
  }

  private static void visit(CodedInputStream in, int depth, Visitor visitor) throws IOException {
    int traceId = -1;
    int spanId = -1;
    int parentId = -1;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        in.skipField(tag);
        continue;
      }
      int length = in.readRawVarint32();
      if (depth < PATH.length && field == PATH[depth]) {
        int limit = in.pushLimit(length);
        visit(in, depth + 1, visitor);
        in.popLimit(limit);
        continue;
      }
      if (depth == PATH.length && field == TRACE_ID) {
        traceId = in.getTotalBytesRead();
      } else if (depth == PATH.length && field == SPAN_ID) {
        spanId = in.getTotalBytesRead();
      } else if (depth == PATH.length && field == PARENT_SPAN_ID) {
        parentId = in.getTotalBytesRead();
      }
      in.skipRawBytes(length);
    }
    if (depth == PATH.length) {
      visitor.span(traceId, spanId, parentId);
    }
  }
}
