package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.wire.ItemEditor;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.ResourceEditor;
import dev.tallyspan.collector.wire.ResourceEdits;
import dev.tallyspan.collector.wire.ResourceSplicer;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.collector.wire.SpanEdits;
import dev.tallyspan.collector.wire.SpanReader;
import dev.tallyspan.collector.wire.TraceIndexer;
import dev.tallyspan.collector.wire.TraceSplicer;
import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireSpan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Applies statements to the spans, events and resources of trace requests. */
final class TransformProcessor implements Processor {

  /*
   * Statements change the encoded request, like all processors here. One walk over the request can
   * change either spans with their events, or resources; so statements in a row that change the same
   * of the two are one pass, and the next pass reads what the one before has written.
   *
   * Statements for spans may also change the resource: delete_key(resource.attributes, "pid"). They
   * are applied once for each span of the resource, and each sees what those before it did. A group
   * that changes both takes several passes. Its conditions are those that held before the first
   * statement, so they are remembered by span.
   *
   * The Collector applies such a group span by span, this class statement by statement. It is the
   * same unless a statement for one span reads from the resource what another statement wrote there
   * for the span before.
   */

  private static final TraceIndexer SPANS = TraceIndexer.ofAllSpans();
  private static final TraceSplicer TRACES = new TraceSplicer();

  /**
   * Statements of a group that are in one pass.
   *
   * @param memory where the spans that the conditions select are remembered; -1 if the group has no
   *     other run
   * @param first whether the conditions are decided here
   */
  private record Run(StatementGroup group, List<Statement> statements, int memory, boolean first) {
    Context context() {
      return group.context();
    }
  }

  private record Pass(boolean ofResources, List<Run> runs) {}

  private final List<Pass> passes = new ArrayList<>();
  private final EditFaults faults;
  private int memories;

  TransformProcessor(List<StatementGroup> groups, EditFaults faults) {
    this.faults = faults;
    groups.forEach(this::add);
  }

  private void add(StatementGroup group) {
    List<List<Statement>> split = new ArrayList<>();
    for (Statement statement : group.statements()) {
      List<Statement> last = split.isEmpty() ? List.of() : split.get(split.size() - 1);
      if (last.isEmpty() || last.get(0).changesResource() != statement.changesResource()) {
        last = new ArrayList<>();
        split.add(last);
      }
      last.add(statement);
    }
    int memory = split.size() > 1 && !group.conditions().isEmpty() ? memories++ : -1;
    for (int i = 0; i < split.size(); i++) {
      List<Statement> statements = List.copyOf(split.get(i));
      boolean ofResources = statements.get(0).changesResource();
      Pass last = passes.isEmpty() ? null : passes.get(passes.size() - 1);
      if (last == null || last.ofResources != ofResources) {
        last = new Pass(ofResources, new ArrayList<>());
        passes.add(last);
      }
      last.runs.add(new Run(group, statements, memory, i == 0));
    }
  }

  @Override
  public Batch apply(Batch batch) throws MalformedRequestException {
    if (batch.request().signal() != Signal.TRACES) {
      return batch;
    }
    BitSet[] selected = new BitSet[memories];
    for (int i = 0; i < memories; i++) {
      selected[i] = new BitSet();
    }
    Slices request = batch.request().bytes();
    for (Pass pass : passes) {
      request =
          pass.ofResources ? resources(pass, request, selected) : spans(pass, request, selected);
    }
    return batch.rewritten(request);
  }

  private Slices spans(Pass pass, Slices request, BitSet[] selected)
      throws MalformedRequestException {
    byte[] bytes = request.contiguous();
    Slices edited =
        TRACES.splice(
            SPANS.index(bytes, 0, bytes.length),
            new ItemEditor<WireSpan, SpanEdits>() {
              @Override
              public void edit(int ordinal, WireSpan span, SpanEdits edits) {
                EditedSubject subject = EditedSubject.span(span, edits);
                for (Run run : pass.runs) {
                  if (run.context() == Context.EVENT) {
                    for (int i = 0; i < span.eventCount(); i++) {
                      subject.enterEvent(i);
                      apply(run, subject, ordinal, selected);
                    }
                  } else {
                    apply(run, subject, ordinal, selected);
                  }
                }
              }

              @Override
              public void failed(Throwable cause) {
                faults.failed(cause);
              }
            });
    byte[] after = edited.contiguous();
    return after == bytes ? request : Slices.of(after);
  }

  private Slices resources(Pass pass, Slices request, BitSet[] selected)
      throws MalformedRequestException {
    byte[] bytes = request.contiguous();
    RequestIndex index = SPANS.index(bytes, 0, bytes.length);
    Map<Integer, BitSet> spans = new HashMap<>();
    for (int i = 0; i < index.size(); i++) {
      spans.computeIfAbsent(index.resourceAt(i), any -> new BitSet()).set(i);
    }
    try (SpanReader reader = new SpanReader()) {
      return ResourceSplicer.splice(
          request,
          new ResourceEditor() {
            @Override
            public void edit(int at, WireAttributes attributes, ResourceEdits edits) {
              EditedAttributes resource = EditedSubject.resource(attributes, edits);
              for (Run run : pass.runs) {
                if (run.context() == Context.RESOURCE) {
                  apply(run, EditedSubject.of(resource, null), -1, selected);
                } else {
                  BitSet own = spans.getOrDefault(at, new BitSet());
                  own.stream().forEach(i -> applyWith(run, resource, index, i, reader, selected));
                }
              }
            }

            @Override
            public void failed(Throwable cause) {
              faults.failed(cause);
            }
          });
    }
  }

  private void applyWith(
      Run run,
      EditedAttributes resource,
      RequestIndex index,
      int span,
      SpanReader reader,
      BitSet[] selected) {
    try {
      apply(
          run, EditedSubject.of(resource, reader.read(index, span)), index.ordinal(span), selected);
    } catch (MalformedRequestException | RuntimeException e) {
      faults.failed(e);
    }
  }

  private void apply(Run run, EditedSubject subject, int ordinal, BitSet[] selected) {
    if (!selects(run, subject, ordinal, selected)) {
      return;
    }
    for (Statement statement : run.statements) {
      try {
        statement.apply(subject);
      } catch (RuntimeException | StackOverflowError e) {
        faults.notApplied(statement.function(), e);
      }
    }
  }

  private boolean selects(Run run, EditedSubject subject, int ordinal, BitSet[] selected) {
    if (run.memory >= 0 && !run.first) {
      return selected[run.memory].get(ordinal);
    }
    boolean selects;
    try {
      selects = run.group.selects(subject);
    } catch (RuntimeException | StackOverflowError e) {
      faults.notApplied("conditions", e);
      return false;
    }
    if (run.memory >= 0) {
      selected[run.memory].set(ordinal, selects);
    }
    return selects;
  }
}
