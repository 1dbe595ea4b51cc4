// SPDX-License-Identifier: MIT
#pragma once
#include <libwebsockets.h>

// Macros that Swift does not import as they stand.
static const size_t web_headroom = LWS_PRE;
static const uint64_t web_explicit_hosts = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
static const uint64_t web_fail_bind = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
