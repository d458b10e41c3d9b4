package dev.imagespec.maven;

import dev.imagespec.runtime.SettingKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a registration as parameters of goals: {@code imagespec.engine.network} is {@code
 * <engineNetwork>}. Left out are those that Maven knows itself, such as the class path.
 */
abstract class SettingParameters extends AbstractMojo {
  /** The setting {@code imagespec.task-jars}. */
  @Parameter(property = "imagespec.task-jars")
  private @Nullable List<String> taskJars;

  /** The setting {@code imagespec.allowed-files}. */
  @Parameter(property = "imagespec.allowed-files")
  private @Nullable List<String> allowedFiles;

  /** The setting {@code imagespec.classes}. */
  @Parameter(property = "imagespec.classes")
  private @Nullable List<String> classes;

  /** The setting {@code imagespec.registry}. */
  @Parameter(property = "imagespec.registry")
  private @Nullable String registry;

  /** The setting {@code imagespec.extra-regions}. */
  @Parameter(property = "imagespec.extra-regions")
  private @Nullable List<String> extraRegions;

  /** The setting {@code imagespec.name}. */
  @Parameter(property = "imagespec.name")
  private @Nullable String name;

  /** The setting {@code imagespec.tags}. */
  @Parameter(property = "imagespec.tags")
  private @Nullable List<String> tags;

  /** The setting {@code imagespec.mirrors}. */
  @Parameter(property = "imagespec.mirrors")
  private @Nullable List<String> mirrors;

  /** The setting {@code imagespec.realms}. */
  @Parameter(property = "imagespec.realms")
  private @Nullable List<String> realms;

  /** The setting {@code imagespec.lock}. */
  @Parameter(property = "imagespec.lock")
  private @Nullable String lock;

  /** The setting {@code imagespec.locked}. */
  @Parameter(property = "imagespec.locked")
  private @Nullable String locked;

  /** The setting {@code imagespec.record}. */
  @Parameter(property = "imagespec.record")
  private @Nullable String record;

  /** The setting {@code imagespec.history}. */
  @Parameter(property = "imagespec.history")
  private @Nullable String history;

  /** The setting {@code imagespec.memory}. */
  @Parameter(property = "imagespec.memory")
  private @Nullable String memory;

  /** The setting {@code imagespec.report}. */
  @Parameter(property = "imagespec.report")
  private @Nullable String report;

  /** The setting {@code imagespec.force}. */
  @Parameter(property = "imagespec.force")
  private @Nullable String force;

  /** The setting {@code imagespec.source}. */
  @Parameter(property = "imagespec.source")
  private @Nullable String source;

  /** The setting {@code imagespec.revision}. */
  @Parameter(property = "imagespec.revision")
  private @Nullable String revision;

  /** The setting {@code imagespec.definitions}. */
  @Parameter(property = "imagespec.definitions")
  private @Nullable List<String> definitions;

  /** The setting {@code imagespec.render}. */
  @Parameter(property = "imagespec.render")
  private @Nullable List<String> render;

  /** The setting {@code imagespec.no-registrars}. */
  @Parameter(property = "imagespec.no-registrars")
  private @Nullable String noRegistrars;

  /** The setting {@code imagespec.creation-time}. */
  @Parameter(property = "imagespec.creation-time")
  private @Nullable String creationTime;

  /** The setting {@code imagespec.parallelism}. */
  @Parameter(property = "imagespec.parallelism")
  private @Nullable String parallelism;

  /** The setting {@code imagespec.engine}. */
  @Parameter(property = "imagespec.engine")
  private @Nullable String engine;

  /** The setting {@code imagespec.engine.builders}. */
  @Parameter(property = "imagespec.engine.builders")
  private @Nullable List<String> engineBuilders;

  /** The setting {@code imagespec.engine.network}. */
  @Parameter(property = "imagespec.engine.network")
  private @Nullable String engineNetwork;

  /** The setting {@code imagespec.engine.cache}. */
  @Parameter(property = "imagespec.engine.cache")
  private @Nullable String engineCache;

  /** The setting {@code imagespec.engine.timeout}. */
  @Parameter(property = "imagespec.engine.timeout")
  private @Nullable String engineTimeout;

  /** The setting {@code imagespec.engine.parallelism}. */
  @Parameter(property = "imagespec.engine.parallelism")
  private @Nullable String engineParallelism;

  /** The setting {@code imagespec.engine.logs}. */
  @Parameter(property = "imagespec.engine.logs")
  private @Nullable String engineLogs;

