// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import org.unimark.results.Record;

/** Somebody who watches a run. */
public interface Progress {
    /** Something that takes a while begins: preparing a system, calibrating the client. */
    void stage(String what);

    /** A repetition begins; {@code secondsLeft} is the time that the rest of the run is expected to take. */
    void repetition(String experiment, String system, double share, double secondsLeft);

    /** A record was written. */
    void recorded(Record record);

    /** What a reader of the results must know. */
    void notice(String text);

    /** The run ended, complete or not. */
    void end();
}
