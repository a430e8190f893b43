/** Step 2: what is asked, in our own words. */
package dev.weir.request;
