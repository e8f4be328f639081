package dev.tallyspan.benchmarks;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Locale;

/**
 * One end of an HTTP/1.1 connection that is kept alive, and that costs little: messages are written
 * as they are given, and the bodies of those that arrive are dropped. Not thread-safe.
 */
final class HttpConnection implements Closeable {

  private static final int BUFFER_BYTES = 64 << 10;
  private static final String LENGTH = "content-length:";

  private final Socket socket;
  private final InputStream in;

  HttpConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
  }

  void write(byte[] message) throws IOException {
    socket.getOutputStream().write(message);
  }

  /**
   * Waits for a message and drops its body.
   *
   * @return the first line; empty if the other end has closed the connection
   * @throws IOException if the message has no {@code Content-Length}, or is not complete
   */
  String read() throws IOException {
    String first = line();
    if (first.isEmpty()) {
      return first;
    }
    long length = -1;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Long.parseLong(header.substring(LENGTH.length()).strip());
      }
    }
    if (length < 0) {
      throw new IOException("a message without Content-Length: " + first);
    }
    in.skipNBytes(length);
    return first;
  }

  /** Reads a line without its end; an empty one at the end of the stream. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        if (line.isEmpty()) {
          return "";
        }
        throw new EOFException("the connection ends within a message");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
