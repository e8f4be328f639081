package dev.tallyspan.collector.exporter;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Opens TLS connections with the settings of an exporter, for clients with their own sockets. */
public final class TlsClient {

  private final SSLContext context;
  private final SSLParameters parameters;

  private TlsClient(SSLContext context, SSLParameters parameters) {
    this.context = context;
    this.parameters = parameters;
  }

  /**
   * @throws IllegalArgumentException if a file or text cannot be read or has the wrong content
   */
  public static TlsClient of(TlsSettings settings) {
    return new TlsClient(
        TlsContexts.jdkClient(settings, System::nanoTime), TlsContexts.jdkParameters(settings));
  }

  /** Returns the client's side of a new connection, which does not check the server's name yet. */
  public SSLEngine engine(String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters all = engine.getSSLParameters();
    if (parameters.getProtocols() != null) {
      all.setProtocols(parameters.getProtocols());
    }
    if (parameters.getCipherSuites() != null) {
      all.setCipherSuites(parameters.getCipherSuites());
    }
    engine.setSSLParameters(all);
    return engine;
  }
}
