package dev.tallyspan.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.tallyspan.api.ChatCall;

/** What only the metadata of some providers has. */
final class ModelDetails {

  private ModelDetails() {}

  static void record(ChatCall call, ChatResponseMetadata metadata) {
    if (metadata.getClass() == ChatResponseMetadata.class) {
      return;
    }
    if (Usages.call(metadata, "serviceTier") instanceof String tier) {
      call.serviceTier(tier);
    }
    if (Usages.call(metadata, "systemFingerprint") instanceof String fingerprint) {
      call.systemFingerprint(fingerprint);
    }
  }
}
