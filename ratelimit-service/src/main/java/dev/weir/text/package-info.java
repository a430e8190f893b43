/** Text from outside, kept whole or made printable. */
package dev.weir.text;
