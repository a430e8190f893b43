/** The store in this process, for one replica. */
package dev.weir.bucket.memory;
