/** Policy cases: traffic over time and what is expected of it, played against the engine that serves. */
package dev.weir.tools.cases;
