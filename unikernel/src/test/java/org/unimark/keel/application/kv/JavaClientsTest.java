// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.simulation.FreePort;
import org.unimark.keel.simulation.SocketPlatform;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

/** Jedis and Lettuce, unchanged, over real sockets. */
class JavaClientsTest {
    private static final String HOST = "127.0.0.1";

    private SocketPlatform platform;

    @BeforeEach
    void start() {
        platform = new SocketPlatform();
        platform.seal(Configuration.RESOURCE, ("port = " + FreePort.take() + "\n").getBytes(StandardCharsets.US_ASCII));
        new KvApplication().start(platform);
        platform.run();
    }

    @AfterEach
    void stop() throws IOException {
        platform.close();
    }

    @Test
    void jedisStoresAndReads() {
        try (Jedis jedis = new Jedis(HOST, platform.port())) {
            assertThat(jedis.ping()).isEqualTo("PONG");
            assertThat(jedis.set("k", "v", SetParams.setParams().ex(100))).isEqualTo("OK");
            assertThat(jedis.get("k")).isEqualTo("v");
            assertThat(jedis.ttl("k")).isBetween(99L, 100L);
            assertThat(jedis.hset("h", Map.of("a", "1", "b", "2"))).isEqualTo(2);
            assertThat(jedis.hgetAll("h")).isEqualTo(Map.of("a", "1", "b", "2"));
            jedis.rpush("l", "a", "b", "c");
            assertThat(jedis.lrange("l", 0, -1)).isEqualTo(List.of("a", "b", "c"));
            jedis.zadd("z", Map.of("x", 1.5, "y", 2.5));
            assertThat(jedis.zscore("z", "y")).isEqualTo(2.5);
            assertThat(jedis.scan("0").getResult()).containsExactlyInAnyOrder("k", "h", "l", "z");
            assertThatThrownBy(() -> jedis.incr("h"))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessageStartingWith("WRONGTYPE");
        }
    }

    @Test
    void jedisPipelinesAndCommits() {
        try (Jedis jedis = new Jedis(HOST, platform.port())) {
            Pipeline pipeline = jedis.pipelined();
            for (int i = 0; i < 1000; i++) {
                pipeline.incr("n");
            }
            Response<String> last = pipeline.get("n");
            pipeline.sync();
            assertThat(last.get()).isEqualTo("1000");
            jedis.watch("n");
            Transaction transaction = jedis.multi();
            transaction.incr("n");
            transaction.get("n");
            assertThat(transaction.exec()).isEqualTo(List.of(1001L, "1001"));
        }
    }

    @Test
    void jedisListens() throws InterruptedException {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        JedisPubSub listener = new JedisPubSub() {
            @Override
            public void onSubscribe(String channel, int count) {
                events.add("subscribed " + channel + " " + count);
            }

            @Override
            public void onMessage(String channel, String message) {
                events.add(channel + ": " + message);
                unsubscribe();
            }
        };
        Thread thread = new Thread(() -> {
            try (Jedis listening = new Jedis(HOST, platform.port())) {
                listening.subscribe(listener, "news");
                events.add("pong " + listening.ping());
            }
        });
        thread.start();
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("subscribed news 1");
        try (Jedis jedis = new Jedis(HOST, platform.port())) {
            assertThat(jedis.pubsubNumSub("news")).isEqualTo(Map.of("news", 1L));
            assertThat(jedis.publish("news", "hello")).isEqualTo(1);
        }
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("news: hello");
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("pong PONG");
        thread.join(10_000);
    }

    @Test
    void lettuceStoresCommitsAndListens() throws InterruptedException {
        RedisClient client = RedisClient.create(
                RedisURI.builder().withHost(HOST).withPort(platform.port()).build());
        try (StatefulRedisConnection<String, String> connection = client.connect();
                StatefulRedisPubSubConnection<String, String> listening = client.connectPubSub()) {
            RedisCommands<String, String> commands = connection.sync();
            assertThat(commands.set("k", "v", SetArgs.Builder.px(100_000))).isEqualTo("OK");
            assertThat(commands.get("k")).isEqualTo("v");
            commands.hset("h", Map.of("a", "1"));
            assertThat(commands.hgetall("h")).isEqualTo(Map.of("a", "1"));
            commands.zadd("z", 1.5, "x");
            assertThat(commands.zscore("z", "x")).isEqualTo(1.5);
            commands.multi();
            commands.incr("n");
            commands.get("n");
            assertThat(commands.exec().stream().toList()).isEqualTo(List.of(1L, "1"));
            BlockingQueue<String> events = new LinkedBlockingQueue<>();
            listening.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    events.add(channel + ": " + message);
                }

                @Override
                public void message(String pattern, String channel, String message) {
                    events.add(pattern + " " + channel + ": " + message);
                }
            });
            listening.sync().subscribe("news");
            listening.sync().psubscribe("o*");
            assertThat(commands.publish("news", "hello")).isEqualTo(1);
            assertThat(commands.publish("other", "world")).isEqualTo(1);
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("news: hello");
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("o* other: world");
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        }
    }
}
