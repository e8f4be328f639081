package dev.tallyspan.collector.exporter;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Speaks just enough HTTP/2 to accept a request, and then ends the stream or the connection. */
final class RudeHttp2Server implements AutoCloseable {
  static final int NO_ERROR = 0;
  static final int INTERNAL_ERROR = 2;
  static final int ENHANCE_YOUR_CALM = 0xb;

  private static final int PREFACE_BYTES = 24;
  private static final int DATA = 0;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GO_AWAY = 7;
  private static final int ACK = 1;

  final AtomicInteger requests = new AtomicInteger();
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final ServerSocket server;
  private final boolean goAway;
  private final int error;

  /**
   * @param goAway whether to end the connection with a GOAWAY that covers the stream; otherwise,
   *     the stream is reset
   */
  RudeHttp2Server(boolean goAway, int error) throws IOException {
    this.goAway = goAway;
    this.error = error;
    server = new ServerSocket(0, 50, InetAddress.getByName("localhost"));
    Background.start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      clients.add(client);
      Background.start(() -> talk(client));
    }
  }

  private void talk(Socket client) throws IOException {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      in.skipNBytes(PREFACE_BYTES);
      frame(out, SETTINGS, 0, 0);
      while (true) {
        int lengthAndType = in.readInt();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        in.skipNBytes(lengthAndType >>> 8);
        int type = lengthAndType & 0xff;
        if (type == SETTINGS && (flags & ACK) == 0) {
          frame(out, SETTINGS, ACK, 0);
        } else if (type == DATA) {
          requests.incrementAndGet();
          if (goAway) {
            frame(out, GO_AWAY, 0, 0, stream, error);
            return;
          }
          frame(out, RST_STREAM, 0, stream, error);
        }
      }
    }
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, int... payload)
      throws IOException {
    out.writeInt(payload.length * Integer.BYTES << 8 | type);
    out.writeByte(flags);
    out.writeInt(stream);
    for (int word : payload) {
      out.writeInt(word);
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket client : clients) {
      client.close();
    }
  }
}
