package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.auth.Authenticator;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the gRPC server; see the setters of {@link OtlpReceiverBuilder}.
 *
 * @param authenticator null = anyone may send
 * @param maxConnections 0 = no limit
 * @param tls null = no TLS
 */
record GrpcSettings(
    List<InetSocketAddress> addresses,
    int maxRequestBytes,
    int maxConcurrentStreams,
    @Nullable Authenticator authenticator,
    int maxConnections,
    Duration maxConnectionIdle,
    Duration maxConnectionAge,
    Duration maxConnectionAgeGrace,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    Duration minPingInterval,
    boolean pingsWithoutStreams,
    Duration readTimeout,
    @Nullable ServerTls tls) {}
