package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.RegistryServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A registration is killed at some request, in a process of its own. The next one uploads only what
 * is missing, and the registry then has what an undisturbed registration leaves there.
 */
@Timeout(300)
class KilledRegistrationTest {
  private static final int KILLS = 10;
  private static final int TASKS = 6;
  private static final List<String> REPOSITORIES = List.of("team/one", "team/two");

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();

  /** What a test needs of either kind of registry. */
  private record Server(
      String registry,
      Journal journal,
      Consumer<Fault> faults,
      Function<String, Map<String, Digest>> tags,
      Function<String, Set<Digest>> blobs,
      Runnable end)
      implements AutoCloseable {

    static Server plain() {
      RegistryServer server = RegistryServer.anonymous();
      return new Server(
          server.registry(),
          server.journal(),
          server::inject,
          server::tags,
          server::blobs,
          server::close);
    }

    static Server ecr() {
      EcrServer server = EcrServer.start();
      return new Server(
          server.registry(),
          server.journal(),
          server::inject,
          repository ->
              server.repositories().contains(repository) ? server.tags(repository) : Map.of(),
          server::blobs,
          server::close);
    }

    @Override
    public void close() {
      end.run();
    }
  }

  /** The registration that is killed. */
  public static void main(String[] arguments) {
    register(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2], arguments[3]);
  }

  private static Registration register(Path project, Path memory, String registry, String bases) {
    return LocalRegistries.registrar(
            LocalRegistries.settings(new Project(project), bases)
                .history(memory.resolve("history"))
                .memory(memory)
                .registry(registry)
                .ecrHosts(List.of(Registry.parse(System.getProperty("test.ecr", registry)))))
        .register();
  }

  private Registration registerHere(Path memory, Server server) {
    System.setProperty("aws.endpointUrlEcr", "http://" + server.registry());
    return register(dir.resolve("project"), memory, server.registry(), bases());
  }

  private String bases() {
    return registries.other.registry();
  }

  private Process start(Path memory, Server server) throws IOException {
    List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    for (String property : List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.region")) {
      options.add("-D" + property + "=" + System.getProperty(property));
    }
    options.add("-Daws.endpointUrlEcr=http://" + server.registry());
    options.add("-Dtest.ecr=" + System.getProperty("test.ecr"));
    return new ProcessBuilder(
            OtherProcess.java(
                options,
                KilledRegistrationTest.class,
                dir.resolve("project").toString(),
                memory.toString(),
                server.registry(),
                bases()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static Map<String, Map<String, Digest>> tags(Server server) {
    Map<String, Map<String, Digest>> tags = new TreeMap<>();
    REPOSITORIES.forEach(repository -> tags.put(repository, server.tags.apply(repository)));
    return tags;
  }

  private static Map<String, Set<Digest>> blobs(Server server) {
    Map<String, Set<Digest>> blobs = new HashMap<>();
    REPOSITORIES.forEach(repository -> blobs.put(repository, server.blobs.apply(repository)));
    return blobs;
  }

  private void kill(boolean isEcr) throws Exception {
    registries.pushBase();
    Project project = new Project(dir.resolve("project"));
    for (int i = 0; i < TASKS; i++) {
      project.task(Project.task("a.Task" + i, REPOSITORIES.get(i % REPOSITORIES.size()), "v" + i));
    }
    Map<String, Map<String, Digest>> wanted;
    Map<String, Set<Digest>> blobs;
    int requests;
    try (Server undisturbed = isEcr ? Server.ecr() : Server.plain()) {
      System.setProperty("test.ecr", isEcr ? undisturbed.registry() : "127.0.0.1:1");
      assertThat(registerHere(dir.resolve("undisturbed"), undisturbed).failures()).isEmpty();
      wanted = tags(undisturbed);
      blobs = blobs(undisturbed);
      requests = undisturbed.journal().entries().size();
    }
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < KILLS; i++) {
      int at = 1 + random.nextInt(requests);
      String where = "seed " + seed + ", kill " + i + " at request " + at + " of " + requests;
      Path memory = dir.resolve("memory" + i);
      try (Server server = isEcr ? Server.ecr() : Server.plain()) {
        System.setProperty("test.ecr", isEcr ? server.registry() : "127.0.0.1:1");
        CompletableFuture<Process> started = new CompletableFuture<>();
        server.faults.accept(Fault.at(at, () -> started.join().destroyForcibly()));
        Process process = start(memory, server);
        started.complete(process);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(where).isTrue();
        assertThat(process.exitValue()).as(where + ": killed").isNotZero();
        Map<String, Set<Digest>> there = blobs(server);
        server.journal().clear();
        // Every other time on a machine that remembers nothing.
        Path next = i % 2 == 0 ? memory : dir.resolve("other" + i);
        assertThat(registerHere(next, server).failures()).as(where).isEmpty();
        assertThat(tags(server)).as(where).isEqualTo(wanted);
        assertThat(blobs(server)).as(where).isEqualTo(blobs);
        for (Journal.Entry sent : server.journal().entries()) {
          if (sent.operation().equals("PUT blob")) {
            String repository = sent.path().replaceFirst("/v2/(.*)/blobs/uploads/.*", "$1");
            Digest digest = Digest.parse(sent.path().replaceFirst(".*digest=", ""));
            assertThat(there.get(repository)).as(where + ": " + sent).doesNotContain(digest);
          }
        }
      }
    }
  }

  @Test
  void amazonEcrEndsAsUndisturbed() throws Exception {
    kill(true);
  }

  @Test
  void anotherRegistryEndsAsUndisturbed() throws Exception {
    kill(false);
  }
}
