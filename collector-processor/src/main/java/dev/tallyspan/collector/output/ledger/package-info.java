/**
 * The accounts: every billed call as a row in DuckDB, what is reported from them, and what they are
 * compared with. Reads facts; only the tenant is read from attributes.
 */
@NullMarked
package dev.tallyspan.collector.output.ledger;

import org.jspecify.annotations.NullMarked;
