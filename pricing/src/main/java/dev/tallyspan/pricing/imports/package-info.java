/**
 * Converts published price tables, such as those of LiteLLM and genai-prices, to this project's
 * catalog format.
 */
@NullMarked
package dev.tallyspan.pricing.imports;

import org.jspecify.annotations.NullMarked;
