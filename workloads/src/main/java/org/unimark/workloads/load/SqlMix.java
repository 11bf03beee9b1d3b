// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tables whose content follows from the number of the row, so that every answer can be checked, and three kinds of work on
 * them: a row by its key, pgbench's transaction (TPC-B-like), and a question with a join, groups and an order. The first two
 * are simple queries, or statements that each connection prepares once; the question is a simple query.
 *
 * Counts the transactions that were acknowledged.
 */
public final class SqlMix {
    private static final int BATCH = 500;
    private static final int ITEMS_SHARE = 10;
    private static final int CATEGORIES = 20;
    private static final int DAYS = 60;
    private static final int FIRST_DAY = 10;
    private static final int LAST_DAY = 39;
    private static final int PRICES = 997;
    private static final int QUANTITIES = 9;
    private static final int TIMEOUT_SECONDS = 60;

    static final int TELLERS_OF_BRANCH = 10;
    static final int BRANCHES = 10;

    static final String QUESTION = "SELECT i.category, count(*) AS orders, sum(o.quantity * i.price) AS revenue"
            + " FROM orders o JOIN items i ON i.id = o.item WHERE o.day BETWEEN " + FIRST_DAY + " AND " + LAST_DAY
            + " GROUP BY i.category ORDER BY revenue DESC, i.category";

