/** Gateway policies that limit per user, team and for everybody, read as native limits. */
package dev.weir.policy.tiers;
