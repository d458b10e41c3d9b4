import dev.imagespec.runtime.SecretProvider;
import dev.imagespec.runtime.TaskRegistrar;
import dev.imagespec.runtime.engine.Engine;

/** Registers tasks: builds, deduplicates and pushes every distinct image that they need. */
// The registrars are compiled after this module, which lends them a package.
@SuppressWarnings("module")
module dev.imagespec.runtime {
  requires transitive dev.imagespec.model;
  requires static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.toml;
  requires com.google.cloud.tools.jib;
  // jib is an automatic module: it cannot say itself that it needs this one, which is not.
  requires com.google.common;
  requires com.google.cloud.tools.jib.api.buildplan;
  requires java.net.http;
  requires org.apache.commons.compress;
  requires org.objectweb.asm;
  requires org.slf4j;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.urlconnection;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.profiles;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.retries;
  requires software.amazon.awssdk.retries.api;
  requires software.amazon.awssdk.services.ecr;
  requires software.amazon.awssdk.services.ecrpublic;
  requires software.amazon.awssdk.services.sts;
  requires software.amazon.awssdk.utils;

  exports dev.imagespec.runtime;
  exports dev.imagespec.runtime.aws to
      dev.imagespec.registrar.aws;
  exports dev.imagespec.runtime.engine;
  exports dev.imagespec.runtime.http to
      dev.imagespec.registrar.flyte;
  exports dev.imagespec.runtime.work to
      dev.imagespec.registrar.aws,
      dev.imagespec.registrar.definition,
      dev.imagespec.registrar.flyte,
      dev.imagespec.registrar.render;

  uses Engine;
  uses SecretProvider;
  uses TaskRegistrar;
}
