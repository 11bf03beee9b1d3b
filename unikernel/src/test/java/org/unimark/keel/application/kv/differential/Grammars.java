// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import static org.unimark.keel.application.kv.differential.Comparison.EXACT;
import static org.unimark.keel.application.kv.differential.Comparison.PAIRS;
import static org.unimark.keel.application.kv.differential.Comparison.RANDOM;
import static org.unimark.keel.application.kv.differential.Comparison.SCAN;
import static org.unimark.keel.application.kv.differential.Comparison.TIME;
import static org.unimark.keel.application.kv.differential.Comparison.UNORDERED;

/** What is asked of each family of commands. */
final class Grammars {
    private Grammars() {}

    static Grammar hashes() {
        return new Grammar("hash")
                .rules(EXACT, "HSET key (member value)+", "HSET key (member value)+", "HSET key (member value)+")
                .rules(EXACT, "HSETNX key member value", "HMSET key (member value)+", "HGET key member")
                .rules(EXACT, "HMGET key (member)+", "HDEL key (member)+", "HEXISTS key member", "HLEN key")
                .rules(EXACT, "HSTRLEN key member", "HINCRBY key member int", "HINCRBY key m1 int")
                .rules(EXACT, "HINCRBYFLOAT key member float", "HINCRBYFLOAT key m2 float", "OBJECT ENCODING key")
                .rules(PAIRS, "HGETALL key")
                .rules(UNORDERED, "HKEYS key", "HVALS key")
                .rules(
                        SCAN,
                        "HSCAN key 0 [MATCH pattern] [COUNT count]",
                        "HSCAN key count [COUNT count] [MATCH pattern]")
                .rules(RANDOM, "HRANDFIELD key [choices [WITHVALUES]]")
                .rules(EXACT, "DEL key", "TYPE key", "EXISTS key");
    }

    static Grammar lists() {
        return new Grammar("list")
                .rules(EXACT, "LPUSH key (value)+", "RPUSH key (value)+", "RPUSH key (member)+", "LPUSHX key (member)+")
                .rules(EXACT, "RPUSHX key (value)+", "LPOP key", "RPOP key", "LPOP key count", "RPOP key count")
                .rules(EXACT, "LLEN key", "LRANGE key index index", "LRANGE key 0 -1", "LINDEX key index")
                .rules(
                        EXACT,
                        "LSET key index value",
                        "LINSERT key {BEFORE|AFTER} member value",
                        "LREM key signed member")
                .rules(EXACT, "LTRIM key index index", "LPOS key member [RANK signed] [COUNT count] [MAXLEN count]")
                .rules(EXACT, "LPOS key m1 RANK signed COUNT 0", "LMOVE key key {LEFT|RIGHT} {LEFT|RIGHT}")
                .rules(EXACT, "RPOPLPUSH key key", "LMPOP keys {LEFT|RIGHT} [COUNT count]", "OBJECT ENCODING key")
                .rules(EXACT, "DEL key", "TYPE key");
    }

    static Grammar sets() {
        return new Grammar("set")
                .rules(EXACT, "SADD key (member)+", "SADD key (member)+", "SADD key (int)+", "SREM key (member)+")
                .rules(EXACT, "SISMEMBER key member", "SMISMEMBER key (member)+", "SCARD key", "SMOVE key key member")
                .rules(EXACT, "SINTERSTORE key (key)+", "SUNIONSTORE key (key)+", "SDIFFSTORE key (key)+")
                .rules(EXACT, "SINTERCARD keys [LIMIT count]", "OBJECT ENCODING key", "DEL key", "TYPE key")
                .rules(UNORDERED, "SMEMBERS key", "SINTER (key)+", "SUNION (key)+", "SDIFF (key)+")
                .rules(RANDOM, "SRANDMEMBER key [choices]", "SPOP key [count]")
                .rules(SCAN, "SSCAN key 0 [MATCH pattern] [COUNT count]", "SSCAN key count [COUNT count]");
    }

