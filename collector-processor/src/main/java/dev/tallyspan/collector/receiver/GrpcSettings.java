package dev.tallyspan.collector.receiver;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** How the gRPC server is to be set up; what each means is with the builder's setters. */
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
    TlsFiles tls) {}
