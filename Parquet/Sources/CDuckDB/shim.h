// SPDX-License-Identifier: MIT
// The part of DuckDB's stable C API that is used here; the wheel that carries the library has no
// header. Source: duckdb.org/docs/stable/clients/c/api.
#pragma once
#include <stdint.h>

typedef struct _duckdb_database { void *internal_ptr; } *duckdb_database;
typedef struct _duckdb_connection { void *internal_ptr; } *duckdb_connection;
typedef struct {
  uint64_t deprecated_column_count, deprecated_row_count, deprecated_rows_changed;
  void *deprecated_columns;
  char *deprecated_error_message;
  void *internal_data;
} duckdb_result;

int32_t duckdb_open_ext(const char *path, duckdb_database *database, void *config, char **error);
void duckdb_close(duckdb_database *database);
void duckdb_free(void *pointer);
int32_t duckdb_connect(duckdb_database database, duckdb_connection *connection);
void duckdb_disconnect(duckdb_connection *connection);
int32_t duckdb_query(duckdb_connection connection, const char *sql, duckdb_result *result);
const char *duckdb_result_error(duckdb_result *result);
void duckdb_destroy_result(duckdb_result *result);
