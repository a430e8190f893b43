/** The store in Redis, for any number of replicas. Nothing else knows Lettuce. */
package dev.weir.bucket.redis;
