package dev.imagespec.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * A port of this machine that leads to a server, as over a network with a longer way. Counts
 * connections and bytes, those of TLS included.
 *
 * <p>Each byte takes half a round trip. The first of a connection takes a whole one more, as the
 * handshake of TCP does, which a port of this machine answers at once.
 */
final class Relay implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  /** How much is under way on a connection at most: 16 MiB, so 400 MiB/s at 40 ms. */
  private static final int CHUNKS = 256;

  /**
   * What went through since the start.
   *
   * @param up bytes to the server
   * @param down bytes from it
   */
  record Count(long connections, long up, long down) {
    Count since(Count before) {
      return new Count(connections - before.connections, up - before.up, down - before.down);
    }
  }

  /** Bytes that arrive at a time of {@link System#nanoTime}; none at the end. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Chunk(byte[] bytes, long due) {}

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final LongAdder connections = new LongAdder();
  private final LongAdder up = new LongAdder();
  private final LongAdder down = new LongAdder();
  private volatile int target;
  private volatile long halfNanos;

  private Relay(ServerSocket server) {
    this.server = server;
  }

  /** Starts one on a free port. It leads nowhere yet. */
  static Relay start() {
    try {
      Relay relay = new Relay(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()));
      relay.threads.execute(relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** Leads new connections to this port, over a way of this round trip. */
  void lead(int port, Duration roundTrip) {
    target = port;
    halfNanos = roundTrip.toNanos() / 2;
  }

  Count count() {
    return new Count(connections.sum(), up.sum(), down.sum());
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        connections.increment();
        threads.execute(() -> connect(client));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void connect(Socket client) {
    open.add(client);
    long half = halfNanos;
    long opened = System.nanoTime() + 2 * half;
    try {
      client.setTcpNoDelay(true);
      Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(to);
      to.setTcpNoDelay(true);
      carry(client, to, up, half, opened);
      carry(to, client, down, half, opened);
    } catch (IOException e) {
      // The server is gone: so is the connection.
      end(client);
    }
  }

  private void carry(Socket from, Socket to, LongAdder count, long half, long opened) {
    BlockingQueue<Chunk> way = new ArrayBlockingQueue<>(CHUNKS);
    threads.execute(() -> read(from, way, count, half, opened));
    threads.execute(() -> write(way, from, to));
  }

  private static void read(
      Socket from, BlockingQueue<Chunk> way, LongAdder count, long half, long opened) {
    byte[] buffer = new byte[CHUNK];
    try {
      try {
        InputStream in = from.getInputStream();
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          count.add(length);
          way.put(
              new Chunk(Arrays.copyOf(buffer, length), Math.max(System.nanoTime(), opened) + half));
        }
      } catch (IOException e) {
        // One side has broken off. What was read still arrives.
      }
      way.put(new Chunk(new byte[0], System.nanoTime() + half));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(BlockingQueue<Chunk> way, Socket from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      for (Chunk chunk = way.take(); chunk.bytes.length > 0; chunk = way.take()) {
        await(chunk.due);
        out.write(chunk.bytes);
      }
      to.shutdownOutput();
      if (from.isOutputShutdown()) {
        end(from);
        end(to);
      }
    } catch (IOException e) {
      end(from);
      end(to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
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
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      open.forEach(this::end);
      threads.shutdownNow();
    }
  }
}
