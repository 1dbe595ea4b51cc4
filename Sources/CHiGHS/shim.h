// SPDX-License-Identifier: MIT
#pragma once
#include <interfaces/highs_c_api.h>
