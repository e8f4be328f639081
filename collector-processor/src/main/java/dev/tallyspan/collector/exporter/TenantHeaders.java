package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.auth.HeadersSettings;
import dev.tallyspan.collector.flow.Ack;
import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.PartAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestCut;
import dev.tallyspan.collector.wire.ResourceEditor;
import dev.tallyspan.collector.wire.ResourceEdits;
import dev.tallyspan.collector.wire.ResourceSplicer;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.collector.wire.ValueType;
import dev.tallyspan.collector.wire.WireAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides by the bytes of requests with which headers they are sent. Thread-safe. */
final class TenantHeaders {

  /*
   * The tenant of a request is an attribute of its resources, where receivers have written it. It is
   * read from the bytes, and not from what a receiver knows about the sender, so that it is still
   * there after a queue on disk, and after a restart.
   *
   * A request has one sender, so usually one tenant. Only processors can make it several; then it is
   * sent in several requests, each with its own headers, which are settled together.
   */

  /** A request, or a part of one, that is sent with these headers. */
  record Labelled(OtlpRequest request, Map<String, String> headers) {}

  private final HeadersSettings rules;
  private final Map<String, String> configured;
  private final String attribute;

  /**
   * @param configured the exporter's headers, by name in lower case
   * @param attribute of resources, which names the tenant
   */
  TenantHeaders(HeadersSettings rules, Map<String, String> configured, String attribute) {
    this.rules = rules;
    this.configured = Map.copyOf(configured);
    this.attribute = attribute;
  }

  /**
   * Returns what to send. Refuses what cannot be sent, and leaves it out.
   *
   * @param exporter names it in messages
   */
  List<Labelled> of(OtlpRequest request, String exporter) {
    if (!rules.needsTenant()) {
      return List.of(new Labelled(request, rules.applied(configured, null)));
    }
    try {
      Map<Integer, @Nullable String> tenants = tenants(request.bytes());
      Set<@Nullable String> different = new HashSet<>(tenants.values());
      if (different.size() > 1) {
        return parts(request, tenants, exporter);
      }
      return labelled(request, different.isEmpty() ? null : different.iterator().next(), exporter);
    } catch (MalformedRequestException e) {
      request.ack().settle(refusal(exporter, "the request is not valid OTLP"));
      return List.of();
    }
  }

  private static Outcome refusal(String exporter, String what) {
    return Outcome.refused(StatusCode.INVALID_ARGUMENT, "exporter " + exporter + ": " + what);
  }

  private List<Labelled> labelled(OtlpRequest request, @Nullable String tenant, String exporter) {
    if (tenant != null && !tenant.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      request
          .ack()
          .settle(
              refusal(
                  exporter, "the tenant is not printable ASCII, so it cannot be sent in a header"));
      return List.of();
    }
    return List.of(new Labelled(request, rules.applied(configured, tenant)));
  }

  /** Returns the tenant of each resource, by its position; null for a resource without one. */
  private Map<Integer, @Nullable String> tenants(Slices request) throws MalformedRequestException {
    Map<Integer, @Nullable String> tenants = new LinkedHashMap<>();
    ResourceSplicer.splice(
        request,
        new ResourceEditor() {
          @Override
          public void edit(int at, WireAttributes attributes, ResourceEdits edits) {
            int index = attributes.indexOf(attribute);
            tenants.put(
                at,
                index >= 0 && attributes.type(index) == ValueType.STRING
                    ? attributes.stringValue(index)
                    : null);
          }
        });
    return tenants;
  }

  private List<Labelled> parts(
      OtlpRequest request, Map<Integer, @Nullable String> tenants, String exporter)
      throws MalformedRequestException {
    RequestCut cut = Items.cut(request.signal(), request.bytes());
    Map<@Nullable String, BitSet> units = new HashMap<>();
    for (int unit = 0; unit < cut.units(); unit++) {
      String tenant = tenants.get(cut.resourceAt(unit));
      units.computeIfAbsent(tenant, any -> new BitSet()).set(unit);
    }
    List<OtlpRequest> parts = new ArrayList<>();
    List<@Nullable String> of = new ArrayList<>();
    units.forEach(
        (tenant, chosen) -> {
          // One share more than there are parts, until all of them have theirs.
          Ack share = new PartAck(request.ack().retain(), chosen);
          Slices bytes = cut.cut(chosen);
          parts.add(
              new OtlpRequest(
                  request.signal(), bytes, items(request.signal(), cut, chosen), share));
          of.add(tenant);
        });
    request.ack().settle(Outcome.ACCEPTED);
    List<Labelled> labelled = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      labelled.addAll(labelled(parts.get(i), of.get(i), exporter));
    }
    return labelled;
  }

  private static int items(Signal signal, RequestCut cut, BitSet chosen) {
    return signal == Signal.METRICS
        ? chosen.stream().map(unit -> cut.items(unit, unit + 1)).sum()
        : chosen.cardinality();
  }
}