  /** The setting {@code imagespec.temp}. */
  @Parameter(property = "imagespec.temp")
  private @Nullable String temp;

  /** The setting {@code imagespec.create-repository}. */
  @Parameter(property = "imagespec.create-repository")
  private @Nullable String createRepository;

  /** The setting {@code imagespec.pull-principals}. */
  @Parameter(property = "imagespec.pull-principals")
  private @Nullable List<String> pullPrincipals;

  /** The setting {@code imagespec.ecr.assume-role}. */
  @Parameter(property = "imagespec.ecr.assume-role")
  private @Nullable String ecrAssumeRole;

  /** The setting {@code imagespec.ecr.external-id}. */
  @Parameter(property = "imagespec.ecr.external-id")
  private @Nullable String ecrExternalId;

  /** The setting {@code imagespec.ecr.mutable-tag-filters}. */
  @Parameter(property = "imagespec.ecr.mutable-tag-filters")
  private @Nullable List<String> ecrMutableTagFilters;

  /** The setting {@code imagespec.ecr.hosts}. */
  @Parameter(property = "imagespec.ecr.hosts")
  private @Nullable List<String> ecrHosts;

  /** The setting {@code imagespec.ecr.account}. */
  @Parameter(property = "imagespec.ecr.account")
  private @Nullable String ecrAccount;

  /** The setting {@code imagespec.ecr.region}. */
  @Parameter(property = "imagespec.ecr.region")
  private @Nullable String ecrRegion;

  /** What the configuration gives, by the names of settings. */
  final Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    put(given, SettingKey.TASK_JARS, taskJars);
    put(given, SettingKey.ALLOWED_FILES, allowedFiles);
    put(given, SettingKey.CLASSES, classes);
    put(given, SettingKey.REGISTRY, registry);
    put(given, SettingKey.EXTRA_REGIONS, extraRegions);
    put(given, SettingKey.NAME, name);
    put(given, SettingKey.TAGS, tags);
    put(given, SettingKey.MIRRORS, mirrors);
    put(given, SettingKey.REALMS, realms);
    put(given, SettingKey.LOCK, lock);
    put(given, SettingKey.LOCKED, locked);
    put(given, SettingKey.RECORD, record);
    put(given, SettingKey.HISTORY, history);
    put(given, SettingKey.MEMORY, memory);
    put(given, SettingKey.REPORT, report);
    put(given, SettingKey.FORCE, force);
    put(given, SettingKey.SOURCE, source);
    put(given, SettingKey.REVISION, revision);
    put(given, SettingKey.DEFINITIONS, definitions);
    put(given, SettingKey.RENDER, render);
    put(given, SettingKey.NO_REGISTRARS, noRegistrars);
    put(given, SettingKey.CREATION_TIME, creationTime);
    put(given, SettingKey.PARALLELISM, parallelism);
    put(given, SettingKey.ENGINE, engine);
    put(given, SettingKey.ENGINE_BUILDERS, engineBuilders);
    put(given, SettingKey.ENGINE_NETWORK, engineNetwork);
    put(given, SettingKey.ENGINE_CACHE, engineCache);
    put(given, SettingKey.ENGINE_TIMEOUT, engineTimeout);
    put(given, SettingKey.ENGINE_PARALLELISM, engineParallelism);
    put(given, SettingKey.ENGINE_LOGS, engineLogs);
    put(given, SettingKey.TEMP, temp);
    put(given, SettingKey.CREATE_REPOSITORY, createRepository);
    put(given, SettingKey.PULL_PRINCIPALS, pullPrincipals);
    put(given, SettingKey.ECR_ASSUME_ROLE, ecrAssumeRole);
    put(given, SettingKey.ECR_EXTERNAL_ID, ecrExternalId);
    put(given, SettingKey.ECR_MUTABLE_TAG_FILTERS, ecrMutableTagFilters);
    put(given, SettingKey.ECR_HOSTS, ecrHosts);
    put(given, SettingKey.ECR_ACCOUNT, ecrAccount);
    put(given, SettingKey.ECR_REGION, ecrRegion);
    return given;
  }

  private static void put(Map<String, String> given, SettingKey<?> key, @Nullable String value) {
    if (value != null) {
      given.put(key.name(), value);
    }
  }

  private static void put(
      Map<String, String> given, SettingKey<?> key, @Nullable List<String> values) {
    if (values != null && !values.isEmpty()) {
      given.put(key.name(), String.join(key.separator(), values));
    }
  }
}
