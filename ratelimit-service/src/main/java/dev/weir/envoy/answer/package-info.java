/** The parts that all answers share: headers of the rate and bodies of refusals. */
package dev.weir.envoy.answer;
