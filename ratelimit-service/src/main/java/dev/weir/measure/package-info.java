/** The measures that limits count, and how much of them a request has used. */
package dev.weir.measure;
