/** What the tests of the bridges share: a provider on the loopback, and what was exported. */
@NullMarked
package dev.tallyspan.bridges.testkit;

import org.jspecify.annotations.NullMarked;
