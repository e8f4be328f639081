/** What OTLP says of requests and answers, free of any transport. */
package dev.tallyspan.collector.flow;
