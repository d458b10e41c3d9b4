package dev.imagespec.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Values by their keys, each of its key's type and admitted by its form. */
final class SettingValues {
  private final Map<SettingKey<?>, Object> values;

  SettingValues() {
    this(Map.of());
  }

  private SettingValues(Map<SettingKey<?>, Object> values) {
    this.values = new HashMap<>(values);
  }

  /**
   * Puts a value.
   *
   * @throws IllegalArgumentException if the key's form does not admit it
   */
  <T> void put(SettingKey<T> key, T value) {
    values.put(key, key.form().admit(value));
  }

  SettingValues copy() {
    return new SettingValues(values);
  }

  /** The value that was put. */
  @SuppressWarnings("unchecked") // put() takes no value of another type
  <T> Optional<T> find(SettingKey<T> key) {
    return Optional.ofNullable((T) values.get(key));
  }

  /** The value that was put, else the default. */
  <T> T get(SettingKey<T> key) {
    Optional<T> value = find(key).or(() -> Optional.ofNullable(key.fallback()));
    return value.orElseThrow(() -> new IllegalStateException(key + " has no default"));
  }
}