    private static final List<String> TABLES = List.of(
            "CREATE TABLE items (id INTEGER PRIMARY KEY, category INTEGER NOT NULL, price INTEGER NOT NULL, name TEXT)",
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, item INTEGER NOT NULL, quantity INTEGER NOT NULL, day INTEGER)",
            "CREATE TABLE branches (bid INTEGER PRIMARY KEY, bbalance INTEGER NOT NULL)",
            "CREATE TABLE tellers (tid INTEGER PRIMARY KEY, bid INTEGER, tbalance INTEGER NOT NULL)",
            "CREATE TABLE accounts (aid INTEGER PRIMARY KEY, bid INTEGER, abalance INTEGER NOT NULL, filler CHAR(84))",
            "CREATE TABLE history (tid INTEGER, bid INTEGER, aid INTEGER, delta INTEGER, mtime TIMESTAMP)");

    private final int rows;
    /** Transactions of all connections that the server has answered. */
    final AtomicLong acknowledged = new AtomicLong();

    /** @param rows orders; a tenth as many items, and as many accounts, each a table of its own */
    public SqlMix(int rows) {
        this.rows = rows;
    }

    public int rows() {
        return rows;
    }

    /** One row of the answer to {@link #QUESTION}. */
    private record Group(int category, long orders, long revenue) {}

    /** A row of a table. */
    private interface Row {
        String of(int number);
    }

    /** Rows of the table of items. */
    public int items() {
        return Math.max(1, rows / ITEMS_SHARE);
    }

    int accounts() {
        return rows;
    }

    private static int category(int item) {
        return item * 7 % CATEGORIES;
    }

    private static int price(int item) {
        return 1 + item * 13 % PRICES;
    }

    private int itemOf(int order) {
        return 1 + (int) (order * 31L % items());
    }

    private static int quantity(int order) {
        return 1 + order * 17 % QUANTITIES;
    }

    /** As PostgreSQL pads it, too: as long as its column. */
    static String filler(int account) {
        return String.format("%084d", account);
    }

    /** Makes and fills the tables over JDBC. */
    public void fill(String host, int port) throws SQLException {
        try (Connection connection = connect(host, port);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String table : TABLES) {
                statement.executeUpdate(table);
            }
            insert(statement, "items", items(), i -> i + "," + category(i) + "," + price(i) + ",'item " + i + "'");
            insert(statement, "orders", rows, i -> i + "," + itemOf(i) + "," + quantity(i) + "," + i % DAYS);
            insert(statement, "branches", BRANCHES, i -> i + ",0");
            insert(statement, "tellers", BRANCHES * TELLERS_OF_BRANCH, i -> i + "," + branchOfTeller(i) + ",0");
            insert(statement, "accounts", accounts(), i -> i + "," + branchOfAccount(i) + ",0,'" + filler(i) + "'");
            connection.commit();
            connection.setAutoCommit(true);
            statement.executeUpdate("ANALYZE");
        }
    }

    static int branchOfTeller(int teller) {
        return 1 + (teller - 1) / TELLERS_OF_BRANCH;
    }

    private static int branchOfAccount(int account) {
        return 1 + account % BRANCHES;
    }

    private static void insert(Statement statement, String table, int count, Row row) throws SQLException {
        for (int first = 1; first <= count; first += BATCH) {
            StringBuilder text = new StringBuilder("INSERT INTO ").append(table).append(" VALUES ");
            for (int i = first; i < first + BATCH && i <= count; i++) {
                text.append(i == first ? "(" : ",(").append(row.of(i)).append(')');
            }
            int inserted = statement.executeUpdate(text.toString());
            if (inserted != Math.min(BATCH, count - first + 1)) {
                throw new SQLException("of a batch of rows of " + table + " only " + inserted + " were inserted");
            }
        }
    }

    /**
     * What is wrong after transactions, or null: money moved, but there is neither more nor less of it, and no transaction
     * is missing that was acknowledged. One of each connection may have been cut off and yet be there.
     */
    public String audit(String host, int port) throws SQLException {
        try (Connection connection = connect(host, port);
                Statement statement = connection.createStatement();
                ResultSet sums = statement.executeQuery("SELECT (SELECT sum(abalance) FROM accounts),"
                        + " (SELECT sum(tbalance) FROM tellers), (SELECT sum(bbalance) FROM branches),"
                        + " (SELECT sum(delta) FROM history), (SELECT count(*) FROM history)")) {
            sums.next();
            long accounts = sums.getLong(1);
            boolean balanced =
                    sums.getLong(2) == accounts && sums.getLong(3) == accounts && sums.getLong(4) == accounts;
            long transactions = sums.getLong(5);
            if (!balanced) {
                return "its accounts, tellers, branches and history have different sums";
            }
            return transactions < acknowledged.get()
                    ? "of " + acknowledged + " transactions its history has " + transactions
                    : null;
        }
    }

    private static Connection connect(String host, int port) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "unimark");
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("socketTimeout", Integer.toString(TIMEOUT_SECONDS));
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/unimark", properties);
    }

    /** Rows of accounts, each by another key: items may be so few that PostgreSQL reads all of them instead. */
    public Protocol pointReads(boolean prepared) {
        return new SqlWork((number, pipeline) -> new SqlMixDialogues.PointReads(this, prepared, number));
    }

    /** pgbench's built-in transaction, seven queries one after another. */
    public Protocol transactions(boolean prepared) {
        return new SqlWork((number, pipeline) -> new SqlMixDialogues.Transactions(this, prepared, number));
    }

    /** The same question over and over. */
    public Protocol questions() {
        List<byte[]> answer = answer();
        return new SqlWork((number, pipeline) -> new SqlMixDialogues.Questions(answer));
    }

    /** The fields of all rows of the answer, computed here. */
    private List<byte[]> answer() {
        long[] orders = new long[CATEGORIES];
        long[] revenue = new long[CATEGORIES];
        for (int order = 1; order <= rows; order++) {
            int day = order % DAYS;
            if (day >= FIRST_DAY && day <= LAST_DAY) {
                int item = itemOf(order);
                orders[category(item)]++;
                revenue[category(item)] += (long) quantity(order) * price(item);
            }
        }
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < CATEGORIES; i++) {
            if (orders[i] > 0) {
                groups.add(new Group(i, orders[i], revenue[i]));
            }
        }
        groups.sort(Comparator.comparingLong(Group::revenue).reversed().thenComparing(Group::category));
        return groups.stream()
                .map(group -> SqlMixDialogues.row(
                        Long.toString(group.category), Long.toString(group.orders), Long.toString(group.revenue)))
                .toList();
    }
}
