package dev.tallyspan.collector.server;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Sender;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.ResourceStamp;
import dev.tallyspan.collector.wire.Slices;
import java.util.Set;

/**
 * Writes the tenant of an authenticated sender on every resource of its request, whatever the
 * telemetry says, before the request is queued. Requests of senders without a tenant pass
 * unchanged.
 */
final class TenantStamp implements Intake {

  private final Set<String> attributes;
  private final Intake next;

  /**
   * @param attributes the attributes that identify the tenant for the processors of the receiver
   */
  TenantStamp(Set<String> attributes, Intake next) {
    this.attributes = Set.copyOf(attributes);
    this.next = next;
  }

  @Override
  public void accept(OtlpRequest request) {
    Sender sender = request.sender();
    String tenant = sender == null ? null : sender.tenant();
    if (tenant == null) {
      next.accept(request);
      return;
    }
    byte[] bytes = request.bytes().contiguous();
    try {
      for (String attribute : attributes) {
        bytes = stamp(request, attribute, tenant).stamp(bytes);
      }
    } catch (MalformedRequestException e) {
      request.ack().settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, e.getMessage()));
      return;
    }
    next.accept(request.with(Slices.of(bytes)));
  }

  private static ResourceStamp stamp(OtlpRequest request, String attribute, String tenant) {
    return switch (request.signal()) {
      case TRACES -> ResourceStamp.ofSpans(attribute, tenant);
      case LOGS -> ResourceStamp.ofLogRecords(attribute, tenant);
      case METRICS -> ResourceStamp.ofMetrics(attribute, tenant);
    };
  }
}
