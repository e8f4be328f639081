package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.auth.Authenticator;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the HTTP server; see the setters of {@link OtlpReceiverBuilder}.
 *
 * @param cors null = not supported
 * @param encodings the accepted values of Content-Encoding
 * @param responseHeaders added to every response
 * @param authenticator null = anyone may send
 * @param maxConnections 0 = no limit
 * @param readHeaderTimeout zero = no limit
 * @param tls null = no TLS
 * @param clock the time of scores that have none
 */
record HttpSettings(
    List<InetSocketAddress> addresses,
    int maxRequestBytes,
    Map<String, HttpEndpoint> paths,
    @Nullable Cors cors,
    Set<ContentEncoding> encodings,
    Map<String, String> responseHeaders,
    @Nullable Authenticator authenticator,
    int maxConnections,
    boolean keepAlives,
    Duration readHeaderTimeout,
    Duration readTimeout,
    Duration writeTimeout,
    Duration idleTimeout,
    @Nullable ServerTls tls,
    InstantSource clock) {}
