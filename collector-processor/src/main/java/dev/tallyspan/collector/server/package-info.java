/** Puts the steps together: receivers, pipelines and destinations as a configuration names them. */
package dev.tallyspan.collector.server;