    static Grammar sortedSets() {
        return new Grammar("zset")
                .rules(EXACT, "ZADD key (score member)+", "ZADD key (score member)+", "ZADD key (score member)+")
                .rules(
                        EXACT,
                        "ZADD key [{NX|XX}] [{GT|LT}] [CH] (score member)+",
                        "ZADD key [{GT|XX}] INCR score member")
                .rules(
                        EXACT,
                        "ZADD lexkey (0 member)+",
                        "ZREM key (member)+",
                        "ZSCORE key member",
                        "ZMSCORE key (member)+")
                .rules(
                        EXACT,
                        "ZINCRBY key score member",
                        "ZCARD key",
                        "ZCOUNT key bound bound",
                        "ZLEXCOUNT lexkey lex lex")
                .rules(EXACT, "ZRANGE key index index [REV] [WITHSCORES]", "ZRANGE key 0 -1 WITHSCORES")
                .rules(EXACT, "ZRANGE key bound bound BYSCORE [REV] [LIMIT signed signed] [WITHSCORES]")
                .rules(EXACT, "ZRANGE lexkey lex lex BYLEX [REV] [LIMIT signed signed] [WITHSCORES]")
                .rules(EXACT, "ZRANGESTORE key key index index [REV] [LIMIT 0 1]")
                .rules(EXACT, "ZRANGESTORE key key bound bound BYSCORE [REV] [LIMIT signed signed]")
                .rules(EXACT, "ZRANGESTORE key lexkey lex lex BYLEX [REV] [LIMIT signed signed]")
                .rules(EXACT, "ZREVRANGE key index index [WITHSCORES]")
                .rules(EXACT, "ZRANGEBYSCORE key bound bound [WITHSCORES] [LIMIT signed signed]")
                .rules(EXACT, "ZREVRANGEBYSCORE key bound bound [LIMIT signed signed] [WITHSCORES]")
                .rules(EXACT, "ZRANGEBYLEX lexkey lex lex [LIMIT signed signed]")
                .rules(EXACT, "ZREVRANGEBYLEX lexkey lex lex [LIMIT signed signed]")
                .rules(EXACT, "ZRANK key member", "ZREVRANK key member", "ZPOPMIN key [count]", "ZPOPMAX key [count]")
                .rules(EXACT, "ZMPOP keys {MIN|MAX} [COUNT count]", "ZREMRANGEBYRANK key index index")
                .rules(
                        EXACT,
                        "ZREMRANGEBYSCORE key bound bound",
                        "ZREMRANGEBYLEX lexkey lex lex",
                        "OBJECT ENCODING key")
                .rules(EXACT, "ZUNION keys [WEIGHTS (score)+] [AGGREGATE {SUM|MIN|MAX}] [WITHSCORES]")
                .rules(EXACT, "ZINTER keys [WEIGHTS (score)+] [AGGREGATE {SUM|MIN|MAX}] [WITHSCORES]")
                .rules(EXACT, "ZDIFF keys [WITHSCORES]", "ZDIFFSTORE key keys", "ZINTERCARD keys [LIMIT count]")
                .rules(EXACT, "ZUNIONSTORE key keys [AGGREGATE {SUM|MIN|MAX}]")
                .rules(EXACT, "ZINTERSTORE key keys [WEIGHTS (score)+] [AGGREGATE {SUM|MIN|MAX}]")
                .rules(EXACT, "ZUNION 2 key s1 [WITHSCORES]", "ZINTERSTORE key 2 s1 key", "DEL key", "TYPE key")
                .rules(RANDOM, "ZRANDMEMBER key [choices [WITHSCORES]]")
                .rules(SCAN, "ZSCAN key 0 [MATCH pattern] [COUNT count]", "ZSCAN key count [COUNT count]");
    }

