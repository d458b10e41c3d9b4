package dev.imagespec.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageConfigTest {
  private static final Digest LAYER = Digest.parse(Documents.TWO);

  private static ImageConfig parse(String document) throws InvalidDocumentException {
    return ImageConfig.parse(Documents.json(document));
  }

  private static String text(ImageConfig config) {
    return new String(config.bytes(), StandardCharsets.UTF_8).replace('"', '\'');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'rootfs':null,'config':null,'history':null,'created':null}",
        "{'rootfs':{},'config':{}}",
        "{'rootfs':{'type':'layers'},'history':[]}",
        "{'rootfs':{'diff_ids':null},'config':{'Env':null,'Labels':null,'User':null,"
            + "'ExposedPorts':null,'Volumes':null,'OnBuild':null,'Cmd':null}}"
      })
  void nullsAndAbsencesAreNothing(String document) throws InvalidDocumentException {
    ImageConfig config = parse(document);
    assertThat(config.diffIds()).isEmpty();
    assertThat(config.env()).isEmpty();
    assertThat(config.user()).isEmpty();
    assertThat(config.created()).isEmpty();
    assertThat(config.hasBuildTriggers()).isFalse();
    ImageConfig changed =
        config.toBuilder()
            .env(Map.of("A", "1"))
            .label("l", "1")
            .port("1/tcp")
            .volume("/v")
            .layer(LAYER, Instant.EPOCH, "c")
            .build();
    assertThat(changed.diffIds()).containsExactly(LAYER);
    assertThat(changed.env()).containsExactly(Map.entry("A", "A=1"));
    assertThat(text(changed))
        .contains("'Labels':{'l':'1'}", "'ExposedPorts':{'1/tcp':{}}", "'Volumes':{'/v':{}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "7 | it is no JSON object",
        "{'os':7} | os is no text",
        "{'architecture':[]} | architecture is no text",
        "{'variant':{}} | variant is no text",
        "{'created':7} | created is no text",
        "{'rootfs':[]} | rootfs is no object",
        "{'rootfs':{'diff_ids':'$1'}} | rootfs.diff_ids is no list",
        "{'rootfs':{'diff_ids':[null]}} | rootfs.diff_ids[0] is no text",
        "{'rootfs':{'diff_ids':['$1','sha512:ab']}} | rootfs.diff_ids[1] is no SHA-256 digest",
        "{'history':{}} | history is no list",
        "{'history':['x']} | history[0] is no object",
        "{'history':[{'empty_layer':'yes'}]} | history[0].empty_layer is neither true nor false",
        "{'config':'x'} | config is no object",
        "{'config':{'User':0}} | config.User is no text",
        "{'config':{'Env':{}}} | config.Env is no list",
        "{'config':{'Env':[7]}} | config.Env[0] is no text",
        "{'config':{'Labels':[]}} | config.Labels is no object",
        "{'config':{'Labels':{'a':7}}} | config.Labels.a is no text",
        "{'config':{'ExposedPorts':[80]}} | config.ExposedPorts is no object",
        "{'config':{'Volumes':'/v'}} | config.Volumes is no object",
        "{'config':{'OnBuild':'RUN x'}} | config.OnBuild is no list"
      })
  void whatIsWrongIsSaid(String document, String reason) {
    assertThatThrownBy(() -> parse(document))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageStartingWith(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'architecture':'amd64'} | os is missing",
        "{'os':'linux','architecture':null} | architecture is missing",
        "{'os':'linux','architecture':'../x'} | it is for no platform that there is: linux/../x"
      })
  void aPlatformThatIsNotSaidIsAnErrorWhereItIsNeeded(String document, String reason)
      throws InvalidDocumentException {
    ImageConfig config = parse(document);
    assertThatThrownBy(config::platform)
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessage(reason);
  }

  @Test
  void theFieldsHaveTheirTypes() throws InvalidDocumentException {
    ImageConfig config =
        parse(
            "{'os':'linux','architecture':'arm','variant':'v7','created':'2026-01-02T03:04:05Z',"
                + "'rootfs':{'diff_ids':['$1']},"
                + "'config':{'User':'7','Env':['B=2','A=1','B=3','C'],'OnBuild':['RUN x']}}");
    assertThat(config.platform()).isEqualTo(Platform.parse("linux/arm/v7"));
    assertThat(config.created()).contains(Instant.parse("2026-01-02T03:04:05Z"));
    assertThat(config.diffIds()).containsExactly(Digest.parse(Documents.ONE));
    assertThat(config.user()).isEqualTo("7");
    assertThat(config.env().values()).containsExactly("B=3", "A=1", "C");
    assertThat(config.hasBuildTriggers()).isTrue();
  }

  @Test
  void aTimeThatIsNoneIsNotSaid() throws InvalidDocumentException {
    assertThat(parse("{'created':'yesterday'}").created()).isEmpty();
  }

  @Test
  void unknownFieldsSurviveAChangeAsTheyWere() throws InvalidDocumentException {
    String unknown =
        "{'x':{'deep':[null,true,1.50,1e400,123456789012345678901234567890]},"
            + "'config':{'Healthcheck':{'Test':['CMD','x']},'User':'1'},"
            + "'rootfs':{'type':'layers','diff_ids':[],'y':1}}";
    String changed = text(parse(unknown).toBuilder().user("2").build());
    assertThat(changed)
        .contains(
            "'deep':[null,true,1.50,1E+400,123456789012345678901234567890]",
            "'Healthcheck':{'Test':['CMD','x']}",
            "'User':'2'",
            "'y':1");
  }

  @Test
  void whatOnlyAnEngineSaysIsRemoved() throws InvalidDocumentException {
    ImageConfig config =
        parse(
                "{'os':'linux','architecture':'arm64','variant':'v8','author':'x','docker_version':'1',"
                    + "'container_config':{},'moby.buildkit.cache.v0':'x','created':'2026-01-02T03:04:05Z',"
                    + "'config':{'User':'7','Env':['A=1'],'Entrypoint':['x'],'Cmd':null,'WorkingDir':'/',"
                    + "'Labels':{'a':'b'},'Volumes':{},'StopSignal':'SIGINT','Healthcheck':{'Test':[]},"
                    + "'OnBuild':[],'ArgsEscaped':true,'Shell':['x'],'Domainname':''},"
                    + "'rootfs':{'type':'layers','diff_ids':['$1']},'history':[{'created_by':'x'}]}")
            .toBuilder()
            .standard()
            .build();
    assertThat(config)
        .isEqualTo(
            parse(
                "{'os':'linux','architecture':'arm64','variant':'v8',"
                    + "'config':{'User':'7','Env':['A=1'],'Entrypoint':['x'],'Labels':{'a':'b'},"
                    + "'StopSignal':'SIGINT'},"
                    + "'rootfs':{'type':'layers','diff_ids':['$1']},'history':[{'created_by':'x'}]}"));
  }

  @Test
  void theOriginalStaysAsItWas() throws InvalidDocumentException {
    ImageConfig original = parse("{'config':{'Env':['A=1']},'rootfs':{'diff_ids':[]}}");
    String before = text(original);
    original.toBuilder()
        .env(Map.of("A", "2"))
        .layer(LAYER, Instant.EPOCH, "c")
        .label("a", "b")
        .build();
    assertThat(text(original)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{},{'empty_layer':true}] | true",
        "[{'empty_layer':null}] | true",
        "[] | false",
        "[{},{}] | false",
        "[{'empty_layer':true}] | false",
        "null | false"
      })
  void aHistoryIsFullWithAnEntryForEveryLayer(String history, boolean full)
      throws InvalidDocumentException {
    ImageConfig config = parse("{'rootfs':{'diff_ids':['$1']},'history':" + history + "}");
    assertThat(config.hasFullHistory()).isEqualTo(full);
    assertThat(
            text(config.toBuilder().layer(LAYER, Instant.EPOCH, "files").build())
                .contains("'history'"))
        .isEqualTo(full);
  }

  @Test
  void anotherImagesLayersComeWithItsHistory() throws InvalidDocumentException {
    ImageConfig base = parse("{'rootfs':{'diff_ids':[]},'history':[],'config':{'User':'7'}}");
    ImageConfig built =
        parse("{'rootfs':{'diff_ids':['$1']},'history':[{'comment':'x'}],'config':{'User':'0'}}");
    ImageConfig config = base.toBuilder().layersOf(built).build();
    assertThat(config.diffIds()).isEqualTo(built.diffIds());
    assertThat(config.hasFullHistory()).isTrue();
    assertThat(config.user()).isEqualTo("7");
    assertThat(text(base.toBuilder().layersOf(parse("{}")).build()))
        .isEqualTo("{'config':{'User':'7'}}");
  }

  @Test
  void differencesAreNamedByTheirPaths() throws InvalidDocumentException {
    assertThat(
            parse("{'a':1,'config':{'User':'1','Env':['A']}}")
                .differences(parse("{'a':1,'config':{'User':'2','Env':['A'],'X':{}},'b':null}")))
        .containsExactly("b", "config.User", "config.X");
  }

  @Test
  void theEmptyConfigurationIsForItsPlatform() throws InvalidDocumentException {
    ImageConfig empty = ImageConfig.empty(Platform.parse("linux/arm/v7"));
    assertThat(empty.platform()).isEqualTo(Platform.parse("linux/arm/v7"));
    assertThat(text(empty))
        .isEqualTo(
            "{'architecture':'arm','os':'linux','variant':'v7','config':{},"
                + "'rootfs':{'type':'layers','diff_ids':[]},'history':[]}");
  }
}
