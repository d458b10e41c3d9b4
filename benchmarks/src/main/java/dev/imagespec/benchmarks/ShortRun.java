package dev.imagespec.benchmarks;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * {@code bin/imagespec register} with nothing to do on Amazon ECR, beside a program that asks for
 * the same images with the AWS SDK and does nothing else: in the same Java with the same flags, and
 * with an archive of classes made in the same way.
 */
final class ShortRun {
  static final String FLOOR = "one request with the AWS SDK";
  static final String PLAIN_FLOOR = "one request with the AWS SDK, plain JVM";
  private static final String REPOSITORY = "bench/r0";
  private static final String HOST = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
  private static final List<String> FLOOR_JARS =
      List.of("awssdk", "reactive-streams", "slf4j", "imagespec-benchmarks");
  private static final String BLOBS = "blobs.test";

  private final Path folder;
  private final EcrServer ecr;
  private final List<String> trust;
  private final Map<String, String> environment = new TreeMap<>();
  private final Project project;
  private final Scenario scenario;

  private ShortRun(
      Path folder, EcrServer ecr, List<String> trust, Project project, Scenario scenario) {
    this.folder = folder;
    this.ecr = ecr;
    this.trust = trust;
    this.project = project;
    this.scenario = scenario;
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    environment.put("IMAGESPEC_JAR", Surroundings.jar().toString());
    environment.put("IMAGESPEC_OPTS", String.join(" ", trust));
    environment.put("IMAGESPEC_ECR_HOSTS", ecr.registry());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("AWS_ENDPOINT_URL_ECR", ecr.endpoint().toString());
    environment.put("AWS_REGION", ecr.region());
    environment.put("AWS_ACCESS_KEY_ID", "any");
    environment.put("AWS_SECRET_ACCESS_KEY", "any");
  }

  /** Times both, in turns. */
  static void run(Path folder, int images, int repetitions, Consumer<Sample> samples)
      throws IOException, InterruptedException {
    TlsCertificate certificate =
        TlsCertificate.of(Files.createDirectory(folder.resolve("tls")), HOST, BLOBS);
    try (EcrServer ecr = EcrServer.builder().tls(certificate, HOST, BLOBS).start()) {
      ecr.push("base", "1", TestImage.small());
      Scenario scenario = Scenario.of(images, 1, 0);
      Project project =
          Project.make(
              Files.createDirectory(folder.resolve("project")),
              scenario,
              ecr.registry() + "/base:1",
              1 << 10);
      new ShortRun(folder, ecr, Bench.flags(certificate), project, scenario)
          .run(repetitions, samples);
    }
  }

  private void run(int repetitions, Consumer<Sample> samples)
      throws IOException, InterruptedException {
    Timed.Command script =
        registering(List.of(Surroundings.root().resolve("bin/imagespec").toString()));
    Timed.run(script, folder);
    ClassArchives.await(folder.resolve("cache/imagespec/classes"));
    Path digests = folder.resolve("digests");
    Files.write(
        digests,
        RegistrationRecord.parse(Files.readString(folder.resolve("record.json")))
            .tasks()
            .values()
            .stream()
            .map(reference -> reference.substring(reference.indexOf('@') + 1))
            .toList());
    Path jar =
        OneJar.write(
            folder.resolve("floor.jar"), path -> FLOOR_JARS.stream().anyMatch(path::contains));
    List<String> call =
        List.of("-cp", jar.toString(), OneRequest.class.getName(), REPOSITORY, digests.toString());
    Map<String, Timed.Command> commands = new LinkedHashMap<>();
    commands.put(Ours.SCRIPT, script);
    commands.put(FLOOR, new Timed.Command(floor(jar, call), environment, folder));
    commands.put(
        Ours.PLAIN, registering(java(trust, List.of("-jar", Surroundings.jar().toString()))));
    commands.put(PLAIN_FLOOR, new Timed.Command(java(trust, call), environment, folder));
    for (int repetition = 0; repetition < repetitions; repetition++) {
      for (Map.Entry<String, Timed.Command> command : commands.entrySet()) {
        ecr.journal().clear();
        Sample.Cost cost = Timed.run(command.getValue(), folder);
        samples.accept(
            new Sample(
                Sample.ECR,
                scenario,
                command.getKey(),
                Phase.NOTHING,
                repetition,
                cost,
                traffic(),
                0));
      }
    }
  }

  private Sample.Traffic traffic() {
    Journal journal = ecr.journal();
    if (journal.count("PUT manifest") > 0) {
      throw new IllegalStateException("there was something to do: " + journal);
    }
    return new Sample.Traffic(
        journal.entries().size(),
        journal.entries().stream().map(Journal.Entry::port).distinct().count(),
        journal.entries().stream().mapToLong(Journal.Entry::received).sum(),
        0);
  }

  private Timed.Command registering(List<String> start) {
    List<String> words = new ArrayList<>(start);
    words.addAll(
        List.of(
            "register",
            "--classpath",
            project.classes() + ":" + project.jar(),
            "--project-dir",
            project.folder().toString(),
            "--registry",
            ecr.registry(),
            "--lock",
            folder.resolve("imagespec.lock").toString(),
            "--record",
            folder.resolve("record.json").toString()));
    return new Timed.Command(words, environment, folder);
  }

  private static List<String> java(List<String> flags, List<String> call) {
    List<String> words = new ArrayList<>(List.of(Surroundings.java().toString()));
    words.addAll(flags);
    words.addAll(call);
    return words;
  }

  /** The command of the program that asks once, with the script's flags and an archive. */
  private List<String> floor(Path jar, List<String> call) throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(scriptsFlags());
    flags.addAll(trust);
    Path list = folder.resolve("floor.list");
    Path archive = folder.resolve("floor.jsa");
    List<String> noting = new ArrayList<>(flags);
    noting.add("-XX:DumpLoadedClassList=" + list);
    Timed.run(new Timed.Command(java(noting, call), environment, folder), folder);
    Timed.run(
        new Timed.Command(
            java(
                List.of(
                    "-Xshare:dump",
                    "-Xlog:disable",
                    "-XX:+UseSerialGC",
                    "-XX:SharedClassListFile=" + list,
                    "-XX:SharedArchiveFile=" + archive,
                    "-cp",
                    jar.toString()),
                List.of()),
            Map.of(),
            folder),
        folder);
    flags.add("-Xshare:auto");
    flags.add("-XX:+VerifySharedSpaces");
    flags.add("-XX:SharedArchiveFile=" + archive);
    return java(flags, call);
  }

  /** The flags that the script gives Java, but for those of its own archive. */
  private List<String> scriptsFlags() throws IOException, InterruptedException {
    Path home = folder.resolve("java");
    Files.createDirectories(home.resolve("bin"));
    Files.copy(Path.of(System.getProperty("java.home"), "release"), home.resolve("release"));
    Path program =
        Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Map<String, String> stub = new TreeMap<>(environment);
    stub.put("JAVA_HOME", home.toString());
    stub.put("XDG_CACHE_HOME", folder.resolve("stub").toString());
    stub.remove("IMAGESPEC_OPTS");
    Timed.run(
        new Timed.Command(
            List.of(Surroundings.root().resolve("bin/imagespec").toString(), "register"),
            stub,
            folder),
        folder);
    return Files.readAllLines(folder.resolve("output")).stream()
        .takeWhile(word -> !word.equals("-jar"))
        .filter(word -> word.startsWith("-X"))
        .filter(word -> !word.contains("Shared") && !word.contains("ClassList"))
        .filter(word -> !word.startsWith("-Xshare"))
        .toList();
  }
}
