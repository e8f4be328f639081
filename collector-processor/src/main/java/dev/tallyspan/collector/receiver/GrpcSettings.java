package dev.tallyspan.collector.receiver;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the gRPC server; see the setters of {@link OtlpReceiverBuilder}.
 *
 * @param tls null = no TLS
 */
record GrpcSettings(
    List<InetSocketAddress> addresses,
    int maxRequestBytes,
    int maxConcurrentStreams,
    Duration maxConnectionIdle,
    Duration maxConnectionAge,
    Duration maxConnectionAgeGrace,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    Duration minPingInterval,
    boolean pingsWithoutStreams,
    Duration readTimeout,
    @Nullable TlsFiles tls) {}
