/** What limits count, and how much of it a request has used. */
package dev.weir.measure;
