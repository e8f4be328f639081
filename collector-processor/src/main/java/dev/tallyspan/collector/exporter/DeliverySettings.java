package dev.tallyspan.collector.exporter;

/**
 * How a {@link SendingQueue} delivers.
 *
 * @param maxRequestBytes the size of the largest request that the backend accepts, before
 *     compression; 0 = not known
 * @param patient whether a request waits for the backend as long as it takes, as {@link
 *     OtlpExporter.Builder#patient} describes
 */
record DeliverySettings(
    QueueSettings queue, RetrySettings retry, long maxRequestBytes, boolean patient) {}
