// SPDX-License-Identifier: MIT
#pragma once
#include <modbus/modbus.h>
