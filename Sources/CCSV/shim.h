// SPDX-License-Identifier: MIT
#pragma once
#include <csv.h>
#include <time.h>

// Swift sees the C library without the X/Open functions; fields with times are read by this one.
char *strptime(const char *text, const char *format, struct tm *parts);
