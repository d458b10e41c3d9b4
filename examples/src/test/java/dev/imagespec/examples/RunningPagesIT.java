package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the pages on platforms and on Gradle, as they stand there. */
class RunningPagesIT {
  private static final Pattern SHELL = Pattern.compile("(?s)```sh\\n(.*?)```");

  @TempDir Path dir;

  private static List<String> commands(String page) throws IOException {
    return SHELL
        .matcher(Files.readString(Path.of("..", "docs", page)))
        .results()
        .map(result -> result.group(1))
        .toList();
  }

  /** The AWS CLI checks the parameters, and sends them to a server of this process. */
  @Test
  void awsGetsTheImageByDigest() throws IOException {
    Optional<String> missing = ExternalTool.missing("aws", "jq");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    List<String> commands = commands("running.md");
    String image =
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app@sha256:" + "0a".repeat(32);
    Path record = dir.resolve("target/imagespec/registration.json");
    Files.createDirectories(record.resolveSibling(""));
    Files.writeString(record, "{\"tasks\": {\"com.acme.Report\": \"" + image + "\"}}");
    Map<String, String> requests = Collections.synchronizedMap(new LinkedHashMap<>());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          requests.put(
              exchange.getRequestURI().getPath(), new String(body, StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      List<String> aws = new ArrayList<>();
      for (String command : commands) {
        if (command.startsWith("aws ")) {
          aws.add(command);
          run(
              "aws() { command aws \"$@\" --endpoint-url "
                  + url
                  + "; }\n"
                  + commands.get(0)
                  + command);
        }
      }
      assertThat(aws).hasSize(3);
    } finally {
      server.stop(0);
    }
    assertThat(requests).hasSize(3);
    requests.forEach((path, body) -> assertThat(body).as(path).contains(image));
  }

  private void run(String script) {
    ExternalTool.Result result =
        ExternalTool.attempt(
            Map.of(
                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "not-for-logs",
                "AWS_DEFAULT_REGION", "us-east-1",
                "AWS_PAGER", "",
                "AWS_EC2_METADATA_DISABLED", "true"),
            "sh",
            "-ec",
            "cd \"$0\"\n" + script,
            dir.toString());
    assertThat(result.status()).as(script + result.output()).isZero();
  }

  /** What Gradle's task runs. */
  @Test
  void theLineOfGradle() throws IOException {
    List<String> commands = commands("gradle.md");
    assertThat(commands).hasSize(1);
    try (RegistryServer registry = RegistryServer.anonymous()) {
      registry.push("base", "1", TestImage.small());
      TaskCompiler.compile(
          List.of(TaskSource.of("Report", registry.registry() + "/base:1").main()),
          dir,
          dir.resolve("build/classes/java/main"));
      Files.copy(Path.of(System.getProperty("e2e.cli")), dir.resolve("imagespec-cli.jar"));
      run("export IMAGESPEC_REGISTRY=" + registry.registry() + "\n" + commands.get(0));
      assertThat(Files.readString(dir.resolve("build/registration.json")))
          .contains("\"Report\": \"" + registry.registry() + "/hostile/tasks@sha256:");
      assertThat(Files.readString(Path.of("..", "docs", "gradle.md")))
          .contains("dev.imagespec.cli.ImageSpecCommand");
    }
  }
}
