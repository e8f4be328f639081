package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.ResourceEditor;
import dev.tallyspan.collector.wire.ResourceEdits;
import dev.tallyspan.collector.wire.ResourceSplicer;
import dev.tallyspan.collector.wire.WireAttributes;
import java.util.List;

/** Changes the attributes of resources. */
final class ResourceProcessor implements Processor {

  private final ResourceEditor editor;

  ResourceProcessor(List<AttributeAction> actions, EditFaults faults) {
    editor =
        new ResourceEditor() {
          @Override
          public void edit(int at, WireAttributes attributes, ResourceEdits edits) {
            EditedAttributes edited = new EditedAttributes(attributes, edits);
            actions.forEach(action -> action.apply(edited));
          }

          @Override
          public void failed(Throwable cause) {
            faults.failed(cause);
          }
        };
  }

  @Override
  public Batch apply(Batch batch) throws MalformedRequestException {
    return batch.rewritten(ResourceSplicer.splice(batch.request().bytes(), editor));
  }
}
