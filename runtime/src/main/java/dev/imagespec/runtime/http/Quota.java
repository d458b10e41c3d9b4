package dev.imagespec.runtime.http;

/**
 * How many requests a server accepts.
 *
 * @param name what the quota is for; requests with equal quotas share it
 * @param perSecond requests per second
 */
public record Quota(String name, double perSecond) {}
