/** The answers of envoyproxy/ratelimit: a status for each descriptor, its headers and its metadata. */
package dev.weir.dropin.answer;
