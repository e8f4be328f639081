package dev.tallyspan.collector.output.ledger;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.erasure.Removal;
import dev.tallyspan.collector.erasure.Subject;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers commands while the server has the database open. Listens on the loopback interface, on a
 * port that the file {@code endpoint} names together with a token; only the owner of the data
 * directory can read the file. What does not send the token first, such as a browser, is cut off.
 */
final class LedgerEndpoint implements AutoCloseable {

  private static final Logger LOGGER = System.getLogger(LedgerEndpoint.class.getName());

  private static final int MOST_AT_A_TIME = 8;
  private static final int TOKEN_BYTES = 32;
  private static final int REQUEST_TIMEOUT_MILLIS = 10_000;

  private final LedgerDatabase database;
  private final Supplier<List<PersonalData>> others;
  private final Path file;
  private final byte[] token;
  private final ServerSocket server;
  private final ExecutorService workers;
  private final Thread accepting;

  private LedgerEndpoint(
      LedgerDatabase database, Path directory, Supplier<List<PersonalData>> others)
      throws IOException {
    this.database = database;
    this.others = others;
    file = LedgerProtocol.endpoint(directory);
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    String text = HexFormat.of().formatHex(random);
    token = text.getBytes(StandardCharsets.UTF_8);
    server = new ServerSocket(0, MOST_AT_A_TIME, InetAddress.getLoopbackAddress());
    workers =
        Executors.newFixedThreadPool(
            MOST_AT_A_TIME,
            task -> {
              Thread thread = new Thread(task, "tallyspan-ledger-command");
              thread.setDaemon(true);
              return thread;
            });
    accepting = new Thread(this::accept, "tallyspan-ledger-commands");
    accepting.setDaemon(true);
    try {
      write(text);
    } catch (IOException e) {
      server.close();
      workers.shutdown();
      throw e;
    }
    accepting.start();
  }

  /**
   * @param others where else the server keeps what people did
   */
  static LedgerEndpoint start(
      LedgerDatabase database, Path directory, Supplier<List<PersonalData>> others)
      throws IOException {
    return new LedgerEndpoint(database, directory, others);
  }

  private void write(String text) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    Path made =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            "endpoint",
            ".tmp",
            posix
                ? new FileAttribute<?>[] {
                  PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0]);
    Files.writeString(made, server.getLocalPort() + "\n" + text + "\n");
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        workers.execute(() -> answer(socket));
      } catch (IOException | RuntimeException e) {
        if (!server.isClosed()) {
          LOGGER.log(
              Level.WARNING, "the ledger: a command was not accepted: {0}", e.getClass().getName());
        }
      }
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      socket.setSoTimeout(REQUEST_TIMEOUT_MILLIS);
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      String sent = LedgerProtocol.readText(in, 2 * TOKEN_BYTES);
      if (sent == null || !MessageDigest.isEqual(sent.getBytes(StandardCharsets.UTF_8), token)) {
        return;
      }
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      try {
        answer(in, out);
      } catch (LedgerException e) {
        out.writeByte(LedgerProtocol.ERROR);
        LedgerProtocol.writeText(out, e.getMessage());
      }
      out.flush();
    } catch (IOException | RuntimeException e) {
      LOGGER.log(Level.DEBUG, "the ledger: a command ended early: {0}", e.getClass().getName());
    }
  }

  private void answer(DataInputStream in, DataOutputStream out) throws IOException {
    int what = in.readUnsignedByte();
    List<@Nullable String> arguments = new ArrayList<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      arguments.add(LedgerProtocol.readText(in));
    }
    List<String> texts = arguments.stream().map(it -> requireNonNull(it, "argument")).toList();
    switch (what) {
      case LedgerProtocol.HELLO -> {}
      case LedgerProtocol.QUERY ->
          database.query(texts.get(0), texts.subList(1, texts.size()), new Frames(out));
      case LedgerProtocol.QUERY_WITHIN ->
          database.query(
              texts.get(1),
              texts.subList(2, texts.size()),
              Integer.parseInt(texts.get(0)),
              new Frames(out));
      case LedgerProtocol.EXPORT -> {
        out.writeByte(LedgerProtocol.ROW);
        LedgerProtocol.writeText(out, database.exportParquet(texts.get(0)).toString());
      }
      case LedgerProtocol.FORGET -> {
        Subject subject = new Subject(Subject.Kind.of(texts.get(0)), texts.get(1));
        List<PersonalData> places = new ArrayList<>();
        places.add(database);
        places.addAll(others.get());
        for (Removal removal : Removal.of(subject, places)) {
          out.writeByte(LedgerProtocol.ROW);
          out.writeBoolean(removal.complete());
          LedgerProtocol.writeText(out, removal.text());
        }
      }
      default ->
          throw new LedgerException("the server does not know this command: use its version");
    }
    out.writeByte(LedgerProtocol.END);
  }

  /** Writes a result to a command. */
  private record Frames(DataOutputStream out) implements Rows {

    @Override
    public void columns(List<Column> columns) throws IOException {
      out.writeByte(LedgerProtocol.COLUMNS);
      out.writeInt(columns.size());
      for (Column column : columns) {
        LedgerProtocol.writeText(out, column.name());
        LedgerProtocol.writeText(out, column.type());
      }
    }

    @Override
    public void row(List<@Nullable String> values) throws IOException {
      out.writeByte(LedgerProtocol.ROW);
      for (String value : values) {
        LedgerProtocol.writeText(out, value);
      }
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
      server.close();
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "the ledger: closing failed: {0}", e.getClass().getName());
    }
    workers.shutdown();
    try {
      workers.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workers.shutdownNow();
  }
}
