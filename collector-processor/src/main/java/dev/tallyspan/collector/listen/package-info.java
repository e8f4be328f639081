/** Where servers listen: the addresses that a host name stands for, and one port on all of them. */
package dev.tallyspan.collector.listen;
