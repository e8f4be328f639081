/**
 * Binds servers to the addresses that a host name stands for, with the same port on all of them.
 */
@NullMarked
package dev.tallyspan.collector.listen;

import org.jspecify.annotations.NullMarked;
