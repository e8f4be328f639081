/** Puts the steps together: receivers, pipelines and exporters as a configuration names them. */
package dev.tallyspan.collector.server;
