package dev.tallyspan.mcp;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpClientTransport;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;

/** The SDK's HTTP server in a servlet container on loopback. */
final class LoopbackServer implements AutoCloseable {

  /** Held, or its level is lost with it. */
  private static final Logger TOMCAT = Logger.getLogger("org.apache");

  private final Tomcat tomcat = new Tomcat();
  private final Path directory;

  LoopbackServer(Servlet servlet) {
    TOMCAT.setLevel(Level.SEVERE);
    try {
      directory = Files.createTempDirectory("tallyspan-mcp");
      tomcat.setBaseDir(directory.toString());
      tomcat.setPort(0);
      tomcat.getConnector().setProperty("address", "127.0.0.1");
      Context context = tomcat.addContext("", directory.toString());
      Wrapper wrapper = Tomcat.addServlet(context, "mcp", servlet);
      wrapper.setAsyncSupported(true);
      context.addServletMappingDecoded("/*", "mcp");
      tomcat.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A transport of {@link McpClient} to this server. */
  McpClientTransport transport() {
    return HttpClientStreamableHttpTransport.builder(
            "http://127.0.0.1:" + tomcat.getConnector().getLocalPort())
        .build();
  }

  @Override
  public void close() {
    if (tomcat.getServer().getState() != LifecycleState.STARTED) {
      return;
    }
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }
}
