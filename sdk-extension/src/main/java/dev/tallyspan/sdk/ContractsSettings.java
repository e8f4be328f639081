package dev.tallyspan.sdk;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the contracts of tenants come from.
 *
 * @param file with contracts
 * @param reloadInterval between checks for a new version
 */
record ContractsSettings(Path file, Duration reloadInterval) {}
