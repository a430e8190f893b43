/** Serves health, readiness, metrics and explanations over HTTP. */
package dev.weir.admin;
