package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Signal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How the HTTP server is to be set up; what each means is with the builder's setters. */
record HttpSettings(
    List<InetSocketAddress> addresses,
    int maxRequestBytes,
    Map<String, Signal> paths,
    Cors cors,
    Duration readTimeout,
    Duration writeTimeout,
    Duration idleTimeout,
    TlsFiles tls) {}
