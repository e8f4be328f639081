package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Signal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the HTTP server; see the setters of {@link OtlpReceiverBuilder}.
 *
 * @param cors null = not supported
 * @param tls null = no TLS
 */
record HttpSettings(
    List<InetSocketAddress> addresses,
    int maxRequestBytes,
    Map<String, Signal> paths,
    @Nullable Cors cors,
    Duration readTimeout,
    Duration writeTimeout,
    Duration idleTimeout,
    @Nullable TlsFiles tls) {}
