/** The metrics that Prometheus scrapes. */
package dev.weir.telemetry;
