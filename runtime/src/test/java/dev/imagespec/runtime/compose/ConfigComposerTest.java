package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.oci.ImageConfig;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.resolve.Fingerprint;
import dev.imagespec.runtime.resolve.PayloadConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigComposerTest {
  private static final PayloadConfig NONE = PayloadConfig.of(Manifest.Payload.NONE);
  private static final Fingerprint FINGERPRINT = new Fingerprint(Digest.of(new byte[0]));
  private static final BlobSource TAR = BlobSource.of(new byte[] {1});
  private static final BuiltLayer FILES = new BuiltLayer("files", TAR, TAR.digest());

  private static Map<?, ?> compose(
      String base, Map<String, String> labels, PayloadConfig payload, BuiltLayer... layers)
      throws InvalidDocumentException {
    ImageConfig config =
        ImageConfig.parse(base.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    byte[] composed =
        ConfigComposer.compose(
                new BaseManifest("base", labels, List.of(), config),
                payload,
                List.of(layers),
                FINGERPRINT)
            .bytes();
    return object(Json.parse(new String(composed, StandardCharsets.UTF_8)));
  }

  private static Map<?, ?> config(String base, PayloadConfig payload)
      throws InvalidDocumentException {
    return object(compose("{'config':" + base + "}", Map.of(), payload).get("config"));
  }

  private static Map<?, ?> object(@Nullable Object json) {
    return (Map<?, ?>) Objects.requireNonNull(json);
  }

  private static PayloadConfig command(List<String> entrypoint, List<String> args) {
    return payload(entrypoint, args, Map.of(), Map.of(), Set.of(), Set.of(), "", "");
  }

  private static PayloadConfig payload(
      List<String> entrypoint,
      List<String> args,
      Map<String, String> env,
      Map<String, String> labels,
      Set<String> ports,
      Set<String> volumes,
      String workingDirectory,
      String user) {
    return new PayloadConfig(
        entrypoint,
        args,
        env,
        labels,
        new TreeSet<>(ports),
        new TreeSet<>(volumes),
        workingDirectory,
        user,
        Map.of(),
        "",
        Map.of(),
        "");
  }

  private static PayloadConfig prepend(String name, String text) {
    return new PayloadConfig(
        List.of(),
        List.of(),
        Map.of("A", "1"),
        Map.of(),
        new TreeSet<>(),
        new TreeSet<>(),
        "",
        "",
        Map.of(name, text),
        "SIGINT",
        Map.of(),
        "2026-11-28T10:00:00Z");
  }

  @Test
  void aStopSignalReplacesTheBases() throws InvalidDocumentException {
    assertThat(config("{'StopSignal':'SIGQUIT'}", prepend("PATH", "/x")).get("StopSignal"))
        .isEqualTo("SIGINT");
    assertThat(config("{'StopSignal':'SIGQUIT'}", NONE).get("StopSignal")).isEqualTo("SIGQUIT");
  }

  @Test
  void foldersStandInFrontOfTheBasesOwnValue() throws InvalidDocumentException {
    assertThat(config("{'Env':['PATH=/usr/bin:/bin','B=1']}", prepend("PATH", "/x:/y")).get("Env"))
        .isEqualTo(List.of("PATH=/x:/y:/usr/bin:/bin", "B=1", "A=1"));
    assertThat(config("{'Env':['B=1']}", prepend("LD_LIBRARY_PATH", "/x")).get("Env"))
        .as("the base has none")
        .isEqualTo(List.of("B=1", "A=1", "LD_LIBRARY_PATH=/x"));
    assertThat(config("{'Env':['PATH=']}", prepend("PATH", "/x")).get("Env"))
        .isEqualTo(List.of("PATH=/x", "A=1"));
    assertThat(config("{}", prepend("PATH", "/x")).get("Env"))
        .as("what containers get without one")
        .isEqualTo(
            List.of("A=1", "PATH=/x:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
  }

  @Test
  void anEntrypointDropsTheBasesArguments() throws InvalidDocumentException {
    Map<?, ?> config =
        config("{'Entrypoint':['/old'],'Cmd':['x']}", command(List.of("/new"), List.of()));
    assertThat(config.get("Entrypoint")).isEqualTo(List.of("/new"));
    assertThat(config.containsKey("Cmd")).isFalse();
  }

  @Test
  void argumentsAloneKeepTheBasesEntrypoint() throws InvalidDocumentException {
    Map<?, ?> config =
        config("{'Entrypoint':['/old'],'Cmd':['x']}", command(List.of(), List.of("y")));
    assertThat(config.get("Entrypoint")).isEqualTo(List.of("/old"));
    assertThat(config.get("Cmd")).isEqualTo(List.of("y"));
  }

  @Test
  void whatIsNotSetIsTheBases() throws InvalidDocumentException {
    Map<?, ?> config =
        config(
            "{'Cmd':['x'],'User':'7','WorkingDir':'/w','Env':['B=1'],'X':{'deep':['kept']}}", NONE);
    assertThat(config)
        .extracting("Cmd", "User", "WorkingDir", "Env")
        .containsExactly(List.of("x"), "7", "/w", List.of("B=1"));
    assertThat(config.get("X")).isEqualTo(Map.of("deep", List.of("kept")));
  }

  @Test
  void aVariableThatTheBaseHasKeepsItsPlace() throws InvalidDocumentException {
    Map<String, String> env = new TreeMap<>(Map.of("PATH", "/x=y", "A", "1", "C", ""));
    PayloadConfig payload =
        payload(List.of(), List.of(), env, Map.of(), Set.of(), Set.of(), "", "");
    assertThat(config("{'Env':['Z=0','PATH=/bin','HOME']}", payload).get("Env"))
        .isEqualTo(List.of("Z=0", "PATH=/x=y", "HOME", "A=1", "C="));
  }

  @Test
  void labelsPortsAndVolumesComeToTheBases() throws InvalidDocumentException {
    PayloadConfig payload =
        payload(
            List.of(),
            List.of(),
            Map.of(),
            Map.of("l", "new", "base.digest", "mine"),
            Set.of("80/tcp", "53/udp"),
            Set.of("/data"),
            "/work",
            "1000");
    Map<?, ?> config =
        object(
            compose(
                    "{'config':{'Labels':{'k':'v','l':'old'},'ExposedPorts':{'22/tcp':{}},"
                        + "'Volumes':{'/old':{}}}}",
                    Map.of("base.name", "n", "base.digest", "d"),
                    payload)
                .get("config"));
    assertThat(config.get("Labels"))
        .isEqualTo(
            Map.of(
                "k",
                "v",
                "l",
                "new",
                "base.name",
                "n",
                "base.digest",
                "mine",
                "dev.imagespec.fingerprint",
                FINGERPRINT.toString()));
    assertThat(config.get("ExposedPorts"))
        .isEqualTo(Map.of("22/tcp", Map.of(), "80/tcp", Map.of(), "53/udp", Map.of()));
    assertThat(config.get("Volumes")).isEqualTo(Map.of("/old", Map.of(), "/data", Map.of()));
    assertThat(config).extracting("WorkingDir", "User").containsExactly("/work", "1000");
  }

  @Test
  void aHistoryOfAllLayersGoesOn() throws InvalidDocumentException {
    Map<?, ?> image =
        compose(
            "{'rootfs':{'type':'layers','diff_ids':['"
                + TAR.digest()
                + "']},'history':[{'created_by':'a'},{'empty_layer':true}]}",
            Map.of(),
            NONE,
            FILES);
    assertThat((List<?>) image.get("history"))
        .hasSize(3)
        .last()
        .isEqualTo(
            Map.of(
                "created", "1970-01-01T00:00:00Z", "created_by", "imagespec", "comment", "files"));
    assertThat(image.get("rootfs"))
        .isEqualTo(
            Map.of(
                "type",
                "layers",
                "diff_ids",
                List.of(TAR.digest().toString(), TAR.digest().toString())));
  }

  @Test
  void aHistoryThatDoesNotMatchTheLayersIsLeftOut() throws InvalidDocumentException {
    Map<?, ?> image =
        compose(
            "{'rootfs':{'diff_ids':['" + TAR.digest() + "']},'history':[{},{}]}",
            Map.of(),
            NONE,
            FILES);
    assertThat(image.containsKey("history")).isFalse();
  }

  @Test
  void theTimeOfTheBuildIsInNoImage() throws InvalidDocumentException {
    assertThat(compose("{'created':'2026-01-02T03:04:05Z'}", Map.of(), NONE).get("created"))
        .isEqualTo("1970-01-01T00:00:00Z");
  }

  @Test
  void aCreationTimeIsTheImagesAndItsOwnLayers() throws InvalidDocumentException {
    Map<?, ?> image =
        compose(
            "{'created':'2020-01-02T03:04:05Z','rootfs':{'type':'layers','diff_ids':['"
                + TAR.digest()
                + "']},'history':[{'created':'2020-01-02T03:04:05Z'}]}",
            Map.of(),
            prepend("PATH", "/x"),
            FILES);
    assertThat(image.get("created")).isEqualTo("2026-11-28T10:00:00Z");
    assertThat((List<?>) image.get("history"))
        .map(entry -> ((Map<?, ?>) entry).get("created"))
        .map(String::valueOf)
        .containsExactly("2020-01-02T03:04:05Z", "2026-11-28T10:00:00Z");
  }
}
