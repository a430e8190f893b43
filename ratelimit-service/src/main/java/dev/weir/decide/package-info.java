/** Step 5: the decision. Matches, charges all buckets at once, answers. */
package dev.weir.decide;