    static Grammar strings() {
        return new Grammar("string")
                .rules(
                        EXACT,
                        "SET key value",
                        "SET key int",
                        "SET key value [{NX|XX}] [GET]",
                        "SET key value EX seconds")
                .rules(EXACT, "SET key value [KEEPTTL] [GET]", "SETNX key value", "SETEX key seconds value", "GET key")
                .rules(EXACT, "GETSET key value", "GETDEL key", "GETEX key [{PERSIST|EX seconds}]", "STRLEN key")
                .rules(EXACT, "APPEND key value", "INCR key", "DECR key", "INCRBY key int", "DECRBY key int")
                .rules(EXACT, "INCRBYFLOAT key float", "GETRANGE key index index", "SETRANGE key count value")
                .rules(EXACT, "MSET (key value)+", "MSETNX (key value)+", "MGET (key)+", "SUBSTR key index index")
                .rules(
                        EXACT,
                        "SETBIT key {7|100|-1|a|4294967296|70000} {0|1}",
                        "GETBIT key count",
                        "BITCOUNT key [index index [{BYTE|BIT}]]")
                .rules(EXACT, "BITPOS key {0|1} [index [index [{BYTE|BIT}]]]", "BITOP {AND|OR|XOR} bits key (key)+")
                .rules(EXACT, "BITOP NOT bits key", "GET bits", "TYPE key", "DEL key")
                .rules(
                        EXACT,
                        "SET key value {PX millis|EXAT moment|PXAT millismoment} [GET]",
                        "PSETEX key millis value")
                .rules(EXACT, "GETEX key {PX millis|EXAT moment|PXAT millismoment}")
                .rules(TIME, "TTL key", "PTTL key", "EXPIRETIME key", "PEXPIRETIME key");
    }

    static Grammar keys() {
        return new Grammar("string")
                .rules(
                        EXACT,
                        "SET key value",
                        "LPUSH l1 value",
                        "HSET h1 member value",
                        "SADD s1 member",
                        "ZADD z1 1 member")
                .rules(
                        EXACT,
                        "DEL (key)+",
                        "UNLINK (key)+",
                        "EXISTS (key)+",
                        "TYPE key",
                        "RENAME key key",
                        "RENAMENX key key")
                .rules(EXACT, "COPY key key [REPLACE]", "EXPIRE key seconds [{NX|XX|GT|LT}]", "PERSIST key", "DBSIZE")
                .rules(EXACT, "TOUCH (key)+", "EXPIREAT key 0", "RENAME l1 key", "COPY h1 key")
                .rules(EXACT, "COPY z1 key REPLACE", "COPY s1 key REPLACE", "RENAME z1 l1", "RENAME s1 h2")
                .rules(EXACT, "LRANGE key 0 -1", "LRANGE l1 0 -1", "SELECT {0|0|0|1|99999|a}", "OBJECT ENCODING key")
                .rules(EXACT, "PEXPIRE key millis [{NX|XX|GT|LT}]", "EXPIREAT key moment [{NX|XX|GT|LT}]")
                .rules(EXACT, "PEXPIREAT key millismoment [{NX|XX|GT|LT}]", "MOVE key {0|1|1|99999|a}")
                .rules(EXACT, "COPY key key DB {0|1|2|99999} [REPLACE]", "SWAPDB {0|1|a} {1|2|-1}")
                .rules(EXACT, "{FLUSHDB|FLUSHALL|FLUSHDB ASYNC|FLUSHALL SYNC|FLUSHALL NOW}")
                .rules(PAIRS, "HGETALL key")
                .rules(UNORDERED, "KEYS pattern", "SMEMBERS key")
                .rules(TIME, "TTL key", "PTTL key", "EXPIRETIME key", "PEXPIRETIME key")
                .rules(RANDOM, "RANDOMKEY")
                .rules(SCAN, "SCAN 0 [MATCH pattern] [COUNT count] [TYPE {string|list|hash|set|zset}]");
    }
}
