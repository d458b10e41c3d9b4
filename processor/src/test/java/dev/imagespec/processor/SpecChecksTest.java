package dev.imagespec.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.ImageSpec;
import dev.imagespec.check.Message;
import dev.imagespec.processor.TestCompiler.Compiled;
import dev.imagespec.processor.TestCompiler.Said;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user may get wrong, attribute by attribute, and what is said to it. A row is what stands
 * in {@code @ImageSpec}, and what the messages say: each part in one of its own, in that order;
 * nothing else.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpecChecksTest {
  private static final String COMMIT = "0123456789".repeat(4);
  private static final String B = "baseImage = \"b:1\", ";

  /** What needs more than one class, an option, a broken file system or no compiler to be said. */
  private static final EnumSet<Message> ELSEWHERE =
      EnumSet.of(
          Message.AMBIGUOUS,
          Message.BASE_SPEC_CLASS,
          Message.FILES_NOT_CHECKED,
          Message.FLYTE_NO_IMAGE,
          Message.GENERATED_NAME,
          Message.INTERNAL,
          Message.LOCAL_CLASS,
          Message.MAIN_CLASS_NAME,
          Message.NAME_CASE,
          Message.OPTION_FOLDER,
          Message.OUTPUT,
          Message.OUTPUT_CLASS_PATH,
          Message.OUTPUT_TWIN,
          Message.OUTSIDE_OR_UNREADABLE,
          Message.RELEASE,
          Message.RETENTION,
          Message.UNREADABLE);

  @TempDir static Path dir;
  private Map<String, List<String>> said = Map.of();

  private record Row(String attributes, List<String> messages) {
    static Row of(String attributes, String... messages) {
      return new Row(attributes, List.of(messages));
    }
  }

  /** A row of what stands in {@code @FlyteTask}, on a class whose spec is right. */
  private static Row flyte(String attributes, String... messages) {
    return Row.of(
        B
            + "entrypoint = \"/bin/run\") @FlyteTask("
            + attributes
                .replace("@In(", "@FlyteTask.Input(type = FlyteTask.Type.STRING, name = ")
                .replace("@Out(", "@FlyteTask.Output(type = FlyteTask.Type.FLOAT, name = ")
                .replace("@Resources", "@FlyteTask.Resources"),
        messages);
  }

  static List<Row> rows() {
    return List.of(
        flyte("project = \"flytesnacks\", domain = \"development\", name = \"a.b.C$d\""),
        flyte("project = \"Snacks\"", "IMG069 project \"Snacks\": a project or a domain has"),
        flyte("domain = \"dev_1\"", "IMG069 domain"),
        flyte("project = \"" + "a".repeat(63) + "\""),
        flyte("project = \"" + "a".repeat(64) + "\"", "IMG069 project"),
        flyte("name = \"a b\"", "IMG069 name \"a b\": a task's name has no spaces"),
        flyte("name = \"a/b\"", "IMG069 name"),
        flyte("name = \"" + "n".repeat(255) + "\", version = \"" + "v".repeat(63) + "\""),
        flyte("name = \"" + "n".repeat(256) + "\"", "IMG069 name"),
        flyte("version = \"" + "v".repeat(64) + "\"", "IMG069 version \"vvv"),
        flyte("version = \"1.0+x\"", "IMG069 version \"1.0+x\": a version has letters"),
        flyte("version = \"1.0~rc-1_a\""),
        flyte("inputs = {@In(\"a\"), @In(\"B_2\")}, outputs = @Out(\"a\")"),
        flyte("inputs = @In(\"_ERROR\")", "IMG070 inputs[0].name"),
        flyte("inputs = @In(\"inputs.json\")", "IMG070 inputs[0].name"),
        flyte("outputs = {@Out(\"a\"), @Out(\"\")}", "IMG070 outputs[1].name \"\": a variable's"),
        flyte(
            "inputs = {@In(\"a\"), @In(\"b\"), @In(\"a\")}",
            "IMG070 inputs[2].name \"a\": the variable is declared twice, first in inputs[0].name"),
        flyte(
            "inputs = @FlyteTask.Input(type = FlyteTask.Type.FILE, name = \"a\", description ="
                + " \"\\ud800\")",
            "IMG017 inputs[0].description"),
        flyte(
            "requests = @Resources(cpu = \"500m\", memory = \"1Gi\", gpu = 1, ephemeralStorage ="
                + " \"1.5G\"), limits = @Resources(cpu = \".5\", memory = \"1024Mi\", gpu = 1,"
                + " ephemeralStorage = \"2e9\")"),
        flyte("limits = @Resources(gpu = 2)"),
        flyte(
            "requests = @Resources(memory = \"512MB\")",
            "IMG071 requests.memory \"512MB\": this is no quantity of Kubernetes; did you mean 512M?"),
        flyte("limits = @Resources(memory = \"2 gib\")", "did you mean 2Gi?"),
        flyte(
            "limits = @Resources(memory = \"much\")", "IMG071 limits.memory \"much\": this is no"),
        flyte("limits = @Resources(cpu = \"-1\")", "IMG071 limits.cpu"),
        flyte("limits = @Resources(memory = \"512m\")", "is no whole number of bytes"),
        flyte("limits = @Resources(cpu = \"0.0005\")", "in thousandths"),
        flyte(
            "requests = @Resources(cpu = \"2\"), limits = @Resources(cpu = \"1500m\")",
            "IMG071 requests.cpu \"2\": this is more than limits.cpu \"1500m\""),
        flyte("requests = @Resources(gpu = -1)", "IMG071 requests.gpu \"-1\""),
        flyte("limits = @Resources(gpu = -1)", "IMG071 limits.gpu \"-1\""),
        flyte(
            "requests = @Resources(gpu = 1), limits = @Resources(gpu = 2)",
            "IMG071 requests.gpu \"1\": a GPU is not shared, so this equals limits.gpu, which is 2"),
        flyte("retries = -1, timeout = -1", "IMG072 retries", "IMG072 timeout"),
        flyte(
            "inputs = @In(\"seed\"), cacheVersion = \"1\", cacheSerialize = true,"
                + " cacheIgnoreInputVars = \"seed\""),
        flyte("cacheSerialize = true", "IMG073 cacheSerialize \"true\": nothing is cached"),
        flyte(
            "inputs = @In(\"seed\"), cacheIgnoreInputVars = \"seed\"",
            "IMG073 cacheIgnoreInputVars[0]"),
        flyte(
            "inputs = @In(\"seed\"), cacheVersion = \"1\", cacheIgnoreInputVars = \"sed\"",
            "did you mean seed?"),
        flyte(
            "inputs = @In(\"seed\"), cacheVersion = \"1\", cacheIgnoreInputVars = \"other\"",
            "the inputs are {\"seed\"}"),
        Row.of("baseImage = \"b:1\") @FlyteTask(retries = 1"),
        Row.of(
            "baseImage = \"b:1\", args = \"-v\") @FlyteTask(outputs = @FlyteTask.Output(type ="
                + " FlyteTask.Type.FILE, name = \"a\")"),
        Row.of(
            "baseImage = \"b:1\") @FlyteTask(outputs = @FlyteTask.Output(type ="
                + " FlyteTask.Type.FILE, name = \"a\")",
            "IMG074 @FlyteTask"),
        Row.of(
            "baseImage = \"scratch\", packages = \"numpy==2.1.0\", aptPackages = \"git=1\"",
            "IMG011 aptPackages[0]",
            "IMG011 packages[0]"),
        Row.of("baseImage = \"scratch\", requirements = \"good.txt\"", "IMG011 requirements"),
        Row.of("baseImage = \"scratch\", mainClass = %s.class", "IMG011 mainClass"),
        Row.of(B + "jvmFlags = \"-Xmx1g\"", "IMG011 jvmFlags[0]"),
        Row.of(B + "mainClassName = \"com.acme.TopKt\", jvmFlags = \"-Xmx1g\""),
        Row.of(B + "mainClassName = \"t.%s\""),
        Row.of(B + "mainClassName = \"java.lang.String\"", "IMG010 mainClassName"),
        Row.of(B + "mainClassName = \"com/acme/Main\"", "is no class's name; a class is named as"),
        Row.of(B + "mainClassName = \"Main.class\"", "IMG010 mainClassName"),
        Row.of(B + "mainClassName = \"a.B\", entrypoint = \"x\"", "IMG011 entrypoint[0]"),
        Row.of("baseImage = \"scratch\", mainClassName = \"a.B\"", "IMG011 mainClassName"),
        Row.of(
            B + "mainClassName = \"a.B\", mainClass = %s.class",
            "IMG011 mainClassName \"a.B\": mainClass and mainClassName both"),
        Row.of(
            B + "mainClass = Later%s.class", "java runs the main of t.Later%s only since Java 25"),
        Row.of(B + "mainClass = %s.class, entrypoint = \"x\"", "IMG011 entrypoint[0]"),
        Row.of("baseImage = \"\"", "IMG004"),
        Row.of("baseImage = \"b\"", "IMG005"),
        Row.of("baseImage = \"h.example:5000/b:latest\"", "IMG005"),
        Row.of("baseImage = \"b@sha256:" + "a".repeat(64) + "\""),
        Row.of("baseImage = \"b@sha256:aa\"", "IMG004"),
        Row.of("baseImage = \"h.example:99999/b:1\"", "IMG004"),
        Row.of(B + "platforms = \"bogus/cpu\"", "IMG006"),
        Row.of(B + "platforms = {\"linux/amd64\", \"linux/x86_64\"}", "IMG006 platforms[1]"),
        Row.of(B + "platforms = {\"linux/aarch64\", \"linux/arm/v7\"}", "IMG023 platforms[0]"),
        Row.of(
            B + "registry = \"123456789012.dkr.ecr.us-eas-1.amazonaws.com\"",
            "did you mean us-east-1?"),
        Row.of(B + "registry = \"123456789012.dkr.ecr.eu-west-4.amazonaws.com\"", "IMG002"),
        Row.of(B + "registry = \"123456789012.dkr.ecr.zz-moon-1.amazonaws.com\""),
        Row.of(
            B + "registry = \"123456789012.dkr.ecr.us-east-1.amazonaws.com\", name = \"a\"",
            "IMG003 name \"a\": "),
        Row.of(B + "name = \"Bad Name!\"", "IMG003"),
        Row.of(
            B + "aptPackages = {\"git lfs\", \"-y\", \"libc6:arm64=2.39-1\"}",
            "aptPackages[0] \"git lfs\"",
            "aptPackages[1]"),
        Row.of(B + "aptPackages = \"git\"", "IMG027"),
        Row.of(B + "aptPackages = {\"git=1\", \"git=2\"}", "IMG025 aptPackages[1]"),
        Row.of(B + "packages = \"--index-url https://a.example/x\"", "pipIndex"),
        Row.of(B + "packages = \"-e .\"", "IMG026"),
        Row.of(B + "packages = {\"Num.Py==1\", \"num-py==2\"}", "IMG025 packages[1]"),
        Row.of(
            B
                + "packages = {\"numpy==1; python_version < '3.9'\", \"numpy==2; python_version >="
                + " '3.9'\"}"),
        Row.of(B + "packages = \"x @ https://me:pw@h.example/x.whl\"", "IMG030", "IMG027"),
        Row.of(B + "pipIndex = \"https://me:pw@h.example/x\"", "IMG030"),
        Row.of(B + "requirements = \"good.txt\""),
        Row.of(
            B + "requirements = \"bad.txt\"",
            "no version of numpy satisfies both ==2.1.1 (bad.txt:2) and ==2.1.0 (good.txt:1)"),
        Row.of(B + "requirements = \"same.txt\""),
        Row.of(B + "requirements = \"limited.txt\""),
        Row.of(B + "requirements = \"unlimited.txt\"", "limits.txt:1"),
        Row.of(B + "packages = {\"transformers==4.39.1\", \"transformers[onnxruntime]==4.39.1\"}"),
        Row.of(
            B + "packages = {\"numpy>=1.20\", \"numpy<2\"}",
            "IMG027 packages[0]",
            "IMG027 packages[1]"),
        Row.of(B + "packages = {\"numpy==1.26.4\", \"numpy<2\", \"numpy==1.26.4\"}"),
        Row.of(
            B + "requirements = \"good.txt\", packages = {\"numpy\", \"numpy==2.2.0\"}",
            "IMG025 packages[1] \"numpy==2.2.0\": no version of numpy satisfies both ==2.2.0"
                + " (packages[1]) and ==2.1.0 (good.txt:1)"),
        Row.of(B + "packages = \"numpy>=2,<1\"", "no version of numpy satisfies >=2,<1", "IMG027"),
        Row.of(B + "packages = \"foo @ git+ssh://git@git.example/foo.git@" + COMMIT + "\""),
        Row.of(B + "packages = \"foo @ git+https://git@git.example/foo.git@" + COMMIT + "\""),
        Row.of(B + "packages = \"git+https://git.example/foo.git@" + COMMIT + "\""),
        Row.of(B + "packages = \"foo @ git+https://git.example/foo.git@v1\"", "a commit: a URL"),
        Row.of(B + "requirements = \"branch.txt\"", "write in branch.txt:1 a commit"),
        Row.of(
            B + "packages = \"foo @ git+ssh://me:pw@git.example/foo.git@" + COMMIT + "\"",
            "IMG030"),
        Row.of(B + "packages = \"requirements.txt\"", "requirements = \"requirements.txt\""),
        Row.of(B + "packages = \"numpy=1.0\"", "write numpy==1.0"),
        Row.of(
            B
                + "secrets = \"token\", commands = {\"git clone https://oauth2:${T}@git.example/x\","
                + " \"curl https://me:$T@h.example\", \"curl https://me:$(cat /run/secrets/token)@h\","
                + " \"git clone ssh://git@git.example/x\"}"),
        Row.of(B + "aptPackages = {\"curl=7.88*\", \"g++\"}", "IMG027", "IMG027"),
        Row.of(B + "aptPackages = {\"git=1\", \"git=1\"}"),
        Row.of(
            B
                + "aptPackages = {\"lib32z1-\", \"./x.deb\", \"apt-get install git\", \"git \","
                + " \"curl>=7\", \"git,curl\", \"git curl\"}",
            "remove the package; write \"lib32z1\"",
            "by its path in the image, such as /opt/debs/x.deb",
            "no command; write \"git\"",
            "write \"git\"",
            "curl=7.88*",
            "several texts",
            "is it \"git-curl\", or are"),
        Row.of(
            B
                + "env = {@Env(name = \"discovery.type\", value = \"x\"), @Env(name ="
                + " \"application.title\", value = \"x\"), @Env(name = \"Logging:Level\", value ="
                + " \"x\"), @Env(name = \"my-app.list[0]\", value = \"x\")}"),
        Row.of(
            B
                + "env = {@Env(name = \"\", value = \"x\"), @Env(name = \"A=B\", value = \"x\"),"
                + " @Env(name = \"A$B\", value = \"x\")}",
            "IMG007",
            "IMG007",
            "IMG007"),
        Row.of(
            B
                + "env = {@Env(name = \"PATH\", prepend = \"/opt/x/bin:/opt/y\"), @Env(name ="
                + " \"XDG_DATA_DIRS\", prepend = \"/x\"), @Env(name = \"E\", value = \"\")}"),
        Row.of(
            B
                + "env = {@Env(name = \"PATH\", value = \"/x\", prepend = \"/y\"), @Env(name = \"A\"),"
                + " @Env(name = \"JAVA_OPTS\", prepend = \"/x\"), @Env(name = \"LD_LIBRARY_PATH\","
                + " prepend = \"/x:\"), @Env(name = \"MANPATH\", prepend = \"~/man\"), @Env(name ="
                + " \"PYTHONPATH\", prepend = \"/x:$PYTHONPATH\"), @Env(name = \"NODE_PATH\", prepend"
                + " = \"/${HOME:-x}/y\")}",
            "IMG050 env[0].prepend \"/y\": value is the whole value",
            "IMG050 env[1].name \"A\": the variable has no value",
            "IMG050 env[2].name",
            "IMG050 env[3].prepend",
            "IMG050 env[4].prepend",
            "IMG050 env[5].prepend",
            "IMG050 env[6].prepend"),
        Row.of(
            B
                + "annotations = @Label(name = \"org.opencontainers.image.source\", value = \"x y\")"),
        Row.of(
            B
                + "annotations = {@Label(name = \"\", value = \"\"), @Label(name = \"a b\", value = \"\"),"
                + " @Label(name = \"dev.imagespec.x\", value = \"\"), @Label(name ="
                + " \"org.opencontainers.image.sorce\", value = \"\"), @Label(name ="
                + " \"org.opencontainers.image.ref.name\", value = \"\"), @Label(name = \"a\", value ="
                + " \"\\n\"), @Label(name = \"a\", value = \"https://u:hunter2@x\")}",
            "IMG017 annotations[5].value",
            "IMG052 annotations[0].name",
            "IMG052 annotations[1].name",
            "IMG052 annotations[2].name",
            "did you mean org.opencontainers.image.source?",
            "IMG052 annotations[4].name",
            "IMG052 annotations[6].name \"a\": the annotation is set twice, first in annotations[5].name",
            "IMG030 annotations[6].value"),
        Row.of(B + "stopSignal = \"SIGRTMAX-14\""),
        Row.of(B + "stopSignal = \"64\""),
        Row.of(
            B + "stopSignal = \"SIGTREM\"",
            "IMG051 stopSignal \"SIGTREM\": there is no such signal; did you mean SIGTERM?"),
        Row.of(B + "stopSignal = \"int\"", "did you mean SIGINT?"),
        Row.of(B + "stopSignal = \"RTMIN+3\"", "did you mean SIGRTMIN+3?"),
        Row.of(B + "stopSignal = \"65\"", "between 1 and 64"),
        Row.of(B + "stopSignal = \"0\"", "between 1 and 64"),
        Row.of(B + "stopSignal = \"please stop\"", "between 1 and 64"),
        Row.of(B + "replace = {\"packages\", \"env\", \"repository.pullPrincipals\"}"),
        Row.of(
            B + "replace = {\"Packages\", \"user\", \"packages[0]\", \"all\"}",
            "IMG066 replace[0] \"Packages\": there is no such array to replace; did you mean packages?",
            "IMG066 replace[1] \"user\": the nearest annotation that sets user replaces the others",
            "IMG066 replace[2]",
            "IMG066 replace[3] \"all\": there is no such array to replace; name one of platforms, "),
        Row.of(
            B
                + "application = @Application(from = \"target/not-there.jar\"), jvmFlags = \"-Xmx1g\","
                + " args = \"a\""),
        Row.of(
            B
                + "application = @Application(from = \"target/app.war\", to = \"/x/webapps/ROOT\"),"
                + " entrypoint = \"/run\""),
        Row.of(
            B + "application = @Application(from = \"/target/app.jar\")",
            "IMG067 application.from \"/target/app.jar\": what the build makes is named relative"),
        Row.of(B + "application = @Application(from = \"../app.jar\")", "IMG067 application.from"),
        Row.of(
            B + "application = @Application(from = \"target/app-*.jar\")",
            "and * is the name of a file; let the build name its output without a version"),
        Row.of(
            B + "application = @Application(from = \"target/app-${VERSION}.jar\")",
            "and ${VERSION} is"),
        Row.of(
            B + "application = @Application(from = \"a.jar\", to = \"app\")",
            "IMG013 application.to"),
        Row.of(
            B + "application = @Application(from = \"a.jar\", to = \"//\")",
            "IMG067 application.to \"//\": an application has a folder of its own"),
        Row.of(
            B + "application = @Application(from = \"a.jar\"), mainClass = %s.class",
            "IMG067 mainClass \"t.%s\": the application brings its own class path"),
        Row.of(
            B + "application = @Application(from = \"a.jar\"), classpath = true",
            "IMG067 classpath"),
        Row.of(
            B
                + "application = @Application(from = \"a.jar\"), jvmFlags = \"-Xmx1g\", entrypoint ="
                + " \"/run\"",
            "IMG067 jvmFlags[0] \"-Xmx1g\": entrypoint says what runs, and its flags stand there:"
                + " {\"java\", \"-Xmx1g\", \"@/app/launch\"}"),
        Row.of(
            B + "application = @Application(from = \"a.war\", to = \"/x\"), jvmFlags = \"-Xmx1g\"",
            "IMG067 jvmFlags[0] \"-Xmx1g\": the base's server runs the application"),
        Row.of(
            "baseImage = \"scratch\", application = @Application(from = \"a.jar\")",
            "IMG011 application.from"),
        Row.of(B + "env = @Env(name = \"A\", value = \"${HOME}/x\")", "the program gets ${HOME}"),
        Row.of(B + "env = @Env(name = \"A\", value = \"a$ $5 $x $2y$10$abc\")"),
        Row.of(
            B
                + "env = {@Env(name = \"DB_PASSWORD_FILE\", value = \"x\"), @Env(name ="
                + " \"AUTH_MODE\", value = \"x\"), @Env(name = \"MAX_TOKEN\", value = \"5\"),"
                + " @Env(name = \"TOKEN_TTL\", value = \"5\"), @Env(name = \"REQUIRE_AUTH\", value ="
                + " \"1\"), @Env(name = \"SMTP_AUTH\", value = \"true\"), @Env(name = \"PWD\", value ="
                + " \"x\"), @Env(name = \"TOKENIZERS\", value = \"x\"), @Env(name = \"X_SECRET\","
                + " value = \"/run/secrets/x\")}"),
        Row.of(
            B
                + "env = {@Env(name = \"API_TOKEN\", value = \"x\"), @Env(name = \"db.password\","
                + " value = \"x\"), @Env(name = \"SECRET_KEY\", value = \"x\")}",
            "IMG031",
            "IMG031",
            "IMG031"),
        Row.of(B + "registry = \"000000000000.dkr.ecr.us-east-1.localhost.localstack.cloud:4566\""),
        Row.of(B + "registry = \"000000000000.dkr.ecr.us-east-1.localhost:4566\""),
        Row.of("baseImage = \"mirror.ecr.corp.example/a:1\""),
        Row.of(
            B + "registry = \"ghcr.io/acme/app:1\"",
            "write registry = \"ghcr.io/acme\" and name = \"app\""),
        Row.of(B + "registry = \"ghcr.io/acme/app@sha256:00\"", "and name = \"app\""),
        Row.of(
            B + "registry = \"123456789012.dkr-ecr.eusc-de-east-1.amazonaws.eu\"",
            "write 123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu"),
        Row.of(
            B + "name = \"ghcr.io/acme/app\"",
            "IMG047 name \"ghcr.io/acme/app\": ghcr.io looks like a registry: put it into registry,"
                + " and write name = \"acme/app\""),
        Row.of(B + "name = \"my-team/app.v2\""),
        Row.of("baseImage = \"python:3.12:slim\"", "one tag; write \"python:3.12-slim\""),
        Row.of("baseImage = \"h.example:5000/python:3.12:slim\"", "5000/python:3.12-slim\""),
        Row.of("baseImage = \"FROM ubuntu:24.04\"", "write \"ubuntu:24.04\""),
        Row.of("baseImage = \"ubuntu:24.04 AS base\"", "write \"ubuntu:24.04\""),
        Row.of("baseImage = \"docker pull ubuntu:24.04\"", "write \"ubuntu:24.04\""),
        Row.of("baseImage = \"Ubuntu:24.04\"", "upper-case letters; write \"ubuntu:24.04\""),
        Row.of("baseImage = \"GHCR.io/Acme/App:V1\"", "write \"ghcr.io/acme/app:V1\""),
        Row.of(
            "baseImage = \"ubuntu 24.04\"",
            "after a colon, without spaces; write \"ubuntu:24.04\""),
        Row.of("baseImage = \"ubuntu@24.04\"", "after a colon; write \"ubuntu:24.04\""),
        Row.of("baseImage = \"ubuntu:24.04 \"", "no spaces around it; write \"ubuntu:24.04\""),
        Row.of(
            B
                + "mainClass = %s.class, jvmFlags = {\"-Xmx1g -Xms1g\", \"--add-opens a/b=c\","
                + " \"-cp /x\", \"-Dx=a b\", \"-XX:OnOutOfMemoryError=kill -9 %%p\", \"--add-opens\","
                + " \"a/b=c\"}",
            "write one element each: {\"-Xmx1g\", \"-Xms1g\"}",
            "write \"--add-opens=a/b=c\"",
            "IMG041 jvmFlags[2]"),
        Row.of(
            B + "entrypoint = \"java -jar /app.jar\"",
            "IMG045 entrypoint[0] \"java -jar /app.jar\": each element is one argument, and no shell takes"
                + " this apart; write one element each: {\"java\", \"-jar\", \"/app.jar\"}"),
        Row.of(B + "args = {\"--port 80\", \"hello world\"}", "{\"--port\", \"80\"}"),
        Row.of(
            B + "entrypoint = {\"sh\", \"-c\", \"-x y; run --all\"}, args = \"/opt/My App/run\""),
        Row.of(B + "entrypoint = \"/opt/My App/run\""),
        Row.of(
            B
                + "commands = {\"CMD x\", \"EXPOSE 80\", \"HEALTHCHECK CMD x\", \"RUN a\\nb\","
                + " \"VOLUME /x\", \"ENV A=b\", \"cmd x\", \"STOPSIGNAL INT\", \"SHELL [\\\"x\\\"]\"}",
            "attribute args",
            "attribute ports",
            "no health check",
            "IMG034 commands[3]",
            "attribute volumes",
            "attribute env",
            "STOPSIGNAL",
            "bash -c"),
        Row.of(
            B
                + "copy = {@Copy(from = \"~/.aws\", to = \"/x\"), @Copy(from = \"$HOME/x\", to = \"/x\"),"
                + " @Copy(from = \"conf/*\", to = \"/x\"), @Copy(from = \"folder*/x\", to = \"~/x\"),"
                + " @Copy(from = \"good.txt\", to = \"/x/${HOME}\")}, workingDirectory = \"$HOME\"",
            "IMG013 workingDirectory \"$HOME\": nothing is expanded",
            "IMG013 copy[3].to \"~/x\": nothing is expanded",
            "IMG013 copy[4].to",
            "IMG014 copy[0].from \"~/.aws\": nothing is expanded, and ~ is",
            "IMG014 copy[1].from \"$HOME/x\": nothing is expanded, and $HOME is",
            "nothing is expanded, and * is",
            "nothing is expanded, and * is"),
        Row.of(B + "copy = @Copy(from = \"Outer$Inner[1]\", to = \"/x\")"),
        Row.of(B + "requirements = \"out.txt\"", "IMG029"),
        Row.of(B + "requirements = \"none.txt\"", "IMG020"),
        Row.of(
            B + "env = {@Env(name = \"A\", value = \"\"), @Env(name = \"A\", value = \"\")}",
            "IMG008 env[1].name"),
        Row.of(B + "env = @Env(name = \"AWS_SECRET_ACCESS_KEY\", value = \"x\")", "IMG030"),
        Row.of(B + "env = @Env(name = \"A\", value = \"AKIA" + "ABCDEFGHIJKLMNOP\")", "IMG030"),
        Row.of(B + "env = @Env(name = \"DB_PASSWORD\", value = \"x\")", "IMG031"),
        Row.of(B + "env = @Env(name = \"PATH\", value = \"/x\")", "IMG032"),
        Row.of(B + "env = @Env(name = \"LD_PRELOAD\", value = \"/x\")", "IMG032"),
        Row.of(B + "labels = @Label(name = \"dev.imagespec.x\", value = \"\")", "IMG009"),
        Row.of(
            B + "labels = {@Label(name = \"a\", value = \"\"), @Label(name = \"a\", value = \"\")}",
            "set twice"),
        Row.of(
            B + "ports = {\"0\", \"9-8\", \"80/icmp\", \"65536\"}",
            "ports[0]",
            "ports[1]",
            "ports[2]",
            "ports[3]"),
        Row.of(B + "user = \"a:b:c\"", "IMG033"),
        Row.of(B + "workingDirectory = \"work\"", "IMG013"),
        Row.of(B + "volumes = {\"/\", \"data\"}", "volumes[0]", "volumes[1]"),
        Row.of(B + "entrypoint = \"\"", "IMG021 entrypoint[0]"),
        Row.of(B + "commands = \" \"", "IMG021 commands[0]"),
        Row.of(B + "commands = \"# nothing\"", "IMG034"),
        Row.of(B + "commands = \"# syntax=docker/dockerfile:1\"", "a parser directive"),
        Row.of(B + "commands = \"RUN id\"", "write \"id\""),
        Row.of(B + "commands = \"curl -H 'x: ghp_" + "a".repeat(36) + "'\"", "IMG030"),
        Row.of(B + "secrets = \"a b\"", "IMG016"),
        Row.of("dockerfile = \"docker/good\", mainClass = %s.class"),
        Row.of("dockerfile = \"docker/good\", dockerfileContext = \".\""),
        Row.of(
            "dockerfile = \"docker/bad\"",
            "IMG062 dockerfile \"docker/bad\": docker/bad:2: there is no such instruction; did you"
                + " mean RUN?"),
        Row.of(
            "dockerfile = \"docker/unknown\"",
            "IMG063 dockerfile \"docker/unknown\": docker/unknown:2: which image"),
        Row.of("dockerfile = \"docker/warned\"", "IMG005", "IMG064", "IMG065"),
        Row.of("dockerfile = \"docker/region\"", "us-eas-1; did you mean us-east-1?"),
        Row.of(
            "dockerfile = \"docker/secret\"",
            "docker/secret:2 reads the secret token; name it with the attribute secrets"),
        Row.of("dockerfile = \"docker/secret\", secrets = \"token\""),
        Row.of(
            "dockerfile = \"docker/credential\"",
            "IMG064",
            "IMG030 dockerfile \"docker/credential\": docker/credential:2: here is a credential"),
        Row.of("dockerfile = \"none\"", "IMG020"),
        Row.of("dockerfile = \"../x\"", "IMG014"),
        Row.of("dockerfile = \"docker\"", "IMG062"),
        Row.of("dockerfile = \"link\"", "IMG062"),
        Row.of("dockerfile = \"a\\nFROM b\"", "line breaks", "IMG020"),
        Row.of(
            "dockerfile = \"docker/good\", dockerfileContext = \"docker/bad\"",
            "the context is a folder"),
        Row.of("dockerfile = \"docker/good\", dockerfileContext = \"none\"", "IMG020"),
        Row.of(B + "dockerfileContext = \".\"", "only a Dockerfile has a context"),
        Row.of(B + "dockerfile = \"docker/good\"", "dockerfile says what to start from"),
        Row.of(
            "dockerfile = \"docker/good\", aptPackages = {\"git=1\", \"curl=1\"}, packages = \"six==1\","
                + " requirements = \"good.txt\", commands = \"true\"",
            "IMG011 aptPackages[0]",
            "write this into docker/good",
            "IMG011 requirements",
            "IMG011 commands[0]"),
        Row.of(B + "copy = @Copy(from = \"/etc\", to = \"/x\")", "IMG014"),
        Row.of(B + "copy = @Copy(from = \"../x\", to = \"/x\")", "IMG014"),
        Row.of(B + "copy = @Copy(from = \"good.txt\", to = \"x\")", "IMG013"),
        Row.of(B + "copy = @Copy(from = \"good.txt\", to = \"/x\", mode = \"999\")", "IMG015"),
        Row.of(B + "copy = @Copy(from = \"none\", to = \"/x\")", "IMG020"),
        Row.of(B + "copy = @Copy(from = \"link\", to = \"/x\")", "IMG036"),
        Row.of(B + "copy = @Copy(from = \"folder\", to = \"/x\")", "folder/.env"),
        Row.of(B + "copy = @Copy(from = \"folder/.env\", to = \"/x\")"),
        Row.of(
            B + "copy = @Copy(from = \"folder\", to = \"/x\", exclude = \".env\")",
            "IMG054 copy[0].exclude[0]"),
        Row.of(B + "copy = @Copy(from = \"tree\", to = \"/x\", exclude = \"sub/.env\")"),
        Row.of(B + "copy = @Copy(from = \"tree\", to = \"/x\")", "tree/sub/.env"),
        Row.of(
            B + "copy = @Copy(from = \"folder\", to = \"/x\", include = \".env\")",
            "IMG035 copy[0].from"),
        Row.of(
            B
                + "copy = @Copy(from = \"folder\", to = \"/x\", include = {\"/a\", \"../a\", \"a**b\", \"\","
                + " \"[a\", \"!a\", \"a\\\\\"}, exclude = \".\", modes = @Mode(pattern = \"C:/x\", mode ="
                + " \"9\"))",
            "IMG015 copy[0].modes[0].mode",
            "IMG053 copy[0].include[0] \"/a\": a pattern is relative to the folder from; write \"a\"",
            "has no ..",
            "write \"**/a*b\"",
            "IMG053 copy[0].include[3] \"\": an empty pattern",
            "a [ has no ]",
            "in ignore files alone",
            "a \\ takes the next character",
            "IMG053 copy[0].exclude[0] \".\": this is the folder itself",
            "IMG053 copy[0].modes[0].pattern"),
        Row.of(
            B + "copy = @Copy(from = \"good.txt\", to = \"/x\", include = \"*\")",
            "IMG053 copy[0].include[0] \"*\": a pattern chooses files of a folder, and good.txt is a file"),
        Row.of(
            B + "copy = @Copy(from = \"tree\", to = \"/x\", include = \"*.yml\")",
            "IMG054 copy[0].include[0] \"*.yml\": the patterns leave no file of tree; did you mean"
                + " \"**/*.yml\"?"),
        Row.of(
            B + "copy = @Copy(from = \"tree\", to = \"/x\", include = \"tree/sub/*.yml\")",
            "did you mean \"sub/*.yml\"?"),
        Row.of(
            B + "copy = @Copy(from = \"tree\", to = \"/x\", include = \".yml\")",
            "did you mean \"**/*.yml\"?"),
        Row.of(
            B + "copy = @Copy(from = \"tree\", to = \"/x\", exclude = \"**\")",
            "IMG054 copy[0].exclude[0] \"**\": the patterns leave no file of tree; correct"),
        Row.of(B + "copy = @Copy(from = \"tree\", to = \"/x\", include = \"sub/*.yml\")"),
        Row.of(
            B
                + "copy = @Copy(from = \"tree\", to = \"/x\", include = {\"sub/*.yml\", \"sub/*.yaml\"},"
                + " exclude = \"**/*.bak\", modes = {@Mode(pattern = \"**\", mode = \"0600\"),"
                + " @Mode(pattern = \"bin/*\", mode = \"0755\")})",
            "IMG060 copy[0].include[1] \"sub/*.yaml\": no file that is copied from tree matches this",
            "IMG060 copy[0].modes[1].pattern \"bin/*\""),
        Row.of(
            B
                + "copy = {@Copy(from = \"tree\", to = \"/x\", ignoreFile = \"none\"), @Copy(from ="
                + " \"tree\", to = \"/x\", ignoreFile = \"../x\"), @Copy(from = \"tree\", to = \"/x\","
                + " ignoreFile = \"wrong.ignore\")}",
            "IMG055 copy[0].ignoreFile \"none\": this is no ignore file that can be used: there is no such",
            "IMG055 copy[1].ignoreFile",
            "IMG055 copy[2].ignoreFile \"wrong.ignore\": this is no ignore file that can be used: line 2: a ["),
        Row.of(
            B + "copy = @Copy(from = \"tree\", to = \"/x\", ignoreFile = \"all.ignore\")",
            "IMG054 copy[0].ignoreFile"),
        Row.of(
            B + "copy = @Copy(from = \"good.txt\", to = \"/x\", owner = \"app\")",
            "IMG056 copy[0].owner \"app\": an owner is written in numbers"),
        Row.of(
            B + "copy = @Copy(from = \"good.txt\", to = \"/x\", owner = \"4294967295:0\")",
            "IMG056 copy[0].owner"),
        Row.of(
            B
                + "aptPackages = \"/opt/debs/x.deb\", packages = \"/opt/wheels/x-1-py3-none-any.whl\","
                + " requirements = \"local.txt\", copy = {@Copy(from = \"tree/sub/a.yml\", to ="
                + " \"/opt/debs/x.deb\", in = Copy.In.STEPS), @Copy(from = \"tree/sub/a.yml\", to ="
                + " \"/opt/wheels/\", in = Copy.In.STEPS)}"),
        Row.of(
            B
                + "aptPackages = \"/opt/debs/x.deb\", packages = \"/opt/wheels/x-1-py3-none-any.whl\","
                + " requirements = \"local.txt\", copy = @Copy(from = \"tree\", to = \"/opt\", exclude = \"**/.env\")",
            "IMG024",
            "IMG029 requirements",
            "IMG029 requirements",
            "IMG026 packages[0]"),
        Row.of(B + "baseSpec = String.class", "IMG011 baseImage", "IMG039"),
        Row.of("baseSpec = String.class", "IMG039"),
        Row.of(B + "mainClass = String.class", "IMG010"),
        Row.of("baseSpec = %s.class", "an image cannot be based on itself: t."),
        Row.of(B + "registry = \"https://h.example\"", "IMG001"),
        Row.of(B + "registry = \"public.ecr.aws\"", "the registry's alias"),
        Row.of(
            "baseImage = \"123456789012.dkr.ecr.us-eas-1.amazonaws.com/a:1\"",
            "IMG004 baseImage \"123456789012.dkr.ecr.us-eas-1.amazonaws.com/a:1\": there is no AWS region"
                + " us-eas-1; did you mean us-east-1? If it is right, say"
                + " -Aimagespec.extraRegions=us-eas-1."),
        Row.of(
            B
                + "repository = @Repository(pullPrincipals = \"x\", kmsKey = \"k\", expireAfterDays = -1)",
            "IMG018 repository.expireAfterDays \"-1\"",
            "IMG042 repository.pullPrincipals[0]",
            "IMG042 repository.kmsKey"),
        Row.of(
            B + "platforms = {\"\", \"windows/amd64\", \"linux/vax\", \"linux/arm/v9\"}",
            "IMG006 platforms[0]",
            "for linux, not for windows",
            "no architecture vax;",
            "arm has no variant v9"),
        Row.of(B + "platforms = {}", "at least one platform"),
        Row.of(
            B
                + "aptPackages = {\" \", \"-y\", \"git lfs\", \"git==1\", \"git/stable\", \"Git\","
                + " \"g!\"}",
            "an empty text is no package",
            "options of apt",
            "is it \"git-lfs\", or are",
            "after a single =",
            "a release is not a version",
            "write \"git\"",
            "two at least"),
        Row.of(B + "packages = {\"\", \"a b\"}", "IMG021 packages[0]", "IMG026 packages[1]"),
        Row.of(
            B + "packages = \"x @ https://h.example/x.whl\"",
            "write a URL that ends with #sha256=<digest>"),
        Row.of(
            B + "requirements = \"hashed.txt\", packages = \"a==1\"",
            "hashed.txt names hashes, and pip"),
        Row.of(
            B
                + "requirements = \"hashed.txt\", pipIndexes = @PipIndex(url = \"https://a.example\","
                + " packages = \"a==1\")",
            "IMG026 pipIndexes[0].packages[0]"),
        Row.of(
            B + "requirements = \"some.txt\"",
            "IMG027",
            "IMG027",
            "some requirements name hashes and some do not, and pip wants them for all or for none. Add"
                + " --hash to: some.txt:2, some.txt:3",
            "Correct: some.txt:4"),
        Row.of(B + "requirements = \"pylock.toml\""),
        Row.of(B + "requirements = \"pylock.gpu.toml\""),
        Row.of(
            B
                + "requirements = \"pylock.toml\", packages = \"six\", pipIndexes = @PipIndex(url ="
                + " \"https://a.example\", packages = \"a==1\")",
            "IMG058 packages[0] \"six\": pylock.toml locks what is installed",
            "IMG058 pipIndexes[0].url"),
        Row.of(
            B + "requirements = \"uv.lock\"",
            "IMG059 requirements \"uv.lock\": uv.lock is in a format of uv's own; run: uv export"
                + " --format pylock.toml --no-dev --no-emit-project -o pylock.toml"),
        Row.of(B + "requirements = \"poetry.lock\"", "poetry export -f requirements.txt"),
        Row.of(B + "requirements = \"Pipfile.lock\"", "run: pipenv requirements --hash"),
        Row.of(B + "requirements = \"Pipfile\"", "run: pipenv lock && pipenv"),
        Row.of(B + "requirements = \"pdm.lock\"", "run: pdm export -f pylock"),
        Row.of(B + "requirements = \"pyproject.toml\"", "not locked; run: uv export"),
        Row.of(B + "requirements = \"setup.py\"", "pylock.toml setup.py -o pylock.toml"),
        Row.of(B + "requirements = \"environment.yml\"", "an environment of conda"),
        Row.of(B + "requirements = \"conda-lock.yml\"", "a lock of conda"),
        Row.of(B + "requirements = \"pixi.lock\"", "pip installs no conda packages"),
        Row.of(
            B
                + "pipPre = true, pipNoBuildIsolation = true, pipFindLinks ="
                + " \"https://a.example/links.html\", pipArgs = {\"--no-compile\", \"-U\","
                + " \"--timeout=60\"}"),
        Row.of(
            B
                + "packages = \"torch==2.5.1\", pipIndexes = @PipIndex(url = \"https://a.example\","
                + " packages = \"torch==2.5.0\")",
            "IMG025 pipIndexes[0].packages[0]"),
        Row.of(
            B
                + "pipIndexes = {@PipIndex(url = \"a.example\", packages = \"torch\"),"
                + " @PipIndex(url = \"https://me:pw@a.example\", packages = {})}",
            "IMG027 pipIndexes[0].packages[0]",
            "IMG028 pipIndexes[0].url",
            "IMG030 pipIndexes[1].url",
            "IMG057 pipIndexes[1].url"),
        Row.of(
            B + "pipFindLinks = {\"./wheels\", \"https://me:pw@a.example\"}",
            "IMG028 pipFindLinks[0] \"./wheels\": links to packages are on a page",
            "IMG030 pipFindLinks[1]"),
        Row.of(
            B
                + "pipArgs = {\"--index-url=https://a.example\", \"-r\", \"--target=/opt\","
                + " \"--timeout 60\", \"six\", \"--trusted-host=a.example\", \"\","
                + " \"--proxy=http://me:pw@a.example\", \"-C\", \"--require-hashes\"}",
            "IMG057 pipArgs[0] \"--index-url=https://a.example\": --index-url has an attribute of its"
                + " own; set pipIndex",
            "IMG057 pipArgs[1] \"-r\": -r has an attribute of its own; set requirements",
            "IMG057 pipArgs[2] \"--target=/opt\": --target installs into another place",
            "write \"--timeout=60\"",
            "IMG057 pipArgs[4] \"six\": this is no option",
            "IMG021 pipArgs[6]",
            "IMG030 pipArgs[7]",
            "write the long name of -C",
            "IMG057 pipArgs[9]"),
        Row.of(
            B + "requirements = \"loose.txt\"",
            "write in loose.txt:1 numpy==<version>",
            "write in loose.txt:2 a URL that ends with #sha256=<digest>",
            "loose.txt:3: there is a user or a token in the URL; everybody"),
        Row.of(
            B + "pipIndex = \"ftp://h.example\", pipExtraIndexUrls = {\"https://a b\", \" \"}",
            "an index is a https URL",
            "this is no URL: ",
            "IMG021 pipExtraIndexUrls[1]"),
        Row.of(
            B + "mainClass = %s.class, jvmFlags = {\"-jar\", \"x\"}",
            "IMG041 jvmFlags[0]",
            "a flag starts with a dash"),
        Row.of(
            B
                + "labels = {@Label(name = \"\", value = \"\"), @Label(name = \"a b\", value = \"\")}",
            "is not empty",
            "no = and no spaces"),
        Row.of(
            B + "volumes = {\"/a/../b\", \"/a \", \"/x/.wh.a\", \"/" + "a".repeat(256) + "\"}",
            "has no ..",
            "end with white space",
            "names that start with .wh.",
            "at most 255 bytes"),
        Row.of(
            B
                + "copy = {@Copy(from = \"a\", to = \"/a\\nb\"), @Copy(from = \"a\", to = \""
                + "/a".repeat(2048)
                + "\")}",
            "copy[0].to",
            "a path 4095",
            "IMG020 copy[0].from",
            "IMG020 copy[1].from"),
        Row.of(B + "env = @Env(name = \"A B\", value = \"\")", "IMG007"),
        Row.of(B + "env = @Env(name = \"A\", value = \"\\n\")", "copy a file with the text"),
        Row.of(B + "args = \"\\0\"", "NUL and unpaired surrogates"),
        Row.of(B + "commands = \"curl https://me:pw@h.example\"", "a password in the URL"));
  }

  @BeforeAll
  void everyRowIsCompiled() throws IOException {
    Path project = Files.createDirectory(dir.resolve("project"));
    Files.writeString(project.resolve("good.txt"), "\ufeffnumpy==2.1.0 # yes\r\n-r more.txt\r\n");
    Files.writeString(project.resolve("more.txt"), "pandas==\\\n2.2.3\n");
    Files.createDirectories(project.resolve("tree/sub"));
    Files.writeString(project.resolve("tree/sub/a.yml"), "a");
    Files.writeString(project.resolve("tree/sub/.env"), "a");
    Files.writeString(project.resolve("wrong.ignore"), "# right\n[a\n");
    Files.writeString(project.resolve("all.ignore"), "tree\n");
    Files.writeString(
        project.resolve("local.txt"),
        "--no-index\n--find-links /opt/wheels\n/opt/wheels/y-1-py3-none-any.whl\n");
    Files.writeString(project.resolve("bad.txt"), "-r good.txt\nnumpy==2.1.1\n");
    String hash = " --hash=sha256:" + "a".repeat(64) + "\n";
    Files.writeString(
        project.resolve("hashed.txt"),
        "numpy==2.1.0" + hash + "x @ https://h.example/x.whl" + hash);
    Files.writeString(
        project.resolve("some.txt"), "numpy==2.1.0" + hash + "pandas==2.2.3\nsix\nidna>=3" + hash);
    for (String lock : List.of("pylock.toml", "pylock.gpu.toml", "uv.lock", "poetry.lock")) {
      Files.writeString(project.resolve(lock), "version = 1\n");
    }
    for (String other :
        List.of("Pipfile.lock", "Pipfile", "pdm.lock", "pyproject.toml", "setup.py", "pixi.lock")) {
      Files.writeString(project.resolve(other), "version = 1\n");
    }
    for (String conda : List.of("environment.yml", "conda-lock.yml")) {
      Files.writeString(project.resolve(conda), "name: x\n");
    }
    Files.writeString(
        project.resolve("loose.txt"),
        "numpy\nx @ https://h.example/x.whl\ny @ https://me:pw@h.example/y.whl#sha256="
            + "a".repeat(64)
            + "\n");
    Files.writeString(
        project.resolve("same.txt"), "numpy==2.1.0\n-r good.txt\n-r more.txt\nNumPy==2.1.0\n");
    Files.writeString(project.resolve("limits.txt"), "numpy==2.1.0\nsix<1\n");
    Files.writeString(project.resolve("limited.txt"), "-c limits.txt\nnumpy\n");
    Files.writeString(project.resolve("unlimited.txt"), "-c limits.txt\nnumpy==2.2.0\n");
    Files.writeString(
        project.resolve("branch.txt"), "git+https://git.example/foo.git@main#egg=foo\n");
    Files.writeString(project.resolve("Outer$Inner[1]"), "x");
    Files.writeString(project.resolve("out.txt"), "-r ../x.txt\n");
    Path docker = Files.createDirectory(project.resolve("docker"));
    Files.writeString(docker.resolve("good"), "FROM a:1\nCOPY x /x\n");
    Files.writeString(docker.resolve("bad"), "FROM a:1\nRNU x\n");
    Files.writeString(docker.resolve("unknown"), "ARG X\nFROM $X\n");
    Files.writeString(
        docker.resolve("warned"), "FROM a\nADD https://h.example/x /x\nHEALTHCHECK CMD x\n");
    Files.writeString(
        docker.resolve("region"), "FROM 123456789012.dkr.ecr.us-eas-1.amazonaws.com/a:1\n");
    Files.writeString(
        docker.resolve("credential"), "FROM a:1\nADD https://u:hush-pw@a.example/x /x\n");
    Files.writeString(docker.resolve("secret"), "FROM a:1\nRUN --mount=type=secret,id=token x\n");
    Files.createSymbolicLink(project.resolve("link"), dir.resolve("outside"));
    Files.writeString(dir.resolve("outside"), "x");
    Files.writeString(Files.createDirectory(project.resolve("folder")).resolve(".env"), "x");
    Map<String, String> sources = new TreeMap<>();
    for (Row row : rows()) {
      String name = name(row);
      sources.put(
          "t/" + name + ".java",
          "package t; import dev.imagespec.*; @ImageSpec("
              + row.attributes().replace("%s", name).replace("%%", "%")
              + ") class "
              + name
              + " { public static void main(String[] a) {} } class Later"
              + name
              + " { void main() {} }");
    }
    Compiled compiled =
        TestCompiler.JAVAC.compile(
            dir,
            sources,
            List.of(ImageSpecProcessor.class),
            "-Aimagespec.projectDir=" + project,
            "-Aimagespec.extraRegions=zz-moon-1",
            "-Xmaxerrs",
            "1000",
            "-Xmaxwarns",
            "1000");
    said = new TreeMap<>();
    for (Said one : compiled.said()) {
      String file = one.file().substring(one.file().lastIndexOf('/') + 1);
      said.computeIfAbsent(file, key -> new ArrayList<>()).add(one.text());
    }
    Files.delete(project.resolve("link"));
  }

  /** An attribute that a release adds is known to {@code replace}, too. */
  @Test
  void replaceKnowsEveryAttribute(@TempDir Path folder) {
    Map<Boolean, List<String>> attributes =
        Stream.of(ImageSpec.class.getDeclaredMethods())
            .filter(attribute -> !attribute.getName().equals("replace"))
            .collect(
                Collectors.partitioningBy(
                    attribute ->
                        attribute.getReturnType().isArray()
                            && !Set.of("entrypoint", "args").contains(attribute.getName()),
                    Collectors.mapping(Method::getName, Collectors.toList())));
    for (boolean isArray : List.of(true, false)) {
      List<String> names = attributes.getOrDefault(isArray, List.of());
      String source =
          String.format(
              "@dev.imagespec.ImageSpec(baseImage = \"b:1\", replace = {\"%s\"}) class Task {}",
              String.join("\", \"", names));
      List<String> texts =
          TestCompiler.JAVAC
              .compile(folder, Map.of("Task.java", source), List.of(ImageSpecProcessor.class))
              .ours()
              .stream()
              .map(Said::text)
              .toList();
      assertThat(texts).hasSize(isArray ? 0 : names.size());
      assertThat(texts).allMatch(text -> text.contains("the nearest annotation that sets"));
    }
  }

  private static String name(Row row) {
    return "Row" + rows().indexOf(row);
  }

  @Test
  void everyTextOfTheCatalogueIsSaid() {
    List<String> all = said.values().stream().flatMap(List::stream).toList();
    Set<Message> unsaid = EnumSet.complementOf(ELSEWHERE);
    unsaid.removeIf(message -> all.stream().anyMatch(form(message).asMatchPredicate()));
    assertThat(unsaid).isEmpty();
  }

  private static Pattern form(Message message) {
    String text = Pattern.quote(message.text()).replaceAll("\\{[a-z]+\\}", "\\\\E.*\\\\Q");
    return Pattern.compile(
        message.code() + " .*\": " + text + "\\. See https://\\S+/docs/checks\\.md#img[0-9]+");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatIsWrongIsSaidAndNothingElse(Row row) {
    List<String> messages = said.getOrDefault(name(row) + ".java", List.of());
    assertThat(messages).as(row.attributes()).hasSameSizeAs(row.messages());
    for (int i = 0; i < messages.size(); i++) {
      assertThat(messages.get(i)).contains(row.messages().get(i).replace("%s", name(row)));
    }
  }
}
