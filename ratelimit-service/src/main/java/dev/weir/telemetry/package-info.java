/** What Prometheus scrapes. */
package dev.weir.telemetry;
