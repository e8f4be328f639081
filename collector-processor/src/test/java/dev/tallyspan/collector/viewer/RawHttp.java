package dev.tallyspan.collector.viewer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** HTTP over a socket, because the JDK's client does not let a test set the host and the origin. */
final class RawHttp {

  /** A response; names of headers are in lower case. */
  record Response(int status, String head, String body) {
    String header(String name) {
      return head.lines()
          .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ": "))
          .map(line -> line.substring(name.length() + 2))
          .findFirst()
          .orElse("");
    }
  }

  private RawHttp() {}

  /**
   * @param lines the request line, and headers without a {@code Connection}
   */
  static Response request(int port, String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write((String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
      out.flush();
      String all = new String(socket.getInputStream().readAllBytes(), UTF_8);
      int end = all.indexOf("\r\n\r\n");
      return new Response(
          Integer.parseInt(all.substring(9, 12)), all.substring(0, end), all.substring(end + 4));
    }
  }

  static Response get(int port, String path, String... headers) throws IOException {
    String[] lines = new String[headers.length + 2];
    lines[0] = "GET " + path + " HTTP/1.1";
    lines[1] = "Host: localhost:" + port;
    System.arraycopy(headers, 0, lines, 2, headers.length);
    return request(port, lines);
  }
}
