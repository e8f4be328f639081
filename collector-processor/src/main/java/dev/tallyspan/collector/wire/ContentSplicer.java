package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.wire.ContentEditor.Place;
import dev.tallyspan.collector.wire.ContentEditor.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Edits everything in a request that can hold content, in its encoded form: attributes wherever
 * they are, names, status messages, bodies of log records. What is not edited keeps its bytes.
 *
 * <p>Fails closed: an item that cannot be read or edited is removed. {@link #ofSpanAttributes} is
 * for edits that protect nothing, and fails open. Thread-safe.
 */
public final class ContentSplicer {

  /*
   * The other splicers change a few selected items and know their fields; this one visits all, of
   * three signals, and knows only where content can be (ContentShape). So it is one recursive walk.
   *
   * Each message is walked twice: first for its attributes, which the editor sees before what is
   * nested in the message, since they are to have the first share of a budget; then for texts and
   * messages, in the order of the bytes. Changes are collected as ranges of the request and what
   * replaces them, and are sorted at the end. Each message returns by how much it grew, so that the
   * length before it can be replaced. Of insertions at the same place, those of the inner message
   * come first, because it is left first and the sort is stable.
   */

  /** The request after the edits. */
  public static final class Result {
    private final Slices bytes;
    private final int items;
    private final @Nullable BitSet kept;

    private Result(Slices bytes, int items, @Nullable BitSet kept) {
      this.bytes = bytes;
      this.items = items;
      this.kept = kept;
    }

    /** The encoding; the request itself if nothing changed. */
    public Slices bytes() {
      return bytes;
    }

    /** The number of spans, log records or data points before the edits. */
    public int items() {
      return items;
    }

    /** The items that were not removed, by their index in the request; null if all were kept. */
    public @Nullable BitSet kept() {
      return kept;
    }
  }

  private final ContentShape request;
  private final boolean failsOpen;

  private ContentSplicer(ContentShape request, boolean failsOpen) {
    this.request = request;
    this.failsOpen = failsOpen;
  }

  /** Edits trace requests. */
  public static ContentSplicer ofTraces() {
    return new ContentSplicer(ContentShape.TRACES, /* failsOpen= */ false);
  }

  /**
   * Edits attributes in trace requests, and no texts. A span that cannot be read or edited keeps
   * its bytes; the editor is not told.
   */
  public static ContentSplicer ofSpanAttributes() {
    return new ContentSplicer(ContentShape.TRACES, /* failsOpen= */ true);
  }

  /** Edits log requests. */
  public static ContentSplicer ofLogs() {
    return new ContentSplicer(ContentShape.LOGS, /* failsOpen= */ false);
  }

  /** Edits metrics requests. */
  public static ContentSplicer ofMetrics() {
    return new ContentSplicer(ContentShape.METRICS, /* failsOpen= */ false);
  }

  /**
   * Passes everything that can hold content to the editor, and applies its changes.
   *
   * @throws MalformedRequestException if the request is not protobuf down to its items
   */
  public Result splice(Slices bytes, ContentEditor editor) throws MalformedRequestException {
    Pass pass = new Pass(bytes.contiguous(), requireNonNull(editor, "editor"), failsOpen);
    try {
      pass.message(request, 0, pass.b.length, /* depth= */ 0);
    } catch (WireFault e) {
      throw e.relativeTo(0);
    } catch (TooManyValuesException e) {
      throw new MalformedRequestException("a metric has too many keys and values");
    }
    return new Result(pass.apply(bytes), pass.items, pass.kept());
  }

  /** A range of the request, and the range of {@link Splices#added} that replaces it. */
  private record Change(int start, int end, int addStart, int addEnd) {}

  private static final class Pass {
    private static final Comparator<Change> BY_PLACE =
        Comparator.comparingInt(Change::start).thenComparingInt(Change::end);

    private final byte[] b;
    private final ContentEditor editor;
    private final boolean failsOpen;
    private final Splices splices = new Splices();
    private final List<Change> changes = new ArrayList<>();
    private final ValueBudget budget = new ValueBudget();

    /* No message holds one of the same shape, so one of each is enough. */
    private final Map<ContentShape, WireAttributes> attributes = new IdentityHashMap<>();
    private final Map<ContentShape, ContentEdits> edits = new IdentityHashMap<>();

    private final BitSet removed = new BitSet();
    private int items;

    Pass(byte[] b, ContentEditor editor, boolean failsOpen) {
      this.b = b;
      this.editor = editor;
      this.failsOpen = failsOpen;
    }

    Slices apply(Slices request) {
      if (changes.isEmpty()) {
        return request;
      }
      changes.sort(BY_PLACE);
      for (Change change : changes) {
        splices.replace(change.start, change.end, change.addStart, change.addEnd);
      }
      return splices.apply(b, 0, b.length);
    }

    @Nullable BitSet kept() {
      if (removed.isEmpty()) {
        return null;
      }
      BitSet kept = new BitSet();
      kept.set(0, items);
      kept.andNot(removed);
      return kept;
    }

    /** Edits a message, and returns by how much it grew. */
    private long message(ContentShape shape, int start, int end, int depth) throws WireFault {
      if (shape.removable) {
        budget.reset();
      }
      WireAttributes own = shape.attributesTag == 0 ? null : read(shape, start, end, depth);
      ContentEdits edited = own == null ? null : edit(shape, own);
      long grown = 0;
      int pos = start;
      while (pos < end) {
        int at = pos;
        long read = Wire.varint(b, pos, end, "tag", at);
        int lengthAt = Wire.high(read);
        int tag = (int) read;
        ContentShape nested = shape.message(tag);
        Text text = failsOpen ? null : shape.text(tag);
        if (nested == null && text == null && tag != shape.bodyTag) {
          pos = Wire.skip(b, lengthAt, end, tag, at, depth);
          continue;
        }
        long content = Wire.content(b, lengthAt, end, "field", at);
        pos = (int) content;
        if (nested != null) {
          grown += nested(nested, at, lengthAt, Wire.high(content), pos, depth + 1);
        } else if (text != null) {
          grown += text(text, at, lengthAt, Wire.high(content), pos);
        }
      }
      if (shape.bodyTag != 0) {
        grown += body(shape.bodyTag, start, end, depth);
      }
      return edited == null ? grown : grown + add(edited, end);
    }

    private long nested(ContentShape shape, int at, int lengthAt, int start, int end, int depth)
        throws WireFault {
      Place place = shape.place;
      int item = shape.item ? items++ : -1;
      if (place == null || !shape.removable) {
        return withLength(message(shape, start, end, depth), lengthAt, start, end);
      }
      int mark = changes.size();
      Throwable cause;
      try {
        return withLength(message(shape, start, end, depth), lengthAt, start, end);
      } catch (WireFault e) {
        cause = e.relativeTo(0);
      } catch (RuntimeException | StackOverflowError e) {
        cause = e;
      }
      changes.subList(mark, changes.size()).clear();
      if (failsOpen) {
        return 0;
      }
      changes.add(new Change(at, end, 0, 0));
      if (item >= 0) {
        removed.set(item);
      }
      editor.removed(place, cause);
      return at - end;
    }

    /** Reads the attributes of a message; of an item, announces it. */
    private WireAttributes read(ContentShape shape, int start, int end, int depth)
        throws WireFault {
      WireAttributes own = attributes.computeIfAbsent(shape, s -> new WireAttributes(budget));
      own.reset(b);
      String traceId = "";
      int pos = start;
      while (pos < end) {
        int at = pos;
        long read = Wire.varint(b, pos, end, "tag", at);
        int tag = (int) read;
        if (tag == shape.attributesTag || tag == shape.traceIdTag) {
          long content = Wire.content(b, Wire.high(read), end, "field", at);
          pos = (int) content;
          if (tag == shape.attributesTag) {
            own.add(b, at, Wire.high(content), pos, depth);
          } else {
            traceId = HexFormat.of().formatHex(b, Wire.high(content), pos);
          }
        } else {
          pos = Wire.skip(b, Wire.high(read), end, tag, at, depth);
        }
      }
      if (shape.item) {
        editor.start(traceId);
      }
      return own;
    }

    private @Nullable ContentEdits edit(ContentShape shape, WireAttributes own) {
      if (own.size() == 0) {
        return null;
      }
      ContentEdits edited = edits.computeIfAbsent(shape, s -> new ContentEdits(s.attributesTag));
      edited.reset();
      editor.attributes(requireNonNull(shape.place), own, edited);
      boolean changes = failsOpen ? edited.resolve(own) : edited.resolveAll(own);
      return changes ? edited : null;
    }

    /** Removes and appends attributes. */
    private long add(ContentEdits edited, int end) {
      for (int i = 0; i < edited.cutCount(); i++) {
        changes.add(new Change(Wire.high(edited.cut(i)), (int) edited.cut(i), 0, 0));
      }
      Additions added = splices.added();
      int from = added.size();
      edited.appendTo(added);
      if (added.size() > from) {
        changes.add(new Change(end, end, from, added.size()));
      }
      return added.size() - from - edited.cutSize();
    }

    private long text(Text text, int at, int lengthAt, int start, int end) {
      String value = new String(b, start, end - start, StandardCharsets.UTF_8);
      boolean utf8 = Utf8.isValid(b, start, end);
      String edited = editor.text(text, value, utf8);
      if (utf8 && edited.equals(value)) {
        return 0;
      }
      return replace(edited.getBytes(StandardCharsets.UTF_8), at, lengthAt, end);
    }

    /** Edits the body; one that comes in parts becomes one. */
    private long body(int tag, int start, int end, int depth) throws WireFault {
      WireValues body = new WireValues(budget);
      body.reset(b);
      List<int[]> parts = new ArrayList<>();
      int pos = start;
      while (pos < end) {
        int at = pos;
        long read = Wire.varint(b, pos, end, "tag", at);
        if ((int) read != tag) {
          pos = Wire.skip(b, Wire.high(read), end, (int) read, at, depth);
          continue;
        }
        long content = Wire.content(b, Wire.high(read), end, "body", at);
        pos = (int) content;
        body.addPart(b, at, Wire.high(content), pos, depth);
        parts.add(new int[] {at, Wire.high(read), pos});
      }
      if (parts.isEmpty()) {
        return 0;
      }
      if (parts.size() > 1) {
        body.mergeParts(b, start, end, tag, depth);
      }
      byte[] edited = editor.body(body);
      if (edited == null) {
        return 0;
      }
      long grown = replace(edited, parts.get(0)[0], parts.get(0)[1], parts.get(0)[2]);
      for (int[] part : parts.subList(1, parts.size())) {
        grown += replace(Wire.NO_BYTES, part[0], part[1], part[2]);
      }
      return grown;
    }

    /** Replaces the content of a field; without content, the field is removed. */
    private long replace(byte[] content, int at, int lengthAt, int end) {
      if (content.length == 0) {
        changes.add(new Change(at, end, 0, 0));
        return at - end;
      }
      Additions added = splices.added();
      int from = added.size();
      added.varint(content.length);
      added.append(content, 0, content.length);
      changes.add(new Change(lengthAt, end, from, added.size()));
      return added.size() - from - (end - lengthAt);
    }

    /** Replaces the length of a message that grew; returns by how much it grew with its length. */
    private long withLength(long grown, int lengthAt, int start, int end) {
      if (grown == 0) {
        return 0;
      }
      Additions added = splices.added();
      int from = added.size();
      added.varint(end - start + grown);
      changes.add(new Change(lengthAt, start, from, added.size()));
      return grown + added.size() - from - (start - lengthAt);
    }
  }
}
