/** Keys and certificates as people write them to files. */
package dev.weir.tls;
