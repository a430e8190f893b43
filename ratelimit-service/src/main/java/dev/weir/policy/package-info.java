/** Step 4: what is limited, and which limits match a request. Policies are immutable once they are read. */
package dev.weir.policy;
