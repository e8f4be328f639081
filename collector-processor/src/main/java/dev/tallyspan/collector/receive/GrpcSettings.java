package dev.tallyspan.collector.receive;

import java.net.InetSocketAddress;
import java.time.Duration;

/** How the gRPC server is to be set up; what each means is with the builder's setters. */
record GrpcSettings(
    InetSocketAddress address,
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
