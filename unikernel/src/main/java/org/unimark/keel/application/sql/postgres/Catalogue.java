// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** PostgreSQL's catalogues as views over SQLite's schema, as far as psql and JDBC look into them. */
@Rare
final class Catalogue {
    /** Number of a table: its row in the schema, above those that PostgreSQL keeps for itself. */
    private static final String OID = "CAST(s.rowid + 16384 AS INTEGER)";

    private static final String TYPE =
            "lower(trim(CASE WHEN instr(p.type, '(') > 0 THEN substr(p.type, 1, instr(p.type, '(') - 1)"
                    + " ELSE p.type END))";

    private static final String LENGTH = "CAST(substr(p.type, instr(p.type, '(') + 1) AS INTEGER)";

    private static final String SCALE =
            "CASE WHEN instr(p.type, ',') > 0 THEN CAST(substr(p.type, instr(p.type, ',') + 1) AS INTEGER) ELSE 0 END";

    static final String[] VIEWS = {
        "pg_namespace AS SELECT 2200 AS oid, 'public' AS nspname, 10 AS nspowner, NULL AS nspacl"
                + " UNION ALL SELECT 11, 'pg_catalog', 10, NULL UNION ALL SELECT 13000, 'information_schema', 10, NULL",
        "pg_database AS SELECT 1 AS oid, '" + Settings.DATABASE
                + "' AS datname, 10 AS datdba, 6 AS encoding, 'C' AS datcollate,"
                + " 'C' AS datctype, NULL AS daticulocale, 'c' AS datlocprovider, NULL AS datacl, FALSE AS datistemplate,"
                + " TRUE AS datallowconn, -1 AS datconnlimit, 1663 AS dattablespace",
        "pg_roles AS SELECT 10 AS oid, '" + Settings.OWNER
                + "' AS rolname, TRUE AS rolsuper, TRUE AS rolinherit, TRUE AS"
                + " rolcreaterole, TRUE AS rolcreatedb, TRUE AS rolcanlogin, -1 AS rolconnlimit, NULL AS rolvaliduntil,"
                + " FALSE AS rolreplication, TRUE AS rolbypassrls",
        "pg_am AS SELECT 2 AS oid, 'heap' AS amname UNION ALL SELECT 403, 'btree'",
        "pg_collation AS SELECT 100 AS oid, 'default' AS collname",
        "pg_description AS SELECT 0 AS objoid, 0 AS classoid, 0 AS objsubid, '' AS description WHERE FALSE",
        "pg_tablespace AS SELECT 1663 AS oid, 'pg_default' AS spcname",
        "pg_class AS SELECT " + OID
                + " AS oid, s.name AS relname, 2200 AS relnamespace, 0 AS reltype, 0 AS reloftype, 10 AS"
                + " relowner, CASE s.type WHEN 'index' THEN 403 WHEN 'table' THEN 2 ELSE 0 END AS relam, 0 AS reltablespace,"
                + " 0 AS reltoastrelid, EXISTS (SELECT 1 FROM sqlite_schema x WHERE x.type = 'index' AND x.tbl_name = s.name)"
                + " AS relhasindex, FALSE AS relisshared, 'p' AS relpersistence, CASE s.type WHEN 'table' THEN 'r' WHEN"
                + " 'index' THEN 'i' ELSE 'v' END AS relkind, 0 AS relchecks, FALSE AS relhasrules, FALSE AS relhastriggers,"
                + " FALSE AS relrowsecurity, FALSE AS relforcerowsecurity, FALSE AS relispartition, 'd' AS relreplident,"
                + " NULL AS relacl, NULL AS reloptions, NULL AS relpartbound, 0 AS relpages, -1 AS reltuples"
                + " FROM main.sqlite_schema s WHERE s.type IN ('table', 'view', 'index') AND s.name NOT LIKE 'sqlite_%'",
        "pg_type(oid, typname, typtext, typlen, typtype, typcollation, typbasetype, typnamespace, typtypmod, typnotnull, typelem, typdelim) AS SELECT *, 0, 0, 11, -1, FALSE, 0, ',' FROM ( VALUES (16, 'bool', 'boolean', 1, 'b'), (17, 'bytea', 'bytea', -1,"
                + " 'b'), (19, 'name', 'name', 64, 'b'), (20, 'int8', 'bigint', 8, 'b'), (21, 'int2', 'smallint', 2, 'b'), (23,"
                + " 'int4', 'integer', 4, 'b'), (25, 'text', 'text', -1, 'b'), (26, 'oid', 'oid', 4, 'b'), (114, 'json', 'json',"
                + " -1, 'b'), (700, 'float4', 'real', 4, 'b'), (701, 'float8', 'double precision', 8, 'b'), (1042, 'bpchar',"
                + " 'character', -1, 'b'), (1043, 'varchar', 'character varying', -1, 'b'), (1082, 'date', 'date', 4, 'b'), (1083,"
                + " 'time', 'time without time zone', 8, 'b'), (1114, 'timestamp', 'timestamp without time zone', 8, 'b'), (1184,"
                + " 'timestamptz', 'timestamp with time zone', 8, 'b'), (1700, 'numeric', 'numeric', -1, 'b'), (2950, 'uuid',"
                + " 'uuid', 16, 'b'))",
        "pg_attribute AS SELECT " + OID
                + " AS attrelid, p.name AS attname, t.oid AS atttypid, t.typlen AS attlen, p.cid + 1 AS"
                + " attnum, CASE WHEN instr(p.type, '(') = 0 THEN CASE t.oid WHEN 1042 THEN 5 ELSE -1 END WHEN t.oid = 1700 THEN"
                + " ((" + LENGTH + " << 16) | " + SCALE + ") + 4 WHEN t.oid IN (1042, 1043) THEN " + LENGTH
                + " + 4 ELSE -1"
                + " END AS atttypmod, p.\"notnull\" OR p.pk > 0 AS attnotnull, p.dflt_value IS NOT NULL AS atthasdef, FALSE AS"
                + " attisdropped, '' AS attidentity, '' AS attgenerated, 0 AS attcollation, '' AS attcompression, 'p' AS"
                + " attstorage, -1 AS attstattarget, p.pk AS attpk, NULL AS attacl, p.dflt_value AS attdefault"
                + " FROM main.sqlite_schema s, pragma_table_info(s.name) p, pg_type t WHERE s.type IN ('table', 'view') AND"
                + " s.name NOT LIKE 'sqlite_%' AND t.typname = CASE " + TYPE
                + " WHEN 'int' THEN 'int4' WHEN 'integer' THEN"
                + " 'int4' WHEN 'bigint' THEN 'int8' WHEN 'smallint' THEN 'int2' WHEN 'boolean' THEN 'bool' WHEN 'blob' THEN"
                + " 'bytea' WHEN 'real' THEN 'float4' WHEN 'float' THEN 'float8' WHEN 'double' THEN 'float8' WHEN 'double"
                + " precision' THEN 'float8' WHEN 'decimal' THEN 'numeric' WHEN 'char' THEN 'bpchar' WHEN 'character' THEN"
                + " 'bpchar' WHEN 'character varying' THEN 'varchar' WHEN 'datetime' THEN 'timestamp' ELSE CASE WHEN "
                + TYPE
                + " IN ('int2', 'int4', 'int8', 'bool', 'bytea', 'float4', 'float8', 'numeric', 'bpchar', 'varchar', 'date',"
                + " 'time', 'timestamp', 'timestamptz', 'uuid', 'json', 'name', 'oid') THEN " + TYPE
                + " ELSE 'text' END END",
        "pg_attrdef AS SELECT attrelid * 1000 + attnum AS oid, attrelid AS adrelid, attnum AS adnum, attdefault AS adbin FROM"
                + " pg_attribute WHERE atthasdef",
        "pg_index AS SELECT CAST(i.rowid + 16384 AS INTEGER) AS indexrelid, CAST(t.rowid + 16384 AS INTEGER) AS indrelid, l.\"unique\" AS indisunique,"
                + " l.origin = 'pk' OR i.name LIKE '%\\_pkey' ESCAPE '\\' AS indisprimary, FALSE AS indisclustered, TRUE AS"
                + " indisvalid, TRUE AS indisready, FALSE AS indisreplident, l.partial AS indpred, NULL AS indexprs,"
                + " NULL AS indoption, (SELECT count(*) FROM pragma_index_info(i.name)) AS indnatts, NULL AS indkey"
                + " FROM main.sqlite_schema t, pragma_index_list(t.name) l, main.sqlite_schema i WHERE t.type = 'table' AND"
                + " i.type = 'index' AND i.name = l.name AND i.name NOT LIKE 'sqlite_%'",
        "pg_index_text AS SELECT CAST(i.rowid + 16384 AS INTEGER) AS indexrelid, 'CREATE ' || CASE WHEN i.sql LIKE '%UNIQUE%' THEN 'UNIQUE ' ELSE"
                + " '' END || 'INDEX ' || i.name || ' ON public.' || i.tbl_name || ' USING btree (' || (SELECT"
                + " group_concat(name, ', ') FROM pragma_index_info(i.name)) || ')' AS indexdef FROM main.sqlite_schema i"
                + " WHERE i.type = 'index'",
        "pg_view_text AS SELECT " + OID
                + " AS oid, s.sql AS definition FROM main.sqlite_schema s WHERE s.type = 'view'",
        "pg_constraint AS SELECT indexrelid AS oid, '' AS conname, 'p' AS contype, indrelid AS conrelid, indexrelid AS conindid,"
                + " 0 AS confrelid, FALSE AS condeferrable, FALSE AS condeferred, 0 AS conparentid, 2200 AS connamespace,"
                + " 'PRIMARY KEY (' || (SELECT group_concat(p.name, ', ') FROM main.sqlite_schema i, pragma_index_info(i.name) p"
                + " WHERE i.rowid + 16384 = indexrelid) || ')' AS condef FROM pg_index WHERE indisprimary",
        "pg_settings AS SELECT 'max_index_keys' AS name, '32' AS setting",
        "information_schema_tables AS SELECT '" + Settings.DATABASE
                + "' AS table_catalog, 'public' AS table_schema, name AS"
                + " table_name, CASE type WHEN 'view' THEN 'VIEW' ELSE 'BASE TABLE' END AS table_type FROM main.sqlite_schema"
                + " WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'",
        "information_schema_columns AS SELECT '" + Settings.DATABASE
                + "' AS table_catalog, 'public' AS table_schema, c.relname"
                + " AS table_name, a.attname AS column_name, a.attnum AS ordinal_position, a.attdefault AS column_default,"
                + " CASE WHEN a.attnotnull THEN 'NO' ELSE 'YES' END AS is_nullable, t.typtext AS data_type, t.typname AS"
                + " udt_name FROM pg_attribute a, pg_class c, pg_type t WHERE c.oid = a.attrelid AND t.oid = a.atttypid"
    };

    private Catalogue() {}
}
