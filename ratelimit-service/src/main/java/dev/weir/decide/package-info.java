/** Room 4: the decision. Matches, charges all buckets at once, answers. */
package dev.weir.decide;
