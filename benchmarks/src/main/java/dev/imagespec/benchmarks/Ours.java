package dev.imagespec.benchmarks;

import dev.imagespec.RegistrationRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code imagespec register}.
 *
 * @param script whether {@code bin/imagespec} starts it, with the archive of classes that its users
 *     have from their second run on; otherwise {@code java -jar} does, without flags
 * @param more more flags for Java
 */
record Ours(String name, boolean script, List<String> more) implements Peer {
  static final String SCRIPT = "imagespec";
  static final String PLAIN = "imagespec, plain JVM";

  @Override
  public boolean takes(Scenario scenario) {
    return script || scenario.repositories() == 1;
  }

  @Override
  public void prepare(Trial trial, Phase phase) throws IOException {
    if (phase == Phase.COLD) {
      Trees.delete(trial.cache());
      Files.createDirectories(trial.cache().resolve("imagespec"));
      Path classes = Files.createDirectories(trial.bench().folder().resolve("classes"));
      Files.createSymbolicLink(trial.cache().resolve("imagespec/classes"), classes);
      Files.deleteIfExists(trial.folder().resolve("imagespec.lock"));
      Files.deleteIfExists(trial.folder().resolve("record.json"));
    }
  }

  @Override
  public Timed.Command command(Trial trial, Phase phase) {
    List<String> words = new ArrayList<>();
    Map<String, String> environment = new TreeMap<>();
    environment.put("XDG_CACHE_HOME", trial.cache().toString());
    List<String> flags = new ArrayList<>(trial.bench().flags());
    flags.addAll(more);
    if (script) {
      words.add(Surroundings.root().resolve("bin/imagespec").toString());
      environment.put("IMAGESPEC_JAR", Surroundings.jar().toString());
      environment.put("IMAGESPEC_OPTS", String.join(" ", flags));
      environment.put("JAVA_HOME", System.getProperty("java.home"));
    } else {
      words.add(Surroundings.java().toString());
      words.addAll(flags);
      words.addAll(List.of("-jar", Surroundings.jar().toString()));
    }
    words.addAll(
        List.of(
            "register",
            "--classpath",
            trial.project().classes() + ":" + trial.project().jar(),
            "--project-dir",
            trial.project().folder().toString(),
            "--registry",
            trial.bench().host(),
            "--lock",
            trial.folder().resolve("imagespec.lock").toString(),
            "--record",
            trial.folder().resolve("record.json").toString()));
    return new Timed.Command(words, environment, trial.folder());
  }

  @Override
  public List<String> references(Trial trial) throws IOException {
    RegistrationRecord record =
        RegistrationRecord.parse(Files.readString(trial.folder().resolve("record.json")));
    List<String> references = new ArrayList<>();
    for (int image = 0; image < trial.scenario().images(); image++) {
      String reference = record.tasks().getOrDefault(Project.task(image), "");
      references.add(reference.substring(reference.indexOf('/') + 1));
    }
    return references;
  }
}
