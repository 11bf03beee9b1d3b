// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.simulation.ScriptedConnection;

/** What the network tells while a step of the engine lasts. */
class LongStepTest {
    private static final String COUNT =
            "with recursive c(x) as (values (1) union all select x + 1 from c where x < 1000000) select count(*) from c";

    private final VirtualServer machine =
            new VirtualServer("file:long-step?mode=memory&cache=shared", "max_connections=2\n");

    @AfterEach
    void stop() {
        machine.close();
    }

    private ScriptedConnection begin() {
        return machine.begin();
    }

    private static byte[] query(String sql) {
        return VirtualServer.query(sql);
    }

    /** Sends a query of one client, and lets something happen within a step of it; nobody but {@code open} is looked at. */
    private void interrupt(ScriptedConnection busy, String sql, Runnable event, ScriptedConnection... open) {
        busy.arrive(query(sql));
        machine.onceWithinAStep(event);
        machine.work(open);
        assertThat(machine.isEventDue()).isFalse();
    }

    @Test
    void aClientThatEndsDuringItsStepLeavesNothingBehind() {
        ScriptedConnection leaver = begin();
        ScriptedConnection other = begin();
        Runnable event = () -> {
            leaver.end(CloseReason.RESET);
            other.arrive(query("select 7"));
        };
        interrupt(leaver, COUNT, event, other);
        assertThat(other.takeText()).contains("D\0\0\0\13\0\1\0\0\0\0017").endsWith("Z\0\0\0\5I");
        begin();
    }

    @Test
    void whatWasWrittenInAStepStaysWrittenWhenItsClientEnds() {
        ScriptedConnection leaver = begin();
        leaver.arrive(query("create table t(a int)"));
        machine.work(leaver);
        interrupt(leaver, "insert into t " + COUNT, () -> leaver.end(CloseReason.RESET));
        ScriptedConnection reader = begin();
        reader.arrive(query("select a from t"));
        machine.work(reader);
        assertThat(reader.takeText()).contains("1000000").endsWith("Z\0\0\0\5I");
    }

    @Test
    void anotherClientThatEndsOrFinishesIsReleasedAfterTheStep() {
        ScriptedConnection busy = begin();
        ScriptedConnection other = begin();
        Runnable event = () -> {
            other.peerFinishes();
            other.arrive(query("select 1"));
            other.end(CloseReason.FINISHED);
        };
        interrupt(busy, COUNT, event, busy);
        assertThat(busy.takeText()).contains("1000000").endsWith("Z\0\0\0\5I");
        begin();
    }

    @Test
    void aStepThatIsInterruptedByItsOwnerEndsWithAnError() {
        ScriptedConnection busy = machine.connect();
        busy.arrive(VirtualServer.STARTUP);
        machine.work(busy);
        String greeting = busy.takeText();
        String key = greeting.substring(greeting.indexOf("K\0\0\0\14") + 5, greeting.indexOf("K\0\0\0\14") + 13);
        Runnable event = () -> {
            ScriptedConnection canceler = machine.connect();
            canceler.arrive("\0\0\0\20\4\u00d2\26\56" + key);
            assertThat(canceler.isClosing()).isTrue();
        };
        interrupt(busy, COUNT, event, busy);
        assertThat(busy.takeText()).contains("C57014\0Mcanceling statement due to user request");
    }
}
