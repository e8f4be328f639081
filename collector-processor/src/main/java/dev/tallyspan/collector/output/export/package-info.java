/** What is forwarded: spans written as a backend wants them, and handed to exporters. */
package dev.tallyspan.collector.output.export;
