package dev.imagespec.benchmarks;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Pushes images with jib-core, one after the other or several at a time. They share jib's caches
 * and its thread pools are its own, for it hangs on small ones.
 */
public final class JibBuilds {
  private final Orders orders;

  private JibBuilds(Orders orders) {
    this.orders = orders;
  }

  /**
   * Pushes them.
   *
   * @param args the file with the orders, how many at a time, and the file for the number of images
   *     that failed at first: these are tried again, as a user would have to
   */
  public static void main(String[] args) throws Exception {
    JibBuilds builds = new JibBuilds(Orders.read(Path.of(args[0])));
    List<Orders.Order> failed = builds.push(Integer.parseInt(args[1]));
    for (Orders.Order order : failed) {
      builds.push(order);
    }
    Files.writeString(Path.of(args[2]), String.valueOf(failed.size()));
    System.exit(0);
  }

  /** Pushes all; returns those that failed. */
  private List<Orders.Order> push(int atATime) throws Exception {
    List<Orders.Order> failed = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(atATime);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Orders.Order order : orders.orders()) {
        running.add(
            threads.submit(
                (Callable<Void>)
                    () -> {
                      push(order);
                      return null;
                    }));
      }
      for (int i = 0; i < running.size(); i++) {
        try {
          running.get(i).get();
        } catch (ExecutionException e) {
          System.out.println(orders.orders().get(i).tag() + " failed: " + e.getCause());
          failed.add(orders.orders().get(i));
        }
      }
    } finally {
      threads.shutdownNow();
    }
    return failed;
  }

  private void push(Orders.Order order) throws Exception {
    Jib.from(RegistryImage.named(orders.base()))
        .addFileEntriesLayer(file("dependencies", orders.jar(), Orders.JAR))
        .addFileEntriesLayer(classes())
        .addFileEntriesLayer(file("files", order.payload(), Orders.PAYLOAD))
        .setEntrypoint("/bin/true")
        .setFormat(ImageFormat.OCI)
        .setCreationTime(Instant.EPOCH)
        .containerize(to(order));
  }

  private Containerizer to(Orders.Order order) throws InvalidImageReferenceException {
    return Containerizer.to(RegistryImage.named(order.repository() + ":" + order.tag()))
        .setBaseImageLayersCache(orders.cache().resolve("base"))
        .setApplicationLayersCache(orders.cache().resolve("application"))
        .setAllowInsecureRegistries(order.repository().startsWith("127.0.0.1:"));
  }

  private FileEntriesLayer classes() throws IOException {
    return FileEntriesLayer.builder()
        .setName("classes")
        .addEntryRecursive(orders.classes(), AbsoluteUnixPath.get("/" + Orders.CLASSES))
        .build();
  }

  private static FileEntriesLayer file(String name, Path file, String to) {
    return FileEntriesLayer.builder()
        .setName(name)
        .addEntry(file, AbsoluteUnixPath.get("/" + to))
        .build();
  }
}
