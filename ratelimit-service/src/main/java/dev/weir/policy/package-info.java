/** Room 3: what is limited, and which limits match a request. Policies are read here and are immutable afterwards. */
package dev.weir.policy;
