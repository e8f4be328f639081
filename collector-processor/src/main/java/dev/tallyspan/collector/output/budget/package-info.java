/** Watches what keys such as users spend, and loops of agents, and sends alerts. Only observes. */
@NullMarked
package dev.tallyspan.collector.output.budget;

import org.jspecify.annotations.NullMarked;
