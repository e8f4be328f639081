/**
 * The APIs with which applications send scores to Langfuse and Phoenix: reads their requests as log
 * records {@code gen_ai.evaluation.result}, and writes their responses. Knows no transport.
 *
 * @see <a href="https://api.reference.langfuse.com">Langfuse, API reference</a>
 * @see <a href="https://arize.com/docs/phoenix/sdk-api-reference/rest-api/overview">Phoenix, REST
 *     API</a>
 */
@NullMarked
package dev.tallyspan.collector.scoreapi;

import org.jspecify.annotations.NullMarked;
