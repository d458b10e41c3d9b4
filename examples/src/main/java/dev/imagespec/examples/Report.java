package dev.imagespec.examples;

import dev.imagespec.Copy;
import dev.imagespec.Env;
import dev.imagespec.ImageSpec;
import dev.imagespec.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Java task: its class path goes into the image, and this class is what the image runs. Files,
 * variables and labels stand beside it.
 */
@ImageSpec(
    registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    name = "reports/daily",
    baseImage = "eclipse-temurin:17.0.13_11-jre",
    mainClass = Report.class,
    jvmFlags = "-XX:MaxRAMPercentage=75",
    args = "world",
    copy = @Copy(from = "conf", to = "/etc/report"),
    env = @Env(name = "REPORT_GREETING", value = "Hello"),
    labels = @Label(name = "org.opencontainers.image.title", value = "daily report"))
public final class Report {
  private Report() {}

  /** Prints the greeting, to whom it goes, and the configured footer. */
  public static void main(String[] args) throws IOException {
    String greeting = System.getenv().getOrDefault("REPORT_GREETING", "unset");
    Path footer = Path.of("/etc/report/footer.txt");
    System.out.println(greeting + ", " + String.join(" ", args) + "!");
    System.out.println(Files.exists(footer) ? Files.readString(footer).strip() : "no footer");
  }
}
