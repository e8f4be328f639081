package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * Edits the resources of requests of any signal in their encoded form. Everything else keeps its
 * bytes: items, scopes, unknown fields, and resources that are not edited. Thread-safe.
 */
public final class ResourceSplicer {

  /*
   * The envelopes of the three signals have the same field numbers down to the resource, so one walk
   * does for all of them. A resource that comes in parts has the attributes of all parts: what is
   * removed is cut from the part that it is in, and what is set is appended to the last part, so that
   * it is also the last attribute of the merged resource. Without a resource, one is added at the end
   * of the envelope.
   */

  /** More than the headers of an envelope and its resources can grow together, for each part. */
  private static final int HEADERS = 16;

  private ResourceSplicer() {}

  /**
   * Passes every resource to the editor, on the calling thread, and applies its changes. An
   * envelope without a resource counts as one with an empty resource.
   *
   * @return the edited request; if nothing changed, the request itself
   * @throws MalformedRequestException if the request is not protobuf down to its resources
   */
  public static Slices splice(Slices request, ResourceEditor editor)
      throws MalformedRequestException {
    requireNonNull(editor, "editor");
    byte[] bytes = request.contiguous();
    Pass pass = new Pass(bytes, editor);
    try {
      pass.request();
    } catch (WireFault e) {
      throw e.relativeTo(0);
    }
    return pass.splices.isEmpty() ? request : pass.splices.apply(bytes, 0, bytes.length);
  }

  private static final class Pass {
    private final byte[] b;
    private final ResourceEditor editor;
    private final Splices splices = new Splices();
    private final WireResource resource = new WireResource();
    private final ResourceEdits edits = new ResourceEdits();
    private long growth;

    /** For each part of the resource: its tag, its length, its content and its end. */
    private int[] parts = new int[4];

    private int partCount;

    Pass(byte[] b, ResourceEditor editor) {
      this.b = b;
      this.editor = editor;
    }

    void request() throws WireFault {
      int pos = 0;
      while (pos < b.length) {
        int at = pos;
        long read = Wire.varint(b, pos, b.length, "tag", at);
        int tag = (int) read;
        if (tag == OtlpFields.REQUEST_RESOURCES) {
          int lengthAt = Wire.high(read);
          long content = Wire.content(b, lengthAt, b.length, "resource spans", at);
          pos = (int) content;
          findParts(Wire.high(content), pos);
          edit(at, lengthAt, Wire.high(content), pos);
        } else {
          pos = Wire.skip(b, Wire.high(read), b.length, tag, at, /* depth= */ 0);
        }
      }
    }

    private void findParts(int start, int end) throws WireFault {
      partCount = 0;
      int pos = start;
      while (pos < end) {
        int at = pos;
        long read = Wire.varint(b, pos, end, "tag", at);
        int tag = (int) read;
        if (tag == OtlpFields.RESOURCE) {
          long content = Wire.content(b, Wire.high(read), end, "resource", at);
          pos = (int) content;
          addPart(at, Wire.high(read), Wire.high(content), pos);
        } else {
          pos = Wire.skip(b, Wire.high(read), end, tag, at, OtlpFields.RESOURCES_DEPTH);
        }
      }
    }

    private void addPart(int at, int lengthAt, int start, int end) {
      int to = 4 * partCount++;
      if (to == parts.length) {
        parts = Arrays.copyOf(parts, 2 * to);
      }
      parts[to] = at;
      parts[to + 1] = lengthAt;
      parts[to + 2] = start;
      parts[to + 3] = end;
    }

    private void edit(int at, int lengthAt, int start, int end) {
      edits.reset();
      try {
        resource.find(b, start, end);
        if (resource.tooLarge()) {
          throw new TooManyValuesException("the resource has too many keys and values");
        }
        editor.edit(at, resource.attributes(), edits);
        if (!edits.resolve(resource.attributes())) {
          return;
        }
      } catch (WireFault e) {
        editor.failed(e.relativeTo(0));
        return;
      } catch (RuntimeException | StackOverflowError e) {
        editor.failed(e);
        return;
      }
      growth += edits.appendedSize() + (long) HEADERS * (partCount + 2);
      if (growth > Integer.MAX_VALUE - b.length) { // lengths are ints
        growth -= edits.appendedSize();
        editor.failed(new IllegalStateException("the request would exceed 2 GiB"));
        return;
      }
      int envelope = splices.reserve(at);
      long grown = partCount == 0 ? addResource(end) : editParts();
      if (grown != 0) {
        fillHeader(envelope, at, lengthAt, start, end - start + grown);
      }
    }

    private long addResource(int end) {
      Additions added = splices.added();
      int from = added.size();
      added.varint(OtlpFields.RESOURCE);
      added.varint(edits.appendedSize());
      edits.appendTo(added);
      splices.replace(end, end, from, added.size());
      return added.size() - from;
    }

    /** Applies the changes to each part. Returns the growth of all parts and their headers. */
    private long editParts() {
      long grown = 0;
      int cut = 0;
      for (int part = 0; part < partCount; part++) {
        int at = parts[4 * part];
        int start = parts[4 * part + 2];
        int end = parts[4 * part + 3];
        int place = splices.reserve(at);
        long delta = 0;
        for (; cut < edits.cutCount() && (int) edits.cut(cut) <= end; cut++) {
          long range = edits.cut(cut);
          splices.replace(Wire.high(range), (int) range, 0, 0);
          delta -= (int) range - Wire.high(range);
        }
        if (part == partCount - 1) {
          Additions added = splices.added();
          int from = added.size();
          edits.appendTo(added);
          splices.replace(end, end, from, added.size());
          delta += added.size() - from;
        }
        if (delta != 0) {
          delta += fillHeader(place, at, parts[4 * part + 1], start, end - start + delta);
        }
        grown += delta;
      }
      return grown;
    }

    /** Replaces a header by one with another length. Returns its growth. */
    private int fillHeader(int place, int at, int lengthAt, int start, long length) {
      Additions added = splices.added();
      int from = added.size();
      added.append(b, at, lengthAt - at);
      added.varint(length);
      splices.fill(place, at, start, from, added.size());
      return added.size() - from - (start - at);
    }
  }
}
