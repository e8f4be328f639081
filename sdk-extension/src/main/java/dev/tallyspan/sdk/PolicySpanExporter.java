package dev.tallyspan.sdk;

import dev.tallyspan.semconv.content.ContentBudget;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;

/**
 * Applies a content policy to what another exporter gets: attributes, events, links, the status and
 * the name. A span that the policy fails on is not exported, and is counted.
 *
 * <p>An exporter, because a span processor cannot remove an attribute or change an event.
 */
final class PolicySpanExporter implements SpanExporter {

  private final SpanExporter exporter;
  private final ExportPolicy policy;
  private final Faults faults;

  PolicySpanExporter(SpanExporter exporter, ExportPolicy policy, Faults faults) {
    this.exporter = exporter;
    this.policy = policy;
    this.faults = faults;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    return exporter.export(ExportPolicy.leaving(spans, span -> new Leaving(span, policy), faults));
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  @Override
  public String toString() {
    return "PolicySpanExporter{" + exporter + "}";
  }

  private static final class Leaving extends DelegatingSpanData {
    private final String name;
    private final Attributes attributes;
    private final List<EventData> events;
    private final List<LinkData> links;
    private final StatusData status;

    Leaving(SpanData span, ExportPolicy policy) {
      super(span);
      ContentBudget budget = policy.budget();
      attributes = policy.attributes(span.getAttributes(), budget);
      events = span.getEvents().stream().map(event -> leaving(event, policy, budget)).toList();
      links = span.getLinks().stream().map(link -> leaving(link, policy, budget)).toList();
      String description = policy.text("status.message", span.getStatus().getDescription(), budget);
      status =
          StatusData.create(
              span.getStatus().getStatusCode(), description == null ? "" : description);
      String named = policy.text("span.name", span.getName(), budget);
      name = named == null ? ExportPolicy.NO_NAME : named;
    }

    private static EventData leaving(EventData event, ExportPolicy policy, ContentBudget budget) {
      String named = policy.text("span.event.name", event.getName(), budget);
      return EventData.create(
          event.getEpochNanos(),
          named == null ? ExportPolicy.NO_NAME : named,
          policy.attributes(event.getAttributes(), budget),
          event.getTotalAttributeCount());
    }

    private static LinkData leaving(LinkData link, ExportPolicy policy, ContentBudget budget) {
      return LinkData.create(
          link.getSpanContext(),
          policy.attributes(link.getAttributes(), budget),
          link.getTotalAttributeCount());
    }

    @Override
    public String getName() {
      return name;
    }

    @Override
    public Attributes getAttributes() {
      return attributes;
    }

    @Override
    public List<EventData> getEvents() {
      return events;
    }

    @Override
    public List<LinkData> getLinks() {
      return links;
    }

    @Override
    public StatusData getStatus() {
      return status;
    }
  }
}
