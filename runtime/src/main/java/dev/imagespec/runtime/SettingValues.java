package dev.imagespec.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The values of settings by key. Each has its key's type and was checked by its key's form. */
final class SettingValues {
  private final Map<SettingKey<?>, Object> values;

  SettingValues() {
    this(Map.of());
  }

  private SettingValues(Map<SettingKey<?>, Object> values) {
    this.values = new HashMap<>(values);
  }

  /**
   * Sets a value.
   *
   * @throws IllegalArgumentException if the key's form does not accept it
   */
  <T> void put(SettingKey<T> key, T value) {
    values.put(key, key.form().admit(value));
  }

  SettingValues copy() {
    return new SettingValues(values);
  }

  /** The value, if it was set. */
  @SuppressWarnings("unchecked") // put() takes no value of another type
  <T> Optional<T> find(SettingKey<T> key) {
    return Optional.ofNullable((T) values.get(key));
  }

  /** The value, or the default if it was not set. */
  <T> T get(SettingKey<T> key) {
    Optional<T> value = find(key).or(() -> Optional.ofNullable(key.fallback()));
    return value.orElseThrow(() -> new IllegalStateException(key + " has no default"));
  }
}
