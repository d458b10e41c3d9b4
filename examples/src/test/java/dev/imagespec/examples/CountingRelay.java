package dev.imagespec.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port of this machine that leads to a server, and counts the connections, those included that
 * nobody uses. A connection takes a moment to open, as over a long way: whoever does not wait for
 * it opens one more.
 */
final class CountingRelay implements AutoCloseable {
  private static final int OPENING_MILLIS = 150;

  private final ServerSocket server;
  private final int target;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  private CountingRelay(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** Starts one on a free port. */
  static CountingRelay to(int target) throws IOException {
    CountingRelay relay =
        new CountingRelay(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), target);
    relay.threads.execute(relay::accept);
    return relay;
  }

  int port() {
    return server.getLocalPort();
  }

  /** The number of connections so far. */
  int connections() {
    return connections.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        connections.incrementAndGet();
        open.add(client);
        threads.execute(() -> lead(client));
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void lead(Socket client) {
    try {
      Thread.sleep(OPENING_MILLIS);
      Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(to);
      threads.execute(() -> carry(client, to));
      carry(to, client);
    } catch (IOException e) {
      // The server is gone: so is the connection.
      end(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carry(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One side has broken off.
      end(from);
      end(to);
    }
  }

  private void end(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    open.forEach(this::end);
    threads.shutdownNow();
  }
}
