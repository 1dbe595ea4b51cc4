// SPDX-License-Identifier: MIT
#pragma once
#include <csv.h>
