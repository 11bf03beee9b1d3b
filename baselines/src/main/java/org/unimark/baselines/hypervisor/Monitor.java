// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.hypervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.unimark.builder.qemu.QemuSocket;

/** Asks a running hypervisor about its guest, in QEMU's machine protocol: the guest notices nothing. */
public final class Monitor implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SocketChannel channel;
    private final BufferedReader answers;

    /** Connects to the socket that was named in the variant {@link Hypervisor#MONITOR}, as soon as there is one. */
    public Monitor(Path socket) throws IOException {
        this(socket, () -> true);
    }

    /** Likewise; gives up as soon as the connection {@code isWanted} no more. */
    public Monitor(Path socket, BooleanSupplier isWanted) throws IOException {
        channel = QemuSocket.connect(socket, isWanted);
        try {
            answers = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            answers.readLine();
            execute(Map.of("execute", "qmp_capabilities"));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    static List<String> arguments(String path) {
        return List.of("-qmp", "unix:" + path + ",server=on,wait=off");
    }

    /** The answer to a command for people, such as {@code info tlb}. */
    public String ask(String command) throws IOException {
        return execute(Map.of("execute", "human-monitor-command", "arguments", Map.of("command-line", command)))
                .asText();
    }

    /**
     * What a guest's disks were asked to do since it started; a guest without one has zeros.
     *
     * @param writes requests, of any length
     * @param writtenBytes by all of them
     * @param flushes requests to make durable what was written
     */
    public record DiskRequests(long writes, long writtenBytes, long flushes) {
        /** What was asked for after {@code earlier}. */
        public DiskRequests since(DiskRequests earlier) {
            return new DiskRequests(
                    writes - earlier.writes, writtenBytes - earlier.writtenBytes, flushes - earlier.flushes);
        }
    }

    /** As the hypervisor counts them when they are complete. */
    public DiskRequests diskRequests() throws IOException {
        long writes = 0;
        long bytes = 0;
        long flushes = 0;
        for (JsonNode disk : execute(Map.of("execute", "query-blockstats"))) {
            JsonNode counts = disk.path("stats");
            writes += counts.path("wr_operations").asLong();
            bytes += counts.path("wr_bytes").asLong();
            flushes += counts.path("flush_operations").asLong();
        }
        return new DiskRequests(writes, bytes, flushes);
    }

    private JsonNode execute(Map<String, Object> command) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(command));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            JsonNode answer = JSON.readTree(line);
            if (answer.has("error")) {
                throw new IOException("the hypervisor refuses " + command + ": " + answer.get("error"));
            }
            // Others are events.
            if (answer.has("return")) {
                return answer.get("return");
            }
        }
        throw new IOException("the hypervisor ended instead of answering " + command);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
