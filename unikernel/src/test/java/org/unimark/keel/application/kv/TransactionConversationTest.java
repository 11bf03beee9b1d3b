// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unimark.keel.storage.StoredDisk;

/** A transaction for which memory or a log is missing is not executed in part. */
class TransactionConversationTest {
    private static final int DISK_BYTES = 8 << 20;
    private static final String OOM = "OOM command not allowed when used memory > 'maxmemory'.|";
    private static final String FAILED_LOG = "MISCONF Errors writing to the AOF file: the log has failed|";
    private static final String SPOILED = "-EXECABORT Transaction discarded because of previous errors.|";
    private static final String ABORTED = "-EXECABORT Transaction discarded because of: ";

    @Test
    void nothingIsQueuedWithoutMemory() {
        try (KvPlatform platform = new KvPlatform()) {
            Talk talk = new Talk(platform).expect("SET a 1", "+OK|").expect("CONFIG SET maxmemory 1", "+OK|");
            talk.expect("MULTI", "+OK|")
                    .expect("DEL a", "-" + OOM)
                    .expect("SET b x", "-" + OOM)
                    .expect("EXEC", SPOILED)
                    .expect("GET a", "$1|1|");
        }
    }

    @Test
    void memoryIsAskedForOnceMoreAtTheEndAndNotAgain() {
        try (KvPlatform platform = new KvPlatform()) {
            Talk talk = new Talk(platform);
            Talk other = new Talk(platform).expect("SET a 1", "+OK|");
            talk.expect("MULTI", "+OK|").expect("DEL a", "+QUEUED|").expect("SET b x", "+QUEUED|");
            other.expect("CONFIG SET maxmemory 1", "+OK|");
            talk.expect("EXEC", ABORTED + OOM).expect("GET a", "$1|1|");
            talk.expect("MULTI", "+OK|").expect("EXEC", "*0|");
            other.expect("CONFIG SET maxmemory 0", "+OK|");
            talk.expect("MULTI", "+OK|").expect("CONFIG SET maxmemory 1", "+QUEUED|");
            talk.expect("SET b x", "+QUEUED|")
                    .expect("EXEC", "*2|+OK|+OK|")
                    .expect("GET b", "$1|x|")
                    .expect("SET b y", "-" + OOM);
        }
    }

    @Test
    void nothingIsWrittenWithoutALog() throws Exception {
        try (StoredDisk machine = new StoredDisk(5, DISK_BYTES)) {
            machine.open();
            KvPlatform platform = new KvPlatform("appendonly always\n", 1, 14 << 20, machine.storage);
            Talk early = new Talk(platform);
            early.expect("MULTI", "+OK|").expect("SET a 1", "+QUEUED|").expect("GET a", "+QUEUED|");
            failLog(machine, platform);
            early.expect("EXEC", ABORTED + FAILED_LOG);
            new Talk(platform)
                    .expect("MULTI", "+OK|")
                    .expect("GET a", "+QUEUED|")
                    .expect("SET a 1", "-" + FAILED_LOG)
                    .expect("EXEC", SPOILED)
                    .expect("MULTI", "+OK|")
                    .expect("GET a", "+QUEUED|")
                    .expect("EXEC", "*1|$-1|");
            platform.close();
        }
    }

    @Test
    void aWatchIsFoundByItsKeyAndDatabase() {
        try (KvPlatform platform = new KvPlatform()) {
            Talk talk = new Talk(platform);
            Talk other = new Talk(platform).expect("SET b 1", "+OK|");
            for (String change :
                    List.of("SET a 1", "DEL b", "FLUSHALL", "SWAPDB 0 1", "MOVE a 1", "EXPIRE b 0", "SELECT 1")) {
                other.expect("SELECT 0", "+OK|")
                        .expect("SET b 1", "+OK|")
                        .send("DEL a")
                        .take();
                talk.expect("WATCH a b c", "+OK|").expect("WATCH b", "+OK|").expect("MULTI", "+OK|");
                boolean changes = !change.startsWith("MOVE") && !change.startsWith("SELECT");
                other.send(change).take();
                other.send("SET d 1").take();
                talk.expect("EXEC", changes ? "*-1|" : "*0|");
            }
            assertThat(platform.server().keyspace.watchedKeys).isZero();
        }
    }

    @Test
    void asManyKeysAreWatchedAsATableIsGoodFor() {
        try (KvPlatform platform = new KvPlatform()) {
            Talk talk = new Talk(platform);
            for (int i = 0; i < 65_536; i++) {
                talk.send("WATCH key" + i);
            }
            assertThat(talk.take()).endsWith("+OK|").doesNotContain("-");
            talk.expect("WATCH one", "-ERR too many keys are watched|").expect("WATCH key7", "+OK|");
            new Talk(platform).expect("SET key65535 v", "+OK|");
            talk.expect("MULTI", "+OK|").expect("EXEC", "*-1|").expect("WATCH one", "+OK|");
        }
    }

    private static void failLog(StoredDisk machine, KvPlatform platform) {
        machine.disk.failsFlushes(true);
        new Talk(platform).send("SET k v");
        machine.settle();
    }
}
