package dev.imagespec.testkit.demo;

import dev.imagespec.json.Json;
import dev.imagespec.model.Manifest;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Registers, twice, the example tasks that need no steps, with an Amazon ECR in this process. Runs
 * the packaged command line in the same way as a user.
 */
public final class Demo {
  private static final String ACCOUNT = "123456789012";
  private static final String REGION = "us-east-1";
  private static final String MIRROR = "stand-in";

  private final Path cli;

  /** What asks, and changes nothing. */
  private static final Set<String> QUESTIONS =
      Set.of("BatchGetImage", "DescribeTaskDefinition", "DescribeJobDefinitions", "GetFunction");

  /** Variables by which this machine's user says where to send what. */
  private static final Pattern FOREIGN = Pattern.compile("AWS_|IMAGESPEC_|FLYTE|UNION_|UCTL_");

  private final Path classes;
  private final Path projectDir;
  private final Path target;
  private final PrintStream out = System.out;

  private Demo(Path cli, Path classes, Path projectDir, Path target) {
    this.cli = cli;
    this.classes = classes;
    this.projectDir = projectDir;
    this.target = target;
  }

  /**
   * Runs the demo.
   *
   * @param args the command line's jar, the examples' classes, the examples' project directory, and
   *     the folder for the lock and the record
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    new Demo(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Path.of(args[3])).run();
  }

  private void run() throws IOException, InterruptedException {
    Files.createDirectories(target);
    // Of an earlier run, which may have had another base.
    Files.deleteIfExists(lock());
    try (EcrServer ecr = EcrServer.builder().account(ACCOUNT).region(REGION).start()) {
      ecr.push(
          MIRROR + "/library/eclipse-temurin",
          "17.0.13_11-jre",
          TestImage.builder()
              .layer("etc/os-release", "NAME=\"stand-in for a base image\"\n")
              .layer("usr/lib/stand-in", text(1, 740))
              .layer("usr/share/stand-in", text(2, 420))
              .layer("opt/java/stand-in", text(3, 1170))
              .platforms("linux/amd64", "linux/arm64")
              .build());
      List<String> tasks = tasksWithoutSteps();
      out.println();
      out.println(
          "An Amazon ECR runs in this process at "
              + ecr.registry()
              + ", with Amazon ECS, AWS Batch and AWS Lambda.");
      out.println(
          "The base image is a stand-in that it serves through a mirror: nothing is downloaded, and the"
              + " images cannot run.");
      out.println();
      out.println("First registration");
      show(register(ecr, tasks, "--report", report().toString()));
      out.println(
          "  Amazon ECR now has "
              + (ecr.repositories().size() - 1)
              + " repositories, made for it, with "
              + ecr.journal().count("PUT blob")
              + " blobs that went up once each.");
      ecr.journal().clear();
      out.println();
      out.println("Second registration");
      show(register(ecr, tasks));
      out.println(
          "  Nothing was built or sent: "
              + ecr.journal().count("BatchGetImage")
              + " requests for images, one per repository, and one for each definition.");
      if (!ecr.journal().entries().stream()
          .allMatch(entry -> QUESTIONS.contains(entry.operation()))) {
        throw new IllegalStateException("The second registration did more:\n" + ecr.journal());
      }
    }
    out.println();
    out.println(
        "The generated class ReportImage gives a task its image from the record: "
            + projectDir.relativize(target.resolve("registration.json")));
    out.println(
        "To look at what was registered, open "
            + projectDir.resolveSibling("").relativize(report())
            + " in a browser.");
  }

  private Path lock() {
    return target.resolve("imagespec.lock");
  }

  private Path report() {
    return target.resolve("report.html");
  }

  /** Text that takes about so many kilobytes in a layer. */
  private static String text(int seed, int kilobytes) {
    byte[] bytes = new byte[kilobytes * 900];
    new Random(seed).nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** The task classes whose manifests have no environment. The others need an engine. */
  private List<String> tasksWithoutSteps() throws IOException {
    List<String> tasks = new ArrayList<>();
    try (Stream<Path> list = Files.list(classes.resolve("META-INF/imagespec"))) {
      for (Path folder : list.sorted().toList()) {
        Path file = folder.resolve(Manifest.FILE);
        if (!Files.exists(file)) {
          continue;
        }
        Manifest manifest = Manifest.parse(Files.readString(file));
        if (manifest.environment().isEmpty()) {
          tasks.add(manifest.task());
        } else {
          out.println("Left out, because it needs steps to be run: " + manifest.task());
        }
      }
    }
    return tasks;
  }

  private Map<?, ?> register(EcrServer ecr, List<String> tasks, String... more)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                // What this machine's user has configured gets none of the demo.
                "-Duser.home=" + Files.createDirectories(target.resolve("home")),
                "-jar",
                cli.toString(),
                "register",
                "--json",
                "--definition",
                "ecs:deploy/aws/task-definition.json",
                "--definition",
                "batch:deploy/aws/job-definition.json",
                "--definition",
                "lambda:deploy/aws/function.json",
                "--classpath",
                classes.toString(),
                "--project-dir",
                projectDir.toString(),
                "--registry",
                ecr.registry(),
                "--mirror",
                "docker.io=" + ecr.registry() + "/" + MIRROR,
                "--lock",
                lock().toString(),
                "--record",
                target.resolve("registration.json").toString()));
    for (String task : tasks) {
      command.add("--class");
      command.add(task);
    }
    command.addAll(List.of(more));
    Path log = target.resolve("register.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(projectDir.toFile()).redirectError(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> FOREIGN.matcher(name).lookingAt());
    environment.put("AWS_ENDPOINT_URL", ecr.endpoint().toString());
    environment.put("AWS_REGION", REGION);
    environment.put("IMAGESPEC_HISTORY", target.resolve("history").toString());
    // What an earlier demo learnt of its registry is wrong for this one.
    environment.put("IMAGESPEC_MEMORY", "none");
    environment.put("AWS_ACCESS_KEY_ID", "demo");
    environment.put("AWS_SECRET_ACCESS_KEY", "demo");
    environment.put("IMAGESPEC_ECR_HOSTS", ecr.registry());
    Process process = builder.start();
    String json = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          "The registration failed:\n" + Files.readString(log) + "\n" + json);
    }
    return (Map<?, ?>) Json.parse(json);
  }

  private void show(Map<?, ?> registration) {
    out.printf("  %-44s %-7s %9s  %s%n", "task", "action", "bytes up", "image");
    for (Object entry : list(registration, "images")) {
      Map<?, ?> image = (Map<?, ?>) entry;
      for (Object task : list(image, "tasks")) {
        out.printf(
            "  %-44s %-7s %9s  %s%n",
            task,
            image.get("action"),
            image.get("bytesUploaded"),
            // The first digits of the digest: a line fits a window.
            String.valueOf(image.get("reference")).replaceFirst("(@sha256:.{12}).*", "$1…"));
      }
    }
    for (Object entry : list(registration, "registrations")) {
      Map<?, ?> task = (Map<?, ?>) entry;
      out.printf(
          "  %-44s %-21s %s%n",
          task.get("definition"),
          task.get("action"),
          // Without the account: a line fits a window.
          String.valueOf(task.get("id")).replaceFirst("arn:aws:([a-z]+):([a-z0-9-]+):[0-9]*:", ""));
    }
    out.println(
        "  "
            + registration.get("requests")
            + " requests, "
            + registration.get("elapsedMillis")
            + " ms");
  }

  private static List<?> list(Map<?, ?> json, String key) {
    return json.get(key) instanceof List<?> list ? list : List.of();
  }
}
