/** Health, readiness and metrics over HTTP. */
package dev.weir.admin;
