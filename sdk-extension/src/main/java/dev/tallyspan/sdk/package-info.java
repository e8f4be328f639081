/** Enriches LLM spans inside the application, as they end. */
package dev.tallyspan.sdk;
