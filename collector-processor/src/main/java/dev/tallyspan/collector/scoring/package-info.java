/** Scores operations by rules, and asks a webhook for further scores. */
@NullMarked
package dev.tallyspan.collector.scoring;

import org.jspecify.annotations.NullMarked;
