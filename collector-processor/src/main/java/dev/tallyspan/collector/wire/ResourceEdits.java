package dev.tallyspan.collector.wire;

/** The changes to the attributes of one resource. Not thread-safe. */
public final class ResourceEdits extends ItemEdits {

  ResourceEdits() {
    super(OtlpFields.RESOURCE_ATTRIBUTES);
  }
}
