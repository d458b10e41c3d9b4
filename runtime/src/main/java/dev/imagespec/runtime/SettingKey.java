package dev.imagespec.runtime;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The settings there are. Each has the same name everywhere. */
enum SettingKey {
  CLASSPATH,
  CLASSES,
  PROJECT_DIR,
  REGISTRY,
  EXTRA_REGIONS,
  NAME,
  MIRRORS,
  REALMS,
  LOCK,
  LOCKED,
  RECORD,
  FORCE,
  SOURCE,
  REVISION,
  PARALLELISM,
  ENGINE,
  ENGINE_BUILDERS("engine.builders"),
  ENGINE_NETWORK("engine.network"),
  ENGINE_CACHE("engine.cache"),
  ENGINE_TIMEOUT("engine.timeout"),
  ENGINE_PARALLELISM("engine.parallelism"),
  ENGINE_LOGS("engine.logs"),
  CREATE_REPOSITORY,
  PULL_PRINCIPALS,
  ECR_HOSTS("ecr.hosts"),
  ECR_ACCOUNT("ecr.account"),
  ECR_REGION("ecr.region"),
  ECR_ASSUME_ROLE("ecr.assume-role"),
  ECR_EXTERNAL_ID("ecr.external-id"),
  ECR_MUTABLE_TAG_FILTERS("ecr.mutable-tag-filters");

  private static final String PREFIX = "imagespec.";

  private final String key;

  SettingKey() {
    key = PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  SettingKey(String rest) {
    key = PREFIX + rest;
  }

  /** The name of the system property and in {@code imagespec.properties}. */
  String key() {
    return key;
  }

  /** The name of the environment variable. */
  String variable() {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  static Optional<SettingKey> ofKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  static Optional<SettingKey> ofVariable(String name) {
    return Arrays.stream(values()).filter(setting -> setting.variable().equals(name)).findFirst();
  }
}
